"""The dataclasses of a report (docs/report-schema.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

SCHEMA = "handgrad/report/4"

Status = Literal["passed", "failed", "error", "slow", "skipped", "broken"]
STATUSES: tuple[Status, ...] = ("passed", "failed", "error", "slow", "skipped", "broken")

# Statuses, the worst first: findings together have the first one that occurs. A fault of the grader is the worst.
_RANK: tuple[Status, ...] = ("broken", "error", "failed", "slow", "skipped", "passed")

PENDING = "pending"
"""The check of the one finding of an exercise that the run did not reach. It is no defect, and no grade either."""


@dataclass(frozen=True)
class Array:
    """Numbers to show. values: flat, in C order; NaN and infinities are "nan", "inf" or "-inf"."""

    shape: tuple[int, ...]
    values: tuple[float | str, ...]


@dataclass(frozen=True)
class Example:
    """The smallest public input that still fails."""

    case: str
    """Name of the case."""
    output: str
    """The output shown, such as dw; of a list or a dict the first part that differs, such as dweights[1]."""
    inputs: Mapping[str, Array | str]
    """Argument → an array, or another value as Python text."""
    expected: Array
    """The right output."""
    yours: Array | None = None
    """The student's output; None if the call gave no array."""
    outcome: str = ""
    """Sentence on what happened, if the two arrays do not show it."""
    wrong: tuple[int, ...] = ()
    """Flat indices of the entries of `yours` that are wrong by the tolerance of the exercise, in order."""


@dataclass(frozen=True)
class Finding:
    """The result of one check on one output of one function."""

    check: str
    """Name of the check, such as values or gradient."""
    function: str
    """The student's function; "" for the whole file."""
    status: Status
    """The result of the check."""
    output: str | None = None
    """The output checked; None if the check concerns the function."""
    score: float = 0.0
    """Points earned."""
    max_score: float = 0.0
    """Points that can be earned; 0 for a finding that only explains."""
    message: str = ""
    """Sentences on what was found."""
    hint: str = ""
    """Sentences on what to try."""
    mistake: str | None = None
    """Name of the known mistake that gives the same results."""
    case: str | None = None
    """The first failing case."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Measured numbers, such as the speed ratio."""
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Curves of finite numbers, such as a loss over time."""
    diagnosis: str = ""
    """The basis of the hint, such as mistake, pattern or invariant; "" without one."""
    ladder: tuple[str, ...] = ()
    """Hints in order, the least specific first."""
    line: int | None = None
    """Line in the student's file, or in `cell` of a notebook."""
    cell: int | None = None
    """Cell of the notebook, counted from 1."""
    example: Example | None = None
    """The smallest failing example; None for hidden cases."""
    answer: str | None = None
    """A hash that is equal for equal wrong outputs; None if a known mistake explains the output."""


@dataclass(frozen=True)
class Mark:
    """The points that count under the rules of course.toml; the points of the findings are those earned."""

    score: float | None
    """Points that count; None if the grader failed."""
    max_score: float
    """Points that can count; 0 for an exercise that does not count."""
    days_late: int = 0
    """Days begun since the due date."""
    why: tuple[str, ...] = ()
    """The points earned and each rule that changed them, in words; empty if no rule did."""
    notes: tuple[str, ...] = ()
    """Doubts about the time of submission."""
    late_cost: float = 0.0
    """Points that lateness took away."""
    by_hand: bool = False
    """Whether the points of an exercise, or of some exercise of a report, are those of adjustments.csv."""


class _Marked:
    mark: Mark | None

    @property
    def why(self) -> str:
        """Return the points earned and the rules that changed them, in words; "" if no rule did."""
        return ", ".join(self.mark.why) if self.mark else ""


@dataclass(frozen=True)
class ExerciseReport(_Marked):
    """The findings and points of one exercise."""

    name: str
    """Name of the exercise."""
    unit: str
    """Unit of the exercise."""
    status: Status
    """The worst status of the findings."""
    score: float
    """Points earned."""
    max_score: float
    """Points that can be earned."""
    findings: tuple[Finding, ...] = ()
    """The findings of all checks."""
    source: str | None = None
    """SHA-256 of the submitted text."""
    variant: str | None = None
    """A code of the hidden inputs, from which they cannot be computed without the key; None without a key."""
    path: str | None = None
    """The file in the submission."""
    suite: str | None = None
    """SHA-256 of everything besides the text that the findings depend on."""
    mark: Mark | None = None
    """The points that count; None if course.toml has no rules."""

    @property
    def begun(self) -> bool:
        """Return whether something in the exercise was checked; its status may still be skipped.

        A right contract alone does not count, because students are given some functions.
        """
        right = any(finding.status == "passed" and finding.check != "contract" for finding in self.findings)
        return self.status != "skipped" or self.score > 0 or right or self._written

    @property
    def _written(self) -> bool:
        return {finding.status for finding in self.findings if finding.check == "contract"} == {"passed"}

    @property
    def state(self) -> str:
        """Return the status in words for people: skipped is half done, partly checked, not started or not handed in,
        and broken is not reached where the run stopped before it."""
        if self.status == "broken" and any(f.check == PENDING for f in self.findings):
            return "not reached"
        if self.status != "skipped":
            return self.status
        if not self.begun:
            return "not handed in" if self.source is None else "not started"
        return "partly checked" if self._written else "half done"


@dataclass(frozen=True)
class Report(_Marked):
    """The report of one graded submission."""

    submission: str
    """Name of the submitted folder or file."""
    tier: str
    """Confinement of the code: sealed, guarded or local, whose results are feedback and never a grade."""
    score: float
    """Points earned."""
    max_score: float
    """Points that can be earned."""
    exercises: tuple[ExerciseReport, ...]
    """The exercises in teaching order."""
    notes: tuple[str, ...] = ()
    """Facts about the submission, such as files that were not read."""
    engine: str = ""
    """Version of the engine."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Versions and machine that the numbers depend on."""
    submitted_at: str | None = None
    """Time of submission, ISO 8601 in UTC; None if unknown."""
    clock: str = ""
    """Source of that time (autograder/submission/folder.py)."""
    mac: str = ""
    """Message authentication code (autograder/report/json.py); "" for feedback and without a key."""
    mark: Mark | None = None
    """The points that count; None if course.toml has no rules."""
    schema: str = SCHEMA
    """Version of the JSON form."""

    @property
    def unreached(self) -> bool:
        """Return whether exercises are broken, and all of them only because the run stopped before it reached them."""
        return {each.state for each in self.exercises if each.status == "broken"} == {"not reached"}

    @property
    def status(self) -> Status:
        """Return the worst status of the exercises."""
        return worst(exercise.status for exercise in self.exercises)


def worst(statuses: Iterable[Status]) -> Status:
    """Return the first status of _RANK that occurs; skipped if there are none."""
    found = set(statuses)
    return next((status for status in _RANK if status in found), "skipped")


def total(exercises: Iterable[ExerciseReport]) -> tuple[float, float]:
    """Return the sums of scores and of maxima, rounded to six digits."""
    pairs = [(exercise.score, exercise.max_score) for exercise in exercises]
    return round(sum(score for score, _ in pairs), 6), round(sum(most for _, most in pairs), 6)


def counted(report: Report) -> Report:
    """Return the report for people and platforms, with the points that count in place of the points earned."""
    if report.mark is None:
        return report
    exercises = tuple(
        replace(each, score=each.mark.score or 0.0, max_score=each.mark.max_score) if each.mark else each
        for each in report.exercises
    )
    score, most = total(exercises)
    return replace(report, exercises=exercises, score=score, max_score=most)
