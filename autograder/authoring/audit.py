"""Audit of a course: grade its stubs, solutions, known mistakes, alternatives and planted bugs with many seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.authoring.build.stub import make_stub, partly_repaired, plant, read_planted
from autograder.authoring.todo import BLOCKING, find_todos
from autograder.checks import CHECKS, gradient
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis.evidence import KnownMistakes
from autograder.diagnosis.terms import faults
from autograder.grading.pipeline import Options, grade_exercise, without
from autograder.report.report import Finding
from autograder.sandbox import inprocess
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Alternative, Exercise, Mistake

# Times are measured through the sandbox (authoring/margins.py). What only explains a failure, and earns no points, runs
# on the first seed alone.
_TIMED = frozenset(name for name, check in CHECKS.items() if check.varies)
_ONCE = frozenset(name for name, check in CHECKS.items() if not check.listed)


@dataclass
class Row:
    """The audit's results for one piece of code over all seeds: one row of the kill matrix."""

    exercise: str
    kind: str
    """"stub", "solution", "mistake", "alternative", "planted", "repaired", "left" (one planted bug) or a step to do."""
    name: str
    function: str = ""
    seeds: int = 0
    """Number of seeds that the code was graded with."""
    killed_by: Counter[str] = field(default_factory=Counter)
    """Output or check → number of seeds in which it took points away."""
    named: int = 0
    """Number of seeds in which a known mistake was rejected and named."""
    unnamed: int = 0
    """Number of seeds in which a known mistake was rejected without a name."""
    fault: str = ""
    """First violation of what the audit expects."""

    @property
    def right(self) -> bool:
        """Return whether no fault was found."""
        return not self.words

    @property
    def words(self) -> str:
        """Return the fault, or "" without one. A mistake may lack a name in one seed of twenty, where another one gives
        equal outputs, but must never get a wrong name."""
        if self.fault or self.unnamed <= self.seeds / 20:
            return self.fault
        return f"has no name on {self.unnamed} of {self.seeds} variants: add a case that tells it from the others"

    def blame(self, seed: int, words: str) -> None:
        """Record a fault, with the seed that shows it, unless one was recorded before."""
        self.fault = self.fault or f"{words} (seed {seed})"


def audit_exercise(course: Course, name: str, seeds: Iterable[int], first: bool = True) -> list[Row]:
    """Return the rows of the kill matrix of one exercise. first: run the checks of `_ONCE` on the first seed."""
    todos = find_todos(course, name)
    missing = [Row(name, step, "—", fault=fault) for step, fault in todos.items()]
    if BLOCKING & todos.keys():
        return missing
    exercise = course.exercise(name)
    subjects = list(_subjects(course, exercise))
    for number, seed in enumerate(seeds):
        options = Options(skip=_TIMED if first and number == 0 else _TIMED | _ONCE)
        variant = Variant(without(exercise, options.skip), seed)
        known_mistakes = KnownMistakes(variant)
        for fault in (*faults(variant), *gradient.faults(variant)):
            next(row for row, _ in subjects if row.kind == "solution").blame(seed, fault)
        for row, implementation in subjects:
            _judge(row, variant, grade_exercise(variant, implementation, options, known_mistakes))
    return [*(row for row, _ in subjects), *missing]


def _subjects(course: Course, exercise: Exercise) -> Iterator[tuple[Row, InProcess]]:
    """Yield an empty row for each piece of code that is graded, and its implementation."""
    name = exercise.name
    text, planted = course.solution(name), course.planted(name)
    solution = inprocess.load(text, f"{name}/solution.py")
    yield Row(name, "stub", "stub"), inprocess.load(make_stub(plant(text, planted)), f"{name}/stub")
    yield Row(name, "solution", "solution"), solution
    items: tuple[Mistake | Alternative, ...] = (*exercise.mistakes, *exercise.alternatives)
    for item in items:
        row = Row(name, type(item).__name__.lower(), item.name, item.function)
        yield row, InProcess({**solution.functions, item.function: item.code})
    if not planted:
        return
    code = read_planted(planted)
    owners = {mistake.name: mistake.function for mistake in exercise.mistakes}
    bugs = list(code.bugs)
    repaired = [("planted", " and ".join(bugs), bugs), ("repaired", "both planted bugs", [])]
    for kind, title, left in (*repaired, *(("left", bug, [bug]) for bug in bugs)):
        submitted = inprocess.load(partly_repaired(text, planted, left), f"{name}/planted.py").functions
        theirs = {function: submitted[function] for function in code.functions}
        row = Row(name, kind, title, owners.get(title, ", ".join(code.functions)))
        yield row, InProcess({**solution.functions, **theirs})


def to_dict(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the kill matrix as JSON values."""
    return [{**vars(row), "killed_by": dict(row.killed_by), "right": row.right} for row in rows]


def _judge(row: Row, variant: Variant, findings: tuple[Finding, ...]) -> None:
    """Add to a row of the kill matrix the findings that its code gets with one seed."""
    row.seeds += 1
    wrong = [finding for finding in findings if finding.status in ("failed", "error")]
    row.killed_by.update(dict.fromkeys((each.output or each.check for each in wrong if each.max_score), 1))
    match row.kind:
        case "stub" if score := round(sum(finding.score for finding in findings), 6):
            fault = f"a stub earns {score:g} points, expected 0"
        case "stub":
            fault = f"a stub is judged {wrong[0].status}, expected skipped: {wrong[0].message}" if wrong else ""
        case "planted":
            fault = _planted_fault(row, findings, wrong)
        case "mistake" | "left":
            fault = _mistake_fault(row, wrong)
        case _:
            lost = [finding for finding in findings if finding.score < finding.max_score]
            places = [" ".join(filter(None, (each.function, each.check, each.output))) for each in lost]
            fault = f"is right and loses {places[0]}: {lost[0].message}" if lost else ""
    if fault:
        row.blame(variant.seed, fault)


def _planted_fault(row: Row, findings: Sequence[Finding], wrong: list[Finding]) -> str:
    """Return why unrepaired code fails the audit: it earns points or is named after no bug in it; "" if neither."""
    if score := sum(finding.score for finding in findings if finding.function in row.function.split(", ")):
        return f"earns {score:g} points unrepaired, expected 0: what is right already needs no points"
    others = {finding.mistake for finding in wrong} - {None, *row.name.split(" and ")}
    return f"is named {', '.join(map(str, others))}, which is not planted" if others else ""


def _mistake_fault(row: Row, wrong: list[Finding]) -> str:
    """Return why a known mistake fails the audit: it passes, gets another name, or costs other functions; "" if not."""
    if not wrong:
        return "is not rejected: add a case in which it differs"
    names = {finding.mistake for finding in wrong if finding.check != "consistency"} - {None}
    others = {finding.function for finding in wrong if finding.max_score} - {row.function}
    if not names:
        row.unnamed += 1
    elif names != {row.name}:
        return f"is named {', '.join(map(str, names))}: add a case that tells them apart"
    elif others:
        return f"costs {', '.join(others)}, which is right"
    else:
        row.named += 1
    return ""


def summary(rows: list[Row]) -> dict[str, int]:
    """Count mistakes, their runs and named runs, right answers, rejected right answers, and faults in all rows."""
    mistakes = [row for row in rows if row.kind == "mistake" and row.seeds]
    right = [row for row in rows if row.kind in ("solution", "alternative") and row.seeds]
    return {
        "mistakes": len(mistakes), "runs": sum(row.seeds for row in mistakes),
        "named": sum(row.named for row in mistakes), "right_answers": len(right),
        "wrongly_rejected": sum(not row.right for row in right), "faults": sum(not row.right for row in rows),
    }  # fmt: skip
