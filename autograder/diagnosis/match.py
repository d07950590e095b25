"""Which known mistake is it? A failing output that equals a known mistake's output, in every case, bears its name."""

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

_LIGHT = 30
"""What is wrong weighs less than this where a few numbers could be the same by chance."""


def name_mistakes(
    trial: Trial, function: Function, findings: list[Finding], known_mistakes: KnownMistakes
) -> list[Mistake | None]:
    """The mistake of each of the function's failing findings. The one that equals the answer in most outputs, right
    ones too, has the word; where two do equally well on this paper, none has: a name is a claim."""
    known = known_mistakes.of(function)
    return [_best(function, trial, _fits(known, finding, function, trial)) for finding in findings]


def _fits(
    known: list[tuple[Mistake, Trial]], finding: Finding, function: Function, trial: Trial
) -> list[tuple[Mistake, Trial]]:
    """Those that explain the finding; where it takes little to do so by chance, on inputs drawn anew as well."""
    fits = [pair for pair in known if _explains(finding, function, trial, pair[1])]
    if not fits or finding.output is None or trial.variant.recorded or not _is_light(trial, function, finding.output):
        return fits
    return [pair for pair in fits if all(_stands(pair[0], finding, function, trial, n) for n in (1, 2))]


def _is_light(trial: Trial, function: Function, output: str) -> bool:
    with np.errstate(all="ignore"):
        return gather(trial, function, output, Counterfactuals(trial, KnownMistakes(trial.variant))).weight < _LIGHT


def _stands(mistake: Mistake, finding: Finding, function: Function, trial: Trial, number: int) -> bool:
    """Whether the two are the same on a twin of the paper too."""
    redrawn = redrawn_trial(trial, function, number)
    theirs = trial.once(f"{mistake.name} on twin {number}", lambda: KnownMistakes(redrawn.variant).sitting(mistake))
    return _alike(function, redrawn, theirs, finding.output)


def _best(function: Function, trial: Trial, fits: list[tuple[Mistake, Trial]]) -> Mistake | None:
    if len(fits) < 2:
        return fits[0][0] if fits else None
    likeness = [sum(_alike(function, trial, theirs, output) for output in function.outputs) for _, theirs in fits]
    best = [mistake for (mistake, _), like in zip(fits, likeness, strict=True) if like == max(likeness)]
    return best[0] if len(best) == 1 else None


def _explains(finding: Finding, function: Function, mine: Trial, theirs: Trial) -> bool:
    output = finding.output if finding.check in ("values", "gradient") else None
    if not _alike(function, mine, theirs, output):
        return False
    seen = [mine.call_case(function, case) for case in cases(function)]
    # An exception in every case is too common to be a name, unless its words are the same too.
    return any(item.outputs is not None for item in seen) or _words(seen) == _words(
        [theirs.call_case(function, case) for case in cases(function)]
    )


def cases(function: Function) -> Iterator[Case]:
    """All that the function is asked."""
    yield from function.cases
    yield from function.stable_cases


def _alike(function: Function, mine: Trial, theirs: Trial, output: str | None) -> bool:
    """Whether the two are the same over all cases: in one output, or in everything."""
    return all(
        _equal(mine.call_case(function, case), theirs.call_case(function, case), output) for case in cases(function)
    )


def _words(seen: list[CaseResult]) -> list[str]:
    return [item.outcome.message if isinstance(item.outcome, Raised) else "" for item in seen]


def _equal(mine: CaseResult, theirs: CaseResult, output: str | None) -> bool:
    if mine.outputs is None or theirs.outputs is None:
        return _same_failure(mine, theirs)
    if output is None:
        return mine.changed == theirs.changed and same(mine.outputs, theirs.outputs)
    return same([step[output] for step in mine.outputs], [step[output] for step in theirs.outputs])


def _same_failure(mine: CaseResult, theirs: CaseResult) -> bool:
    if mine.outputs is not None or theirs.outputs is not None:
        return False
    if isinstance(mine.outcome, Raised) and isinstance(theirs.outcome, Raised):
        return mine.outcome.kind == theirs.outcome.kind
    if isinstance(mine.outcome, Returned) and isinstance(theirs.outcome, Returned):
        return same(mine.outcome.value, theirs.outcome.value)
    return False
