"""Known mistakes whose outputs equal those of an answer in every case."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.diagnosis.evidence import Counterfactuals, KnownMistakes, as_array, gather, leaves, mismatch
from autograder.diagnosis.other_shapes import redrawn_trial
from autograder.errors import Unrecorded
from autograder.implementation import Raised, Returned
from autograder.numeric.compare import same
from autograder.report.report import Finding
from autograder.sandbox.inside.loader import MESSAGE
from autograder.spec.exercise import Mistake
from autograder.spec.function import Free, Function

_CERTAIN = 30
"""Significance below which equal outputs could be a coincidence, so that redrawn variants are compared too."""

_MESSAGES = 2
"""Least number of different messages that tell two exceptions for the same: those with the sizes of their case."""


def name_mistakes(
    trial: Trial, function: Function, findings: list[Finding], known_mistakes: KnownMistakes
) -> list[Mistake | None]:
    """Return the known mistake that explains each failing finding of the function.

    Of several, take the one that equals the answer in the most outputs, right ones included; None where two tie.
    """
    known = known_mistakes.in_function(function)
    return [_most_similar(function, trial, _matching(known, finding, function, trial)) for finding in findings]


def _matching(
    known: list[tuple[Mistake, Trial]], finding: Finding, function: Function, trial: Trial
) -> list[tuple[Mistake, Trial]]:
    """Return the known mistakes that explain the finding; on redrawn variants too if it could be a coincidence."""
    fits = [pair for pair in known if _explains(finding, function, trial, pair[1])]
    if not fits or finding.output is None:
        return fits
    with np.errstate(all="ignore"):
        counterfactuals = Counterfactuals(trial, KnownMistakes(trial.variant))
        if gather(trial, function, finding.output, counterfactuals).significance >= _CERTAIN:
            return fits
    try:
        return [pair for pair in fits if all(_equals_redrawn(pair[0], finding, function, trial, n) for n in (1, 2))]
    except Unrecorded:
        return fits


def _equals_redrawn(mistake: Mistake, finding: Finding, function: Function, trial: Trial, number: int) -> bool:
    """Return whether the mistake equals the answer on a redrawn variant."""
    redrawn = redrawn_trial(trial, function, number)
    known = trial.once(f"{mistake.name} redrawn {number}", lambda: KnownMistakes(redrawn.variant).trial_of(mistake))
    return _agree(function, redrawn, known, _compared(finding, function, known))


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
    """Return the finding's output and all that the mistake gets wrong, which is all of them where it raises; None for a
    finding about everything."""
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
    """Return whether equal values of this output, or equal exceptions, are no coincidence.

    An exception by itself is none: another mistake raises in the same cases. Messages that name the sizes are.
    """
    seen = _results(function, answer)
    if any(item.outputs is None and isinstance(item.outcome, Returned) and item.outcome.value is not None
           for item in seen):  # fmt: skip
        return True  # too many results, or too few, all of which are equal
    if len({item.outcome.message for item in seen if isinstance(item.outcome, Raised)} - {""}) >= _MESSAGES:
        return True
    return any(
        _is_wrong_number(got, want)
        or (got is None and place and step[output] is not None)
        or (output in item.case.accept and (array := as_array(got)) is not None and np.all(np.isfinite(array)))
        for item in seen if item.outputs is not None and examine(answer, item, output)
        for step, call in zip(item.outputs, item.calls, strict=False)
        for place, got, want in leaves(step[output], call.expected[output])
    )  # fmt: skip


def _is_wrong_number(raw: Any, expected: Any) -> bool:
    """Return whether a value is wrong by more than nan everywhere: it has another type or shape, wrong numbers, or nan
    at some places beside right numbers."""
    got, want = as_array(raw), np.asarray(expected, np.float64)
    if got is None or got.shape != want.shape:
        return raw is not None
    off, nan = mismatch(got, want), ~np.isfinite(got)
    beside = np.any(off & nan) and np.any(~off & ~nan)
    return bool(np.any(off & ~nan) or beside) or np.asarray(raw).dtype != np.asarray(expected).dtype


def _agree(function: Function, answer: Trial, known: Trial, outputs: tuple[str, ...] | None) -> bool:
    """Return whether answer and mistake agree in every case: in some outputs, or in everything."""
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
