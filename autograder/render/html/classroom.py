"""Statistics of a class, collected report by report in little memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from autograder.render.attention import KINDS, ClassFacts, Kind, attention
from autograder.report.escape import show
from autograder.report.report import ExerciseReport, Report, counted

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
    counts: Counter[str] = field(default_factory=Counter)
    """Number of students by status; also of those who "handed in", who are "graded" because it counts for them, and
    who were "right" and get points for it."""
    shares: float = 0.0
    """Sum of the shares of the points over the graded students."""
    speed: Counter[str] = field(default_factory=Counter)
    """fast, fair or slow → number of functions."""


@dataclass
class Classroom:
    """The statistics that the class page shows."""

    link: Callable[[str], str] = lambda student: ""
    """Function: student → address of the feedback, relative to the page."""
    known: ClassFacts = field(default_factory=ClassFacts)
    """Facts about the class besides its reports."""
    students: list[str] = field(default_factory=list)
    """Names of the students, under which their files and grades are kept."""
    people: list[str] = field(default_factory=list)
    """Names of the students for people, from the class list; without one their names."""
    sections: list[str] = field(default_factory=list)
    """Sections of the students; "" without one."""
    looks: dict[Kind, list[tuple[int, str]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    """Kind → students to look at, each with a sentence."""
    links: list[str] = field(default_factory=list)
    """Addresses of the students' feedback."""
    shares: list[float | None] = field(default_factory=list)
    """Shares of the points of the students; None if the grader failed or nothing counts."""
    rows: list[str] = field(default_factory=list)
    """Results of the students, a `cell` for each exercise."""
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
    """(exercise, similarity code of the program) → students."""
    answers: dict[tuple[str, str, str], Who] = field(default_factory=lambda: defaultdict(list))
    """(exercise, function and output, hash of the wrong output) → students."""

    def add(self, found: Mapping[str, Any], codes: Mapping[str, str] = MappingProxyType({})) -> None:
        """Add a report to the statistics. found: its summary by `summarize`, also one read from JSON; codes: exercise →
        similarity code of the answer."""
        number, name = len(self.students), found["student"]
        for kind, words in found["looks"]:
            self.looks[kind].append((number, words))
        self.people.append(show(self.known.names.get(name) or name))
        self.sections.append(show(self.known.sections.get(name, "")))
        self.students.append(show(name))
        self.links.append(self.link(name))
        self.shares.append(found["share"])
        self.tiers[found["tier"]] += 1
        exercises = {each["name"]: each for each in found["exercises"]}
        for each in exercises.values():
            self._count(number, each)
            if code := codes.get(each["name"]):
                self.kin[each["name"], code].append(number)
        self.rows.append("".join(exercises[name]["cell"] if name in exercises else cell(None) for name in self.columns))
        if found["late"]:
            self.late[number] = found["late"]
        if found["why"]:
            reasons = (found["why"], *(exercises[name]["why"] if name in exercises else "" for name in self.columns))
            self.why[number] = [self.reasons.setdefault(words, len(self.reasons)) for words in ("", *reasons)][1:]

    def _count(self, number: int, found: Mapping[str, Any]) -> None:
        name, most = found["name"], found["max_score"]
        column = self.columns.setdefault(name, ExerciseColumn(name, found["unit"], most))
        column.max_score = max(column.max_score, most)
        column.counts.update(found["counts"])
        column.shares += found["share"]
        column.speed.update(found["speed"])
        for mistake, function in found["mistakes"]:
            self.mistakes[name, function, mistake].append(number)
        for where, answer in found["answers"]:
            self.answers[name, where, answer].append(number)


def summarize(report: Report) -> dict[str, Any]:
    """Return the data that the page of a class needs of a report, as JSON values."""
    looks = [(kind, show(words)) for kind, words in attention(report)]
    changed = {each.name for each in report.exercises if _is_changed(each)}
    report = counted(report)
    return {
        "student": report.submission, "looks": looks, "tier": report.tier, "why": report.why,
        "share": report.score / report.max_score if report.status != "broken" and report.max_score > 0 else None,
        "late": report.mark.days_late if report.mark else 0,
        "exercises": [_summarize(each, each.name in changed) for each in report.exercises],
    }  # fmt: skip


def _summarize(exercise: ExerciseReport, changed: bool) -> dict[str, Any]:
    found = exercise.findings
    timed = [each.figures for each in found if each.check == "speed" and "ratio" in each.figures]
    graded = exercise.status != "broken" and not _dropped(exercise)
    right = graded and exercise.status == "passed" and (exercise.score > 0 or not exercise.why)
    facts = {"handed in": exercise.source is not None, "graded": graded, "right": right}
    return {
        "name": exercise.name, "unit": exercise.unit, "max_score": exercise.max_score, "cell": cell(exercise),
        "counts": [exercise.status, *(fact for fact in facts if facts[fact])], "share": graded * share(exercise),
        "why": exercise.why if changed else "",
        "speed": ["fast" if f["ratio"] <= f.get("fast", 0.0) else "fair" if f["ratio"] <= f.get("fair", 0.0) else "slow"
                  for f in timed],
        "mistakes": sorted({(each.mistake, each.function) for each in found if each.mistake}),
        "answers": [(f"{each.function} {each.output or ''}".strip(), each.answer) for each in found if each.answer],
    }  # fmt: skip


def cell(exercise: ExerciseReport | None) -> str:
    """Return an exercise's result as three characters: a letter for the status, and percent in hexadecimal.

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
    """Return whether the share of the points that counts differs from the share that was earned."""
    mark = exercise.mark
    if mark is None or mark.score is None or not mark.max_score or not exercise.max_score:
        return bool(exercise.why)
    return abs(mark.score / mark.max_score - exercise.score / exercise.max_score) > 1e-6


def _dropped(exercise: ExerciseReport) -> bool:
    """Return whether a rule of the course excludes the exercise."""
    return bool(exercise.why) and not exercise.max_score


def share(exercise: ExerciseReport) -> float:
    """Return the share of an exercise's points that counts, 0 to 1."""
    return min(1.0, exercise.score / exercise.max_score) if exercise.max_score else 0.0


def is_small(who: Who, class_size: int) -> bool:
    """Return whether a group has at least two students, and so few that chance is an unlikely explanation."""
    return 2 <= len(who) <= max(4, class_size // 25)
