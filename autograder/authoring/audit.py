"""Audit of a course: grade its stubs, solutions, known mistakes, alternatives and planted bugs with many seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.authoring.build.stub import Planted, make_stub, partly_repaired, plant, read_planted
from autograder.authoring.todo import find_todos
from autograder.checks import CHECKS, gradient
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis.evidence import KnownMistakes
from autograder.diagnosis.terms import faults
from autograder.grading.pipeline import Options, grade_exercise, without
from autograder.implementation import Implementation
from autograder.report.report import Finding
from autograder.sandbox import inprocess
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Alternative, Mistake

# Times are measured through the sandbox (authoring/margins.py). What only explains a failure, and earns no points, runs
# on the first seed alone.
_TIMED = frozenset(name for name, check in CHECKS.items() if check.varies)
_ONCE = frozenset(name for name, check in CHECKS.items() if not check.listed)


@dataclass
class Row:
    """Results of one piece of code over all seeds: one row of the kill matrix."""

    exercise: str
    kind: str
    """"stub", "solution", "mistake", "alternative", "planted", "repaired", "left" (one planted bug) or a step to do."""
    name: str
    function: str = ""
    seeds: int = 0
    """Number of seeds that it was graded with."""
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
        """Return the fault, or "". A mistake may lack a name in one seed of twenty, where another mistake gives equal
        outputs, but must never get a wrong name."""
        if self.fault or self.unnamed <= self.seeds / 20:
            return self.fault
        return f"has no name on {self.unnamed} of {self.seeds} papers: add a case that tells it from the others"

    def blame(self, seed: int, words: str) -> None:
        """Record the first fault, with the seed that shows it."""
        self.fault = self.fault or f"{words} (seed {seed})"


def audit_exercise(course: Course, name: str, seeds: Iterable[int], first: bool = True) -> list[Row]:
    """Return all rows of one exercise. first: run the checks of `_ONCE` on the first seed."""
    todos = find_todos(course, name)
    missing = [Row(name, todo.step, "—", fault=todo.fault) for todo in todos]
    if any(todo.blocks for todo in todos):
        return missing
    exercise = course.exercise(name)
    text, planted = course.solution(name), course.planted(name)
    solution = inprocess.load(text, f"{name}/solution.py")
    stub = inprocess.load(make_stub(plant(text, planted)), f"{name}/stub")
    repairs = _repairs(name, text, planted) if planted else {}
    owners = {mistake.name: mistake.function for mistake in exercise.mistakes}
    several = ", ".join(read_planted(planted).functions) if planted else ""
    rows = [
        Row(name, "stub", "stub"),
        Row(name, "solution", "solution"),
        *(Row(name, "mistake", m.name, m.function) for m in exercise.mistakes),
        *(Row(name, "alternative", a.name, a.function) for a in exercise.alternatives),
        *(Row(name, kind, title, owners.get(title, several)) for kind, title in repairs),
    ]
    items: tuple[Mistake | Alternative, ...] = (*exercise.mistakes, *exercise.alternatives)
    code = {(type(item).__name__.lower(), item.name, item.function): item for item in items}
    for number, seed in enumerate(seeds):
        options = Options(skip=_TIMED if first and number == 0 else _TIMED | _ONCE)
        variant = Variant(without(exercise, options.skip), seed)
        known_mistakes = KnownMistakes(variant)
        for fault in (*faults(variant), *gradient.faults(variant)):
            rows[1].blame(seed, fault)
        for row in rows:
            item = code.get((row.kind, row.name, row.function))
            implementation = repairs.get((row.kind, row.name)) or _implementation(row, item, solution, stub)
            _judge(row, variant, grade_exercise(variant, implementation, options, known_mistakes))
    return [*rows, *missing]


def merge(rows: Iterable[Row]) -> list[Row]:
    """Merge the rows of each piece of code over different seeds."""
    merged: dict[tuple[str, ...], Row] = {}
    for row in rows:
        whole = merged.setdefault((row.exercise, row.kind, row.name, row.function), row)
        if whole is not row:
            whole.seeds += row.seeds
            whole.named += row.named
            whole.unnamed += row.unnamed
            whole.killed_by += row.killed_by
            whole.fault = whole.fault or row.fault
    return list(merged.values())


def to_dict(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the kill matrix as JSON values."""
    return [{**vars(row), "killed_by": dict(row.killed_by), "right": row.right} for row in rows]


def _repairs(name: str, solution: str, planted: str) -> dict[tuple[str, str], InProcess]:
    """Return (kind, name) → implementation with both planted bugs, each bug alone, and none."""
    code = read_planted(planted)
    bugs = [bug.name for bug in code.bugs]
    wanted = {("planted", " and ".join(bugs)): bugs, ("repaired", "both planted bugs"): []}
    wanted |= {("left", bug): [bug] for bug in bugs}
    return {key: _load(name, solution, partly_repaired(solution, planted, left), code) for key, left in wanted.items()}


def _load(name: str, solution: str, submitted: str, code: Planted) -> InProcess:
    """Load the planted functions as submitted, and the solution's other functions."""
    right = inprocess.load(solution, f"{name}/solution.py").functions
    planted = inprocess.load(submitted, f"{name}/planted.py").functions
    return InProcess({**right, **{function: planted[function] for function in code.functions}})


def _implementation(
    row: Row, item: Mistake | Alternative | None, solution: InProcess, stub: InProcess
) -> Implementation:
    if item is None:
        return stub if row.kind == "stub" else solution
    return InProcess({**solution.functions, item.function: item.code})


def _judge(row: Row, variant: Variant, findings: tuple[Finding, ...]) -> None:
    row.seeds += 1
    wrong = [finding for finding in findings if finding.status in ("failed", "error")]
    row.killed_by.update({finding.output or finding.check for finding in wrong if finding.max_score})
    score = round(sum(finding.score for finding in findings), 6)
    match row.kind:
        case "stub" if score:
            row.blame(variant.seed, f"a stub earns {score:g} points, expected 0")
        case "stub" if wrong:
            row.blame(variant.seed, f"a stub is judged {wrong[0].status}, expected skipped: {wrong[0].message}")
        case "stub":
            pass
        case "planted":
            _judge_planted(row, variant.seed, findings, wrong)
        case "mistake" | "left":
            _judge_mistake(row, variant.seed, wrong)
        case _:
            _judge_right(row, variant, findings)


def _judge_planted(row: Row, seed: int, findings: tuple[Finding, ...], wrong: list[Finding]) -> None:
    """Expect no points for unrepaired code, and no name but those of its bugs."""
    score = sum(finding.score for finding in findings if finding.function in row.function.split(", "))
    if score:
        return row.blame(seed, f"earns {score:g} points unrepaired, expected 0: what is right already needs no points")
    others = {finding.mistake for finding in wrong} - {None, *row.name.split(" and ")}
    if others:
        return row.blame(seed, f"is named {', '.join(map(str, others))}, which is not planted")
    return None


def _judge_mistake(row: Row, seed: int, wrong: list[Finding]) -> None:
    if not wrong:
        return row.blame(seed, "is not rejected: add a case in which it differs")
    names = {finding.mistake for finding in wrong if finding.check != "consistency"} - {None}
    others = {finding.function for finding in wrong if finding.max_score} - {row.function}
    if not names:
        row.unnamed += 1
        return None
    if names != {row.name}:
        return row.blame(seed, f"is named {', '.join(map(str, names))}: add a case that tells them apart")
    if others:
        return row.blame(seed, f"costs {', '.join(others)}, which is right")
    row.named += 1


def _judge_right(row: Row, variant: Variant, findings: tuple[Finding, ...]) -> None:
    lost = [finding for finding in findings if finding.score < finding.max_score]
    if lost:
        place = " ".join(filter(None, (lost[0].function, lost[0].check, lost[0].output)))
        row.blame(variant.seed, f"is right and loses {place}: {lost[0].message}")


def summary(rows: list[Row]) -> Mapping[str, float]:
    """Return counts for the closing line: mistakes, runs, named runs, right answers, rejected right answers, faults."""
    mistakes = [row for row in rows if row.kind == "mistake" and row.seeds]
    right = [row for row in rows if row.kind in ("solution", "alternative") and row.seeds]
    return {
        "mistakes": len(mistakes),
        "runs": sum(row.seeds for row in mistakes),
        "named": sum(row.named for row in mistakes),
        "right_answers": len(right),
        "wrongly_rejected": sum(not row.right for row in right),
        "faults": sum(not row.right for row in rows),
    }
