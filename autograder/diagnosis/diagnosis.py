"""Diagnosis of failing findings; it gives no hint where nothing is proven, and it never changes a score.

The order: a known mistake or convention with the same output; a hypothesis that explains every number; a wrong forward
whose exact derivative the backward is; a hypothesis that narrows the search (docs/decisions/0009).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checks import CHECKS
from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial, WorkSpent
from autograder.diagnosis import answers
from autograder.diagnosis.clues import circumstances, difference_quotient, probes, regions, residuals, state_errors
from autograder.diagnosis.evidence import Evidence, KnownMistakes, as_array, gather, leaves
from autograder.diagnosis.factors import factor, inputs_as_factors, simple_terms
from autograder.diagnosis.forms import permuted, shapes, steps, sums
from autograder.diagnosis.hypothesis import Hypothesis, only_failing
from autograder.diagnosis.other_inputs import compounds, other_inputs
from autograder.diagnosis.other_shapes import can_redraw, other_shapes, redrawn_trial
from autograder.diagnosis.repairs import possible_repairs, repairs_of
from autograder.diagnosis.terms import equalities, invariants, terms, weighted_terms
from autograder.errors import Unrecorded
from autograder.implementation import Raised, Returned
from autograder.numeric.compare import mismatch, same
from autograder.report.report import Finding
from autograder.sandbox.inside.loader import MESSAGE
from autograder.spec.exercise import Mistake
from autograder.spec.function import Free, Function
from autograder.spec.small import NEIGHBOURHOODS

Family = Callable[[Evidence], Iterator[Hypothesis | None]]

_COMPLETE: tuple[Family, ...] = (difference_quotient, shapes, sums, permuted, factor, inputs_as_factors, simple_terms,
                                 terms, other_inputs, weighted_terms, steps, compounds)  # fmt: skip
_INCOMPLETE: tuple[Family, ...] = (state_errors, difference_quotient, regions, invariants, residuals, probes)
_LAST: tuple[Family, ...] = (circumstances, equalities)


def explain(evidence: Evidence) -> Hypothesis | None:
    """Return the first confirmed hypothesis that explains every number in all cases or, if a proven circumstance names
    the failing cases or there are several that are not all zeros, every number in the failing cases; else None."""
    if not evidence.is_significant:
        return None
    some = only_failing(evidence) if 0 < len(evidence.failing) < len(evidence.items) else evidence
    told = some is not evidence and any(item.got is not None and item.got.any() for item in some.items)
    views = (evidence, some) if some.circumstance or (told and len(evidence.failing_cases) > 1) else (evidence,)
    return next(filter(None, (_first_confirmed(evidence, view, _COMPLETE) for view in views)), None)


def _first_confirmed(evidence: Evidence, view: Evidence, families: tuple[Family, ...]) -> Hypothesis | None:
    """Return the first confirmed hypothesis about a view of the evidence, or None; WorkSpent beyond the budget."""
    with np.errstate(all="ignore"):
        for hypothesis in (found for family in families for found in family(view)):
            evidence.spend()
            if hypothesis is not None and _is_confirmed(hypothesis, evidence):
                return hypothesis
    return None


def _is_confirmed(hypothesis: Hypothesis, evidence: Evidence) -> bool:
    """Return whether the hypothesis holds on a redrawn variant, and on other shapes wherever the answer fails there.

    Nothing is confirmed where the answer was stopped, or where a record holds no redrawn variant.
    """
    if evidence.was_stopped or not can_redraw(evidence.trial.variant):
        return False
    redrawn = _evidence_on(redrawn_trial(evidence.trial, evidence.function), evidence)
    if not redrawn.failing_cases or not _holds(hypothesis, redrawn):
        return False
    for number in range(1, NEIGHBOURHOODS + 1):
        trial = other_shapes(evidence.trial, evidence.function, number)
        other = None if trial is None else _evidence_on(trial, evidence)
        if other is None or (other.failing_cases and not _holds(hypothesis, other)):
            return False
    return True


def _evidence_on(trial: Trial, evidence: Evidence) -> Evidence:
    """Return the evidence about the same output, gathered on another trial of the answer."""
    function, output = trial.exercise.function(evidence.function.name), evidence.output
    return trial.once(f"evidence {function.name} {output}", lambda: gather(
        trial, function, output, KnownMistakes(trial.variant)))  # fmt: skip


def _holds(hypothesis: Hypothesis, other: Evidence) -> bool:
    """Return whether the hypothesis holds for other evidence; False where a record lacks the data for its test."""
    other.spend()
    try:
        return hypothesis.holds(other)
    except Unrecorded:
        return False


_NUMBERS = ("values", "gradient")
_VAGUE = ("too long", "too short")
"""Hypotheses that explain every number but not its cause; a repair of the code is told instead, if there is one."""
_GRADED = {name for name, check in CHECKS.items() if check.earns != "nothing" and not check.alone}


def diagnose(trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes) -> tuple[Finding, ...]:
    """Return the findings, with hint and diagnosis where a failure is explained and the name of a known mistake."""
    known = explain_findings(trial, findings, known_mistakes)
    return tuple(_with_hint(f, known[i], trial.exercise.function(f.function).outputs) if i in known else f
                 for i, f in enumerate(findings))  # fmt: skip


def explain_findings(trial: Trial, findings: tuple[Finding, ...],
                     known_mistakes: KnownMistakes) -> dict[int, Mistake | Hypothesis]:  # fmt: skip
    """Return the explanation of each failing finding that has one, by the index of the finding."""
    known: dict[int, Mistake | Hypothesis] = {}
    for function in trial.exercise.functions:
        failing = [i for i, f in enumerate(findings) if f.function == function.name and needs_hint(f)]
        named = name_mistakes(trial, function, [findings[i] for i in failing], known_mistakes) if failing else []
        for i, mistake in zip(failing, named, strict=True):
            found = mistake or _proven_hypothesis(trial, function, findings, findings[i], known_mistakes)
            known |= {i: found} if found else {}
    return known


def needs_hint(finding: Finding) -> bool:
    """Return whether the finding failed in a check that can be diagnosed."""
    return finding.check in _GRADED and finding.status in ("failed", "error")


def _proven_hypothesis(trial: Trial, function: Function, findings: tuple[Finding, ...], finding: Finding,
                       known_mistakes: KnownMistakes) -> Hypothesis | None:  # fmt: skip
    """Return the strongest proven hypothesis about an output that no known mistake explains; None without one."""
    output = finding.output
    if finding.status == "error" and (words := answers.explain_left_out(trial, finding)):
        return _stated("exception", words)
    if finding.check == "stability" and len(function.outputs) == 1:
        return _stated("bound", answers.explain_bound(trial, function, *function.outputs))
    if finding.check not in _NUMBERS or output is None:
        return None
    try:
        if words := answers.explain_whole(trial, function, output):
            return Hypothesis("pattern", "answer", words)
        raised = answers.explain_exception(trial, function, finding.case) if finding.status == "error" else ""
        if words := answers.explain_own_forward(trial, function, findings, raises=bool(raised)):
            return Hypothesis("consistency", "own forward", words)
        evidence = gather(trial, function, output, known_mistakes)
        drawn = any(case.name in evidence.failing_cases and answers.draws(trial, function, case, output)
                    for case in function.cases)  # fmt: skip
        complete = None if drawn else explain(evidence)
        if complete and complete.name not in _VAGUE:
            return complete
        return (_stated("repair", repairs_of(trial, function).get(output, ""))
                or complete or _stated("unread", answers.explain_unread(trial, function))
                or _follows_from_forward(function, findings)
                or (None if drawn else _first_confirmed(evidence, evidence, _INCOMPLETE))
                or _stated("repair", possible_repairs(trial, function).get(output, ""))
                or (None if drawn else _first_confirmed(evidence, evidence, _LAST))
                or _stated("exception", raised))  # fmt: skip
    except WorkSpent:
        return None


def _stated(name: str, words: str) -> Hypothesis | None:
    """Return a hypothesis with these words, which need no further proof; None for empty words."""
    return Hypothesis("pattern", name, words) if words else None


def _with_hint(finding: Finding, known: Mistake | Hypothesis, outputs: Iterable[str]) -> Finding:
    """Return the finding with the hint; one of a known mistake that names other outputs alone gets an introduction."""
    if isinstance(known, Hypothesis):
        return replace(finding, hint=known.words, diagnosis=known.kind)
    named = {name for name in outputs if re.search(rf"\b{re.escape(name)}\b", known.hint)}
    elsewhere = finding.output is not None and named and finding.output not in named
    hint = f"{finding.output} is wrong by this mistake too: {known.hint}" if elsewhere else known.hint
    kind = "convention" if known.convention else "mistake"
    return replace(finding, mistake=known.name, hint=hint, diagnosis=kind)


def _follows_from_forward(function: Function, findings: tuple[Finding, ...]) -> Hypothesis | None:
    """Return the hypothesis that backward is the exact derivative of the student's own wrong forward."""
    exact = any(f.check == "consistency" and f.function == function.name and f.status == "passed" for f in findings)
    return Hypothesis("consistency", "consistency", (
        f"This follows from your own {function.forward.name}, whose exact derivative it is: repair that first, then "
        "see what changes here.")) if exact and function.forward else None  # fmt: skip


_CERTAIN = 30
"""Significance below which equal outputs could be a coincidence, so that other variants are compared too."""

_MESSAGES = 2
"""Least number of different messages, such as those with the sizes of a case, by which exceptions count as equal."""


def name_mistakes(trial: Trial, function: Function, findings: list[Finding],
                  known_mistakes: KnownMistakes) -> list[Mistake | None]:  # fmt: skip
    """Return the known mistake that explains each failing finding of the function.

    Of several mistakes it is the one that equals the answer in the most outputs, right ones included; None for a tie.
    """
    return [_most_similar(function, trial, _matching(known_mistakes, finding, function, trial)) for finding in findings]


def _matching(known: KnownMistakes, finding: Finding, function: Function, trial: Trial) -> list[tuple[Mistake, Trial]]:
    """Return the known mistakes with the finding's results, on other variants too if these could coincide by chance."""
    fits = [pair for pair in known.in_function(function) if _explains(finding, function, trial, pair[1])]
    if not fits or finding.output is None:
        return fits
    with np.errstate(all="ignore"):
        if gather(trial, function, finding.output, known).significance >= _CERTAIN:
            return fits

    def agrees(mistake: Mistake, number: int) -> bool:
        redrawn = redrawn_trial(trial, function, number)
        other = trial.once(f"{mistake.name} redrawn {number}", lambda: KnownMistakes(redrawn.variant).trial_of(mistake))
        return _agree(function, redrawn, other, _compared(finding, function, other))

    try:
        return [(mistake, other) for mistake, other in fits if all(agrees(mistake, number) for number in (1, 2))]
    except Unrecorded:
        return fits


def _most_similar(function: Function, trial: Trial, fits: list[tuple[Mistake, Trial]]) -> Mistake | None:
    agreements = [sum(_agree(function, trial, known, (output,)) for output in function.outputs) for _, known in fits]
    best = [mistake for (mistake, _), count in zip(fits, agreements, strict=True) if count == max(agreements)]
    return best[0] if len(best) == 1 else None


def _explains(finding: Finding, function: Function, answer: Trial, known: Trial) -> bool:
    outputs = _compared(finding, function, known)
    return _agree(function, answer, known, outputs) and (
        outputs is None or any(_is_evidence(function, answer, output) for output in outputs)
    )


def _compared(finding: Finding, function: Function, known: Trial) -> tuple[str, ...] | None:
    """Return the outputs to compare with a mistake: the finding's, and those that the mistake gets wrong, which are all
    if it raises; None for a finding about the whole function."""
    free = any(isinstance(case.accept.get(finding.output or ""), Free) for case in function.cases)  # judged together
    if finding.check not in ("values", "gradient") or finding.output is None or free:
        return None
    seen = _results(function, known)
    wrong = known.once(f"wrong outputs {function.name}", lambda: [
        name for name in function.outputs if any(examine(known, item, name) for item in seen)])  # fmt: skip
    return tuple(dict.fromkeys((finding.output, *wrong)))


def _results(function: Function, trial: Trial) -> list[CaseResult]:
    """Return the results in every case of the function, those of numerical stability included."""
    return [trial.call_case(function, case) for case in (*function.cases, *function.stable_cases)]


def _is_evidence(function: Function, answer: Trial, output: str) -> bool:
    """Return whether equal values of this output, or equal exceptions, of an answer and a mistake are no coincidence.

    Equal exceptions alone prove nothing, because another mistake can raise in the same cases; messages with sizes do.
    """
    seen = _results(function, answer)
    if any(item.outputs is None and isinstance(item.outcome, Returned) and item.outcome.value is not None
           for item in seen):  # fmt: skip
        return True  # the number of results is wrong: they are compared as a whole
    if len({item.outcome.message for item in seen if isinstance(item.outcome, Raised)} - {""}) >= _MESSAGES:
        return True
    return any(_is_wrong_number(got, want) or (got is None and place and step[output] is not None)
               or (output in item.case.accept and (array := as_array(got)) is not None and np.all(np.isfinite(array)))
               for item in seen if item.outputs is not None and examine(answer, item, output)
               for step, call in zip(item.outputs, item.calls, strict=False)
               for place, got, want in leaves(step[output], call.expected[output]))  # fmt: skip


def _is_wrong_number(raw: Any, expected: Any) -> bool:
    """Return whether a value differs from the expected one in other ways than by nan everywhere: in type, shape or
    numbers, or by nan beside right numbers."""
    got, want = as_array(raw), np.asarray(expected, np.float64)
    if got is None or got.shape != want.shape:
        return raw is not None
    off, nan = mismatch(got, want), ~np.isfinite(got)
    beside = np.any(off & nan) and np.any(~off & ~nan)
    return bool(np.any(off & ~nan) or beside) or np.asarray(raw).dtype != np.asarray(expected).dtype


def _agree(function: Function, answer: Trial, known: Trial, outputs: tuple[str, ...] | None) -> bool:
    """Return whether answer and mistake agree in every case in these outputs; None: in all results."""
    cases = (*function.cases, *function.stable_cases)
    return all(_equal(answer.call_case(function, case), known.call_case(function, case), outputs) for case in cases)


def _equal(answer: CaseResult, known: CaseResult, outputs: tuple[str, ...] | None) -> bool:
    if answer.outputs is not None and known.outputs is not None:
        if outputs is None:
            return answer.changed == known.changed and same(answer.outputs, known.outputs)
        return all(same([step[name] for step in answer.outputs], [step[name] for step in known.outputs])
                   for name in outputs)  # fmt: skip
    if answer.outputs is not None or known.outputs is not None:
        return False
    mine, theirs = answer.outcome, known.outcome
    if isinstance(mine, Raised) and isinstance(theirs, Raised):  # as much of the message as a worker reports
        return mine.kind == theirs.kind and mine.message[:MESSAGE] == theirs.message[:MESSAGE]
    return isinstance(mine, Returned) and isinstance(theirs, Returned) and same(mine.value, theirs.value)
