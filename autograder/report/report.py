"""The one record that flows out of the corridor, and its JSON form (docs/report-schema.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from typing import Any, Literal

SCHEMA = "handgrad/report/1"

Status = Literal["passed", "failed", "error", "slow", "skipped", "broken"]
STATUSES: tuple[Status, ...] = ("passed", "failed", "error", "slow", "skipped", "broken")

# The worst word wins when many findings become one status. A broken grader outranks everything a student did.
_RANK: tuple[Status, ...] = ("broken", "error", "failed", "slow", "skipped", "passed")


@dataclass(frozen=True)
class Array:
    """Numbers to show. values: flat, in C order; what JSON has no number for is "nan", "inf" or "-inf"."""

    shape: tuple[int, ...]
    values: tuple[float | str, ...]


@dataclass(frozen=True)
class Example:
    """The smallest public input that still fails. yours is None where the call gave no array.

    output: what is shown, such as dw; of a list or a dict the first part that differs, such as dweights[1].
    outcome: what happened, where numbers beside each other do not show it.
    """

    case: str
    output: str
    inputs: Mapping[str, Array | str]
    expected: Array
    yours: Array | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Finding:
    """What one check says of one output of one function.

    score, max_score: points. hint: what to try. mistake: the known mistake's name. case: the first failing case.
    figures: measured numbers, such as the speed ratio. series: curves, such as a loss over time, of finite numbers.
    diagnosis: what the hint rests on, such as mistake, pattern or invariant; "" without one. ladder: hints in order,
    the least telling first. line: in the student's file, or in this cell of the notebook. example: shown only where
    the case's numbers may be seen.
    answer: equal for equal wrong answers that nothing explains.
    """

    check: str
    function: str
    status: Status
    output: str | None = None
    score: float = 0.0
    max_score: float = 0.0
    message: str = ""
    hint: str = ""
    mistake: str | None = None
    case: str | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    diagnosis: str = ""
    ladder: tuple[str, ...] = ()
    line: int | None = None
    cell: int | None = None
    example: Example | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Mark:
    """The points that count under the rules of course.toml, where the points of the findings are what was earned.

    score: None where the grader failed. max_score: 0 for what does not count. days_late: days begun since the due date.
    why: what was earned and each rule that changed it, in words; empty where no rule did. notes: doubts about the time.
    """

    score: float | None
    max_score: float
    days_late: int = 0
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Marked:
    mark: Mark | None

    @property
    def why(self) -> str:
        """What was earned and which rules changed it, where the points that count are others."""
        return ", ".join(self.mark.why) if self.mark else ""


@dataclass(frozen=True)
class ExerciseReport(_Marked):
    """All findings of one exercise. source: SHA-256 of the submitted text. paper: a code of the hidden inputs that only
    the key gives, and that no input can be drawn from; None without a key.

    path: the file inside the submission. suite: SHA-256 of all that the verdict depends on besides the text. kin: equal
    for programs that differ in names and layout only. mark: what counts, where course.toml has rules.
    """

    name: str
    unit: str
    status: Status
    score: float
    max_score: float
    findings: tuple[Finding, ...] = ()
    source: str | None = None
    variant: str | None = None
    path: str | None = None
    suite: str | None = None
    kin: str | None = None
    mark: Mark | None = None

    @property
    def begun(self) -> bool:
        """Whether some of it was examined: it may be skipped all the same, for a part of it that was not."""
        return self.status != "skipped" or self.score > 0 or any(f.status == "passed" for f in self.findings)

    @property
    def state(self) -> str:
        """The status as people read it: `skipped` is half done, partly checked, not started or not handed in."""
        if self.status != "skipped":
            return self.status
        if not self.begun:
            return "not handed in" if self.source is None else "not started"
        written = {f.status for f in self.findings if f.check == "contract"} == {"passed"}
        return "partly checked" if written else "half done"


@dataclass(frozen=True)
class Report(_Marked):
    """One submission, graded. tier: sealed, guarded or local; local is feedback, never a grade.

    environment: what the numbers depend on, such as the versions of Python and NumPy. mac: proves that nobody changed
    it since (autograder/report/signature.py); "" for feedback, and where the course has no key. submitted_at: ISO 8601,
    in UTC; clock: who says so (autograder/submission/times.py). mark: what counts, where course.toml has rules.
    """

    submission: str
    tier: str
    score: float
    max_score: float
    exercises: tuple[ExerciseReport, ...]
    notes: tuple[str, ...] = ()
    engine: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    submitted_at: str | None = None
    clock: str = ""
    mac: str = ""
    mark: Mark | None = None
    schema: str = SCHEMA

    @property
    def status(self) -> Status:
        """The worst status of its exercises."""
        return worst(exercise.status for exercise in self.exercises)


def worst(statuses: Iterable[Status]) -> Status:
    """The status that outranks the others; an empty set is skipped, because nothing was shown to pass."""
    found = set(statuses)
    return next((status for status in _RANK if status in found), "skipped")


def total(exercises: Iterable[ExerciseReport]) -> tuple[float, float]:
    """Sum of scores and of maxima, in points, rounded so that thirds do not leave a trail of digits."""
    pairs = [(exercise.score, exercise.max_score) for exercise in exercises]
    return round(sum(score for score, _ in pairs), 6), round(sum(most for _, most in pairs), 6)


def counted(report: Report) -> Report:
    """The report as people and platforms get it: the points that count stand where the points earned stood."""
    if report.mark is None:
        return report
    exercises = tuple(
        replace(each, score=each.mark.score or 0.0, max_score=each.mark.max_score) if each.mark else each
        for each in report.exercises
    )
    score, most = total(exercises)
    return replace(report, exercises=exercises, score=score, max_score=most)


def to_dict(report: Report) -> dict[str, Any]:
    """The JSON form, schema first."""
    record = _plain(report)
    return {"schema": record.pop("schema"), **record}


def exercise_to_dict(exercise: ExerciseReport) -> dict[str, Any]:
    """One exercise's JSON form."""
    return dict(_plain(exercise))


def _plain(value: Any) -> Any:
    """Records as dicts, all the way down. Unlike dataclasses.asdict it copies no number: a class has millions."""
    if isinstance(value, tuple) and (not value or isinstance(value[0], str | float | int)):
        return value
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def from_dict(record: Mapping[str, Any]) -> Report:
    """The record back from its JSON form; ValueError names what does not fit."""
    if record.get("schema") != SCHEMA:
        raise ValueError(f"schema is {record.get('schema')!r}, expected {SCHEMA!r}")
    try:
        exercises = tuple(exercise_from_dict(exercise) for exercise in record["exercises"])
        mark = _mark(record.get("mark"))
        return Report(**{**record, "exercises": exercises, "notes": tuple(record["notes"]), "mark": mark})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a {SCHEMA} record: {error}") from error


def exercise_from_dict(record: Mapping[str, Any]) -> ExerciseReport:
    """One exercise back from its JSON form; KeyError or TypeError where it is none."""
    findings = tuple(map(_finding, record["findings"]))
    return ExerciseReport(**{**record, "findings": findings, "mark": _mark(record.get("mark"))})


def _mark(record: Mapping[str, Any] | None) -> Mark | None:
    return Mark(**{**record, "why": tuple(record["why"]), "notes": tuple(record["notes"])}) if record else None


def _finding(record: Mapping[str, Any]) -> Finding:
    series = {name: tuple(values) for name, values in record["series"].items()}
    example = None if record["example"] is None else _example(record["example"])
    return Finding(**{**record, "series": series, "ladder": tuple(record["ladder"]), "example": example})


def _example(record: Mapping[str, Any]) -> Example:
    inputs = {name: value if isinstance(value, str) else _array(value) for name, value in record["inputs"].items()}
    yours = None if record["yours"] is None else _array(record["yours"])
    return Example(**{**record, "inputs": inputs, "expected": _array(record["expected"]), "yours": yours})


def _array(record: Mapping[str, Any]) -> Array:
    return Array(tuple(record["shape"]), tuple(record["values"]))
