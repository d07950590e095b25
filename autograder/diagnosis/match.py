"""Known mistakes whose outputs equal those of an answer in every case."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.checks.trial import CaseResult, Trial
from autograder.diagnosis.counterfactual import Counterfactuals
from autograder.diagnosis.evidence import gather
from autograder.diagnosis.known_mistakes import KnownMistakes
from autograder.diagnosis.redraw import redrawn_trial
from autograder.implementation import Raised, Returned
from autograder.numeric.compare import same
from autograder.report.report import Finding
from autograder.spec.exercise import Mistake
from autograder.spec.function import Case, Function

_CERTAIN = 30
"""Significance below which equal outputs could be a coincidence, so that redrawn variants are compared too."""


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
    if not fits or finding.output is None or trial.variant.recorded or not _is_weak(trial, function, finding.output):
        return fits
    return [pair for pair in fits if all(_equals_redrawn(pair[0], finding, function, trial, n) for n in (1, 2))]


def _is_weak(trial: Trial, function: Function, output: str) -> bool:
    with np.errstate(all="ignore"):
        evidence = gather(trial, function, output, Counterfactuals(trial, KnownMistakes(trial.variant)))
        return evidence.significance < _CERTAIN


def _equals_redrawn(mistake: Mistake, finding: Finding, function: Function, trial: Trial, number: int) -> bool:
    """Return whether the mistake equals the answer on a redrawn variant."""
    redrawn = redrawn_trial(trial, function, number)
    known = trial.once(f"{mistake.name} redrawn {number}", lambda: KnownMistakes(redrawn.variant).trial_of(mistake))
    return _agree(function, redrawn, known, finding.output)


def _most_similar(function: Function, trial: Trial, fits: list[tuple[Mistake, Trial]]) -> Mistake | None:
    if len(fits) < 2:
        return fits[0][0] if fits else None
    agreements = [sum(_agree(function, trial, known, output) for output in function.outputs) for _, known in fits]
    best = [mistake for (mistake, _), count in zip(fits, agreements, strict=True) if count == max(agreements)]
    return best[0] if len(best) == 1 else None


def _explains(finding: Finding, function: Function, answer: Trial, known: Trial) -> bool:
    output = finding.output if finding.check in ("values", "gradient") else None
    if not _agree(function, answer, known, output):
        return False
    seen = [answer.call_case(function, case) for case in _cases(function)]
    # An exception in every case proves little: then its message must be equal too.
    return any(item.outputs is not None for item in seen) or _messages(seen) == _messages(
        [known.call_case(function, case) for case in _cases(function)]
    )


def _cases(function: Function) -> Iterator[Case]:
    """Yield every case of the function, those of numerical stability included."""
    yield from function.cases
    yield from function.stable_cases


def _agree(function: Function, answer: Trial, known: Trial, output: str | None) -> bool:
    """Return whether answer and mistake agree in every case: in one output, or in everything."""
    return all(
        _equal(answer.call_case(function, case), known.call_case(function, case), output) for case in _cases(function)
    )


def _messages(seen: list[CaseResult]) -> list[str]:
    return [item.outcome.message if isinstance(item.outcome, Raised) else "" for item in seen]


def _equal(answer: CaseResult, known: CaseResult, output: str | None) -> bool:
    if answer.outputs is None or known.outputs is None:
        return _equal_failures(answer, known)
    if output is None:
        return answer.changed == known.changed and same(answer.outputs, known.outputs)
    return same([step[output] for step in answer.outputs], [step[output] for step in known.outputs])


def _equal_failures(answer: CaseResult, known: CaseResult) -> bool:
    if answer.outputs is not None or known.outputs is not None:
        return False
    if isinstance(answer.outcome, Raised) and isinstance(known.outcome, Raised):
        return answer.outcome.kind == known.outcome.kind
    if isinstance(answer.outcome, Returned) and isinstance(known.outcome, Returned):
        return same(answer.outcome.value, known.outcome.value)
    return False
