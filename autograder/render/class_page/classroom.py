"""Reports, one after the other, counted: small enough to hold a hundred thousand students."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from autograder.report.escape import show
from autograder.report.report import ExerciseReport, Finding, Report, Status, counted

Who = list[int]
"""Students by their number in the order of arrival."""


@dataclass
class ExerciseColumn:
    """One exercise. shares: sum of the shares of its points, over `graded` students for whom it counts.

    passed: right answers that count, in full or in part. speed: tier → functions.
    """

    name: str
    unit: str
    max_score: float
    statuses: Counter[Status] = field(default_factory=Counter)
    shares: float = 0.0
    graded: int = 0
    passed: int = 0
    handed_in: int = 0
    seconds: float | None = None
    speed: Counter[str] = field(default_factory=Counter)


@dataclass
class Classroom:
    """Everything that the class page shows. link: student → the address of the feedback, relative to the page.

    late: student → days. why: student whose marks are not what was earned → the number in `reasons` of the sentence
    that says so, of the whole and of each column; 0 where there is none.
    """

    link: Callable[[str], str] = lambda student: ""
    students: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    shares: list[float | None] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    late: dict[int, int] = field(default_factory=dict)
    why: dict[int, list[int]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    tiers: Counter[str] = field(default_factory=Counter)
    columns: dict[str, ExerciseColumn] = field(default_factory=dict)
    mistakes: dict[tuple[str, str, str], Who] = field(default_factory=lambda: defaultdict(list))
    kin: dict[tuple[str, str], Who] = field(default_factory=lambda: defaultdict(list))
    answers: dict[tuple[str, str, str], Who] = field(default_factory=lambda: defaultdict(list))

    def add(self, report: Report) -> None:
        """One more report."""
        report, number = counted(report), len(self.students)
        self.students.append(show(report.submission))
        self.links.append(self.link(report.submission))
        whole = report.status != "broken" and report.max_score > 0
        self.shares.append(report.score / report.max_score if whole else None)
        self.tiers[report.tier] += 1
        graded = {exercise.name: exercise for exercise in report.exercises}
        for exercise in report.exercises:
            self._count(number, exercise)
        self.rows.append("".join(cell(graded.get(name)) for name in self.columns))
        if report.mark and report.mark.days_late:
            self.late[number] = report.mark.days_late
        if report.why:
            said = (report.why, *(graded[name].why if name in graded else "" for name in self.columns))
            self.why[number] = [self.reasons.setdefault(words, len(self.reasons)) for words in ("", *said)][1:]

    def clock(self, seconds: Mapping[str, float]) -> None:
        """What grading one answer to each exercise took, on average."""
        for name in self.columns.keys() & seconds.keys():
            self.columns[name].seconds = seconds[name]

    def _count(self, number: int, exercise: ExerciseReport) -> None:
        column = self.columns.setdefault(
            exercise.name, ExerciseColumn(exercise.name, exercise.unit, exercise.max_score)
        )
        column.statuses[exercise.status] += 1
        column.handed_in += exercise.source is not None
        column.max_score = max(column.max_score, exercise.max_score)
        if exercise.status != "broken" and not _dropped(exercise):
            column.graded += 1
            column.passed += exercise.status == "passed" and (exercise.score > 0 or not exercise.why)
            column.shares += share(exercise)
        for finding in exercise.findings:
            _count_speed(column, finding)
        self._remember(number, exercise)

    def _remember(self, number: int, exercise: ExerciseReport) -> None:
        for name, function in {(f.mistake, f.function) for f in exercise.findings if f.mistake}:
            self.mistakes[exercise.name, function, name].append(number)
        for finding in exercise.findings:
            if finding.answer:
                where = f"{finding.function} {finding.output or ''}".strip()
                self.answers[exercise.name, where, finding.answer].append(number)
        if exercise.kin:
            self.kin[exercise.name, exercise.kin].append(number)


def cell(exercise: ExerciseReport | None) -> str:
    """Three characters: the status's first letter, and percent of the points in hex.

    Of what is skipped h for half done and k for not begun; d for what does not count, - for absent.
    """
    if exercise is None:
        return "-00"
    skipped = "h" if exercise.begun else "k"
    letter = "d" if _dropped(exercise) else skipped if exercise.status == "skipped" else exercise.status[0]
    return f"{letter}{round(100 * share(exercise)):02x}"


def _dropped(exercise: ExerciseReport) -> bool:
    """Whether a rule says that it does not count."""
    return bool(exercise.why) and not exercise.max_score


def share(exercise: ExerciseReport) -> float:
    """0 to 1."""
    return min(1.0, exercise.score / exercise.max_score) if exercise.max_score else 0.0


def small(groups: Iterable[Who], class_size: int) -> list[Who]:
    """The groups that are worth a look: two or more, and so few that chance is no good explanation."""
    most = max(4, class_size // 25)
    return [who for who in groups if 2 <= len(who) <= most]


def _count_speed(column: ExerciseColumn, finding: Finding) -> None:
    figures = finding.figures
    if finding.check == "speed" and "ratio" in figures:
        bars = figures.get("fast", 0.0), figures.get("fair", 0.0)
        column.speed["fast" if figures["ratio"] <= bars[0] else "fair" if figures["ratio"] <= bars[1] else "slow"] += 1
