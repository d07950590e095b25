"""Known mistakes whose outputs equal those of an answer in every case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.diagnosis.evidence import Counterfactuals, Evidence, KnownMistakes, as_array, gather, leaves, mismatch
from autograder.diagnosis.other_shapes import redrawn_trial
from autograder.errors import Unrecorded
from autograder.implementation import Raised, Returned
from autograder.numeric.compare import same
from autograder.report.report import Finding
from autograder.sandbox.inside.loader import MESSAGE
from autograder.spec.exercise import Mistake
from autograder.spec.function import Case, Free, Function

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


def wrong_outputs(trial: Trial, function: Function) -> tuple[str, ...]:
    """Return the outputs that an implementation gets wrong in some case; all of them where it raises."""
    seen = [trial.call_case(function, case) for case in _cases(function)]
    return trial.once(
        f"wrong outputs {function.name}",
        lambda: tuple(name for name in function.outputs if any(examine(trial, item, name) for item in seen)),
    )


def _matching(
    known: list[tuple[Mistake, Trial]], finding: Finding, function: Function, trial: Trial
) -> list[tuple[Mistake, Trial]]:
    """Return the known mistakes that explain the finding; on redrawn variants too if it could be a coincidence."""
    fits = [pair for pair in known if _explains(finding, function, trial, pair[1])]
    if not fits or finding.output is None or not _is_weak(trial, function, finding.output):
        return fits
    try:
        return [pair for pair in fits if all(_equals_redrawn(pair[0], finding, function, trial, n) for n in (1, 2))]
    except Unrecorded:
        return fits


def _is_weak(trial: Trial, function: Function, output: str) -> bool:
    return _evidence(trial, function, output).significance < _CERTAIN


def _evidence(trial: Trial, function: Function, output: str) -> Evidence:
    with np.errstate(all="ignore"):
        return gather(trial, function, output, Counterfactuals(trial, KnownMistakes(trial.variant)))


def _equals_redrawn(mistake: Mistake, finding: Finding, function: Function, trial: Trial, number: int) -> bool:
    """Return whether the mistake equals the answer on a redrawn variant."""
    redrawn = redrawn_trial(trial, function, number)
    known = trial.once(f"{mistake.name} redrawn {number}", lambda: KnownMistakes(redrawn.variant).trial_of(mistake))
    return _agree(function, redrawn, known, _compared(finding, function, known))


def _most_similar(function: Function, trial: Trial, fits: list[tuple[Mistake, Trial]]) -> Mistake | None:
    if len(fits) < 2:
        return fits[0][0] if fits else None
    agreements = [sum(_agree(function, trial, known, (output,)) for output in function.outputs) for _, known in fits]
    best = [mistake for (mistake, _), count in zip(fits, agreements, strict=True) if count == max(agreements)]
    return best[0] if len(best) == 1 else None


def _explains(finding: Finding, function: Function, answer: Trial, known: Trial) -> bool:
    outputs = _compared(finding, function, known)
    if not _agree(function, answer, known, outputs):
        return False
    return outputs is None or any(_is_evidence(function, answer, output) for output in outputs)


def _compared(finding: Finding, function: Function, known: Trial) -> tuple[str, ...] | None:
    """Return the finding's output and all that the mistake gets wrong; None for a finding about everything."""
    free = any(isinstance(case.accept.get(finding.output or ""), Free) for case in function.cases)  # judged together
    if finding.check not in ("values", "gradient") or finding.output is None or free:
        return None
    return tuple(dict.fromkeys((finding.output, *wrong_outputs(known, function))))


def _is_evidence(function: Function, answer: Trial, output: str) -> bool:
    """Return whether equal values of this output, or equal exceptions, are no coincidence.

    An exception by itself is none: another mistake raises in the same cases. Messages that name the sizes are.
    """
    seen = [answer.call_case(function, case) for case in _cases(function)]
    if any(item.outputs is None and isinstance(item.outcome, Returned) and item.outcome.value is not None
           for item in seen):  # fmt: skip
        return True  # too many results, or too few, all of which are equal
    if len({*_messages(seen)} - {""}) >= _MESSAGES:
        return True
    return any(
        _is_wrong_number(got, want)
        or (got is None and place and step[output] is not None)
        or (output in item.case.accept and _is_finite(got))
        for item in seen if item.outputs is not None and examine(answer, item, output)
        for step, call in zip(item.outputs, item.calls, strict=False)
        for place, got, want in leaves(step[output], call.expected[output])
    )  # fmt: skip


def _is_finite(raw: Any) -> bool:
    """Return whether a value that a judge refuses holds numbers."""
    got = as_array(raw)
    return got is not None and bool(np.all(np.isfinite(got)))


def _is_wrong_number(raw: Any, expected: Any) -> bool:
    """Return whether a value is wrong by more than nan everywhere: it has another type or shape, wrong numbers, or nan
    at some places beside right numbers."""
    got, want = as_array(raw), np.asarray(expected, np.float64)
    if got is None or got.shape != want.shape:
        return raw is not None
    off, nan = mismatch(got, want), ~np.isfinite(got)
    beside = np.any(off & nan) and np.any(~off & ~nan)
    return bool(np.any(off & ~nan) or beside) or np.asarray(raw).dtype != np.asarray(expected).dtype


def _cases(function: Function) -> Iterator[Case]:
    """Yield every case of the function, those of numerical stability included."""
    yield from function.cases
    yield from function.stable_cases


def _agree(function: Function, answer: Trial, known: Trial, outputs: tuple[str, ...] | None) -> bool:
    """Return whether answer and mistake agree in every case: in some outputs, or in everything."""
    return all(
        _equal(answer.call_case(function, case), known.call_case(function, case), outputs) for case in _cases(function)
    )


def _messages(seen: list[CaseResult]) -> list[str]:
    return [item.outcome.message if isinstance(item.outcome, Raised) else "" for item in seen]


def _equal(answer: CaseResult, known: CaseResult, outputs: tuple[str, ...] | None) -> bool:
    if answer.outputs is None or known.outputs is None:
        return _equal_failures(answer, known)
    if outputs is None:
        return answer.changed == known.changed and same(answer.outputs, known.outputs)
    return all(
        same([step[output] for step in answer.outputs], [step[output] for step in known.outputs]) for output in outputs
    )


def _message(outcome: Raised) -> str:
    """Return the message as far as a worker reports it."""
    return outcome.message[:MESSAGE]


def _equal_failures(answer: CaseResult, known: CaseResult) -> bool:
    if answer.outputs is not None or known.outputs is not None:
        return False
    if isinstance(answer.outcome, Raised) and isinstance(known.outcome, Raised):
        return answer.outcome.kind == known.outcome.kind and _message(answer.outcome) == _message(known.outcome)
    if isinstance(answer.outcome, Returned) and isinstance(known.outcome, Returned):
        return same(answer.outcome.value, known.outcome.value)
    return False
