"""The feedback that a student gets on a graded answer.

The graded run decides the points of each finding. Its messages could reveal hidden inputs, so they are dropped, except
those of a fixed set (docs/security.md). All others come from a run of the answer in a second process on a shown
variant, whose inputs are the same for everybody and no secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import floor

import numpy as np

from autograder.checks import CHECKS
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.implementation import Implementation
from autograder.report.report import Finding

SEEDS = (0, 1, 2)
"""Seeds of the shown variants; used is the first on which all fails that failed in the graded run, else the first."""
ANSWER_CASES = 3
"""Number of cases that the hash of a wrong answer covers; right outputs do not make different answers equal."""
EXPLAINING = frozenset(name for name, check in CHECKS.items() if not check.listed)
"""Checks that explain a failure and earn nothing; they are made on the shown variant alone."""
_TOLD = ("ratio", "fast", "fair", "accuracy", "bar")
_WORDS = {
    "failed": "{} is wrong on inputs that are not shown.",
    "error": "{} raises an exception or is stopped on inputs that are not shown.",
}

Findings = tuple[Finding, ...]


@dataclass(frozen=True)
class Shown:
    """The answer in a second process, and the shown variants, from which the messages of a report are made."""

    implementation: Implementation
    """The answer in a process that never meets a hidden input."""
    variant: Callable[[int], Variant]
    """The exercise with one of SEEDS."""


def trial_to_tell(
    shown: Shown, graded: Trial, findings: Findings, run: Callable[[Trial], Findings]
) -> tuple[Trial, Findings]:
    """Return a trial and its findings: on the first shown variant where all fails that failed in the graded run.

    A function that the graded run reports as stopped counts as stopped here too, so that it is waited for once.
    """
    ended = {f.function for f in findings if f.status == "error"}
    stopped = {name: outcome for name, outcome in graded.stopped.items() if name in ended}
    made: list[tuple[Trial, Findings]] = []
    for seed in SEEDS:
        trial = Trial(shown.variant(seed), shown.implementation, stopped=dict(stopped))
        made.append((trial, run(trial)))
        pairs = [(finding, _counterpart(made[-1][1], finding)) for finding in findings if is_failing(finding)]
        if all(other and (other.status, other.score) == (each.status, each.score) for each, other in pairs):
            return made[-1]
    return made[0]


def merged(findings: Findings, told: Findings) -> Findings:
    """Return the graded findings with the messages of those on a shown variant, and the findings that only explain."""
    words = [_with_words(finding, _counterpart(told, finding)) for finding in findings]
    explaining = [finding for finding in told if finding.check in EXPLAINING]
    places = list(CHECKS)
    return tuple(sorted([*words, *explaining], key=lambda finding: places.index(finding.check)))


def is_failing(finding: Finding) -> bool:
    """Return whether the finding is a failure that the shown variant can explain; a measured time explains itself."""
    return finding.status in ("failed", "error") and not CHECKS[finding.check].varies


def concealed(finding: Finding) -> Finding:
    """Return a finding without the data that could reveal hidden inputs: lines, curves and all but rounded figures."""
    figures = {name: value for name, value in finding.figures.items() if name in _TOLD}
    if "accuracy" in figures:
        figures["accuracy"] = floor(100 * figures["accuracy"] + 1e-6) / 100  # never up, beyond a bar
    return replace(finding, series={}, figures=figures, line=None, cell=None)


def _counterpart(told: Findings, finding: Finding) -> Finding | None:
    """Return the finding in `told` on the same output that also fails, or also passes; None where there is none."""
    key, failing = (finding.check, finding.function, finding.output), is_failing(finding)
    return next((f for f in told if (f.check, f.function, f.output) == key and is_failing(f) == failing), None)


def _with_words(finding: Finding, other: Finding | None) -> Finding:
    if not is_failing(finding):
        return replace(finding, series=other.series if other else {})
    if other is None:
        named = finding.output if finding.status == "failed" and finding.check in ("values", "gradient") else None
        words = _WORDS[finding.status].format(named or finding.function)
        other = Finding(finding.check, finding.function, finding.status, finding.output, message=words)
    return replace(other, status=finding.status, score=finding.score, max_score=finding.max_score)


def with_answers(trial: Trial, findings: Findings) -> Findings:
    """Return the findings; those of unexplained wrong outputs with a hash of the values on a shown variant, by which
    equal wrong answers are found."""
    unexplained = [f for f in findings if f.status == "failed" and f.check in ("values", "gradient") and not f.mistake]
    return tuple(replace(f, answer=_answer(trial, f)) if f in unexplained else f for f in findings)


def _answer(trial: Trial, finding: Finding) -> str | None:
    """Return the hash of a wrong output's values; None if it is no array of numbers, or the same number everywhere."""
    function = trial.exercise.function(finding.function)
    seen = [trial.call_case(function, case) for case in function.cases[:ANSWER_CASES]]
    values = [step.get(str(finding.output)) for item in seen for step in item.outputs or ()]
    numbers = [value for value in values if isinstance(value, np.ndarray | float | int) and np.size(value)]
    if not any(np.size(value) > 1 and np.ptp(np.nan_to_num(np.asarray(value, float))) > 0 for value in numbers):
        return None
    # with six digits, so that another order of sums gives the same text
    texts = (f"{np.shape(value)} {' '.join(f'{number:.5e}' for number in np.ravel(value))}" for value in numbers)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
