"""Statistics of a class, collected report by report in little memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from autograder.render.attention import KINDS, ClassFacts, Kind, attention
from autograder.report.escape import show
from autograder.report.report import ExerciseReport, Report, Status, counted

Who = list[int]
"""Students, by their index in the order in which they were added."""


@dataclass
class ExerciseColumn:
    """The statistics of one exercise."""

    name: str
    """Name of the exercise."""
    unit: str
    """Unit of the exercise."""
    max_score: float
    """Points that can be earned."""
    statuses: Counter[Status] = field(default_factory=Counter)
    """Status → number of students."""
    shares: float = 0.0
    """Sum of the shares of the points over the `graded` students."""
    graded: int = 0
    """Number of students for whom the exercise counts."""
    passed: int = 0
    """Number of right answers that count, in full or in part."""
    handed_in: int = 0
    """Number of submitted answers."""
    speed: Counter[str] = field(default_factory=Counter)
    """fast, fair or slow → number of functions."""


@dataclass
class Classroom:
    """The statistics that the class page shows."""

    link: Callable[[str], str] = lambda student: ""
    """Function: student → address of the feedback, relative to the page."""
    known: ClassFacts = field(default_factory=ClassFacts)
    """What is known of the class besides its reports."""
    students: list[str] = field(default_factory=list)
    """Names of the students, under which their files and grades are kept."""
    people: list[str] = field(default_factory=list)
    """Their names for people; the same where no class list says another."""
    sections: list[str] = field(default_factory=list)
    """Their sections; "" without one."""
    looks: dict[Kind, list[tuple[int, str]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    """Kind → students to look at, each with a sentence."""
    links: list[str] = field(default_factory=list)
    """Addresses of their feedback."""
    shares: list[float | None] = field(default_factory=list)
    """Their shares of the points; None if the grader failed or nothing counts."""
    rows: list[str] = field(default_factory=list)
    """Their results, a `cell` for each exercise."""
    late: dict[int, int] = field(default_factory=dict)
    """Student → days late."""
    why: dict[int, list[int]] = field(default_factory=dict)
    """Student whose marks differ from the points → indices in `reasons`, of the total and each exercise; 0: none."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Reason for a mark → its index."""
    tiers: Counter[str] = field(default_factory=Counter)
    """Tier → number of reports."""
    columns: dict[str, ExerciseColumn] = field(default_factory=dict)
    """Exercise → its statistics."""
    mistakes: dict[tuple[str, str, str], Who] = field(default_factory=lambda: defaultdict(list))
    """(exercise, function, known mistake) → students."""
    kin: dict[tuple[str, str], Who] = field(default_factory=lambda: defaultdict(list))
    """(exercise, hash of the program) → students."""
    answers: dict[tuple[str, str, str], Who] = field(default_factory=lambda: defaultdict(list))
    """(exercise, function and output, hash of the wrong output) → students."""

    def add(self, report: Report) -> None:
        """Add a report."""
        number, name = len(self.students), report.submission
        for kind, words in attention(report):
            self.looks[kind].append((number, show(words)))
        self.people.append(show(self.known.names.get(name) or name))
        self.sections.append(show(self.known.sections.get(name, "")))
        changed = {each.name for each in report.exercises if _is_changed(each)}
        report = counted(report)
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
            reasons = (report.why, *(graded[name].why if name in changed else "" for name in self.columns))
            self.why[number] = [self.reasons.setdefault(words, len(self.reasons)) for words in ("", *reasons)][1:]

    def _count(self, number: int, exercise: ExerciseReport) -> None:
        fresh = ExerciseColumn(exercise.name, exercise.unit, exercise.max_score)
        column = self.columns.setdefault(exercise.name, fresh)
        column.statuses[exercise.status] += 1
        column.handed_in += exercise.source is not None
        column.max_score = max(column.max_score, exercise.max_score)
        if exercise.status != "broken" and not _dropped(exercise):
            column.graded += 1
            column.passed += exercise.status == "passed" and (exercise.score > 0 or not exercise.why)
            column.shares += share(exercise)
        for name, function in {(f.mistake, f.function) for f in exercise.findings if f.mistake}:
            self.mistakes[exercise.name, function, name].append(number)
        for finding in exercise.findings:
            if finding.check == "speed" and "ratio" in finding.figures:
                ratio, fast, fair = (finding.figures.get(name, 0.0) for name in ("ratio", "fast", "fair"))
                column.speed["fast" if ratio <= fast else "fair" if ratio <= fair else "slow"] += 1
            if finding.answer:
                where = f"{finding.function} {finding.output or ''}".strip()
                self.answers[exercise.name, where, finding.answer].append(number)
        if exercise.kin:
            self.kin[exercise.name, exercise.kin].append(number)


def cell(exercise: ExerciseReport | None) -> str:
    """Return three characters: a letter for the status, and percent of the points in hexadecimal.

    The letter is the first of the status; for skipped h if begun, k if not and n if nothing was handed in; u if the run
    did not reach it, d if it does not count, - if absent.
    """
    if exercise is None:
        return "-00"
    skipped = "h" if exercise.begun else "n" if exercise.source is None else "k"
    letter = "d" if _dropped(exercise) else skipped if exercise.status == "skipped" else exercise.status[0]
    letter = "u" if exercise.state == "not reached" else letter
    return f"{letter}{round(100 * share(exercise)):02x}"


def _is_changed(exercise: ExerciseReport) -> bool:
    """Return whether another share of the points counts than was earned."""
    mark = exercise.mark
    if mark is None or mark.score is None or not mark.max_score or not exercise.max_score:
        return bool(exercise.why)
    return abs(mark.score / mark.max_score - exercise.score / exercise.max_score) > 1e-6


def _dropped(exercise: ExerciseReport) -> bool:
    """Return whether a rule of the course excludes the exercise."""
    return bool(exercise.why) and not exercise.max_score


def share(exercise: ExerciseReport) -> float:
    """Return the share of the points, 0 to 1."""
    return min(1.0, exercise.score / exercise.max_score) if exercise.max_score else 0.0


def small(groups: Iterable[Who], class_size: int) -> list[Who]:
    """Select groups of at least two students, and so few that chance is an unlikely explanation."""
    most = max(4, class_size // 25)
    return [who for who in groups if 2 <= len(who) <= most]
