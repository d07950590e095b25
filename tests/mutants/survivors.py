"""Mutants that survive the cases of an exercise, compared with the list of equivalent mutants."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.errors import CourseError
from autograder.implementation import Implementation
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import Session
from autograder.spec.exercise import Exercise
from autograder.spec.function import Free, Function
from tests.mutants.mutants import Mutant, make_mutants

LIST = "solutions/equivalent_mutants.toml"
"""File with exercise → mutant → reason why no case can distinguish it from the answer. A name with an … stands for all
mutants that have any text in its place; each of them has to survive."""

SECONDS = 0.5
"""Fraction of the CPU time limit of a call; solutions take milliseconds, so a slower mutant loops forever."""


@dataclass(frozen=True)
class Survivors:
    """Result of running all mutants of one exercise."""

    exercise: str
    generated: int = 0
    """Number of mutants."""
    survivors: tuple[str, ...] = ()
    """Ids of the mutants that no case rejects."""
    equivalent: int = 0
    """Number of survivors that are listed with a reason."""
    faults: tuple[str, ...] = ()
    """Deviations from the list, each with its repair."""

    @property
    def killed(self) -> int:
        """Return the number of mutants that at least one case rejects."""
        return self.generated - len(self.survivors)


def find_survivors(course: Course, name: str, seeds: Iterable[int]) -> Survivors:
    """Run every mutant of the exercise in the sandbox, until one case of a variant rejects it."""
    try:
        exercise, text, listed = course.exercise(name), course.solution(name), equivalents(course).get(name, {})
        exercise = _bounded(exercise)
        mutants = make_mutants(text, [function.name for function in exercise.functions])
    except (CourseError, SyntaxError) as error:
        return Survivors(name, faults=(f"is not ready for mutants: {error}",))
    variants = [Variant(exercise, seed) for seed in seeds]
    with Sandbox("local") as sandbox, sandbox.session() as session:  # trusted code: resource limits are enough
        wrong = [f.name for f in exercise.functions if not _survives(Mutant("", f.name, "", text), variants, session)]
        if wrong:
            words = f"the solution's own {wrong[0]} is rejected: `handgrad audit {name}` says why"
            return Survivors(name, len(mutants), faults=(words,))
        survivors = tuple(mutant.id for mutant in mutants if _survives(mutant, variants, session))
    faults = tuple(_faults([mutant.id for mutant in mutants], survivors, listed))
    known = sum(any(fits(line, survivor) for line in listed) for survivor in survivors)
    return Survivors(name, len(mutants), survivors, known, faults)


def fits(line: str, mutant: str) -> bool:
    """Return whether a name of the list stands for this mutant."""
    return bool(re.fullmatch(".*".join(map(re.escape, line.split("…"))), mutant))


def equivalents(course: Course) -> Mapping[str, Mapping[str, str]]:
    """Read the list of equivalent mutants; CourseError where it cannot be read."""
    path = course.root / LIST
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} does not load: {error}") from error
    for name, table in found.items():
        if not isinstance(table, dict) or not all(isinstance(reason, str) for reason in table.values()):
            raise CourseError(f'{path}: [{name}] holds lines of the form "mutant" = "reason" and nothing else')
    return found


def strays(course: Course) -> list[Survivors]:
    """Return a fault for every table of the list whose exercise does not exist."""
    words = f"is no exercise of this course: delete its table in {LIST}"
    return [Survivors(name, faults=(words,)) for name in equivalents(course) if name not in course.folders]


def summary(rows: Iterable[Survivors]) -> dict[str, int]:
    """Return counts for the closing line."""
    rows = list(rows)
    return {
        "mutants": sum(row.generated for row in rows),
        "killed": sum(row.killed for row in rows),
        "equivalent": sum(row.equivalent for row in rows),
        "faults": sum(len(row.faults) for row in rows),
    }


def to_dict(rows: Iterable[Survivors]) -> list[dict[str, Any]]:
    """Return the results as JSON values."""
    return [{**vars(row), "killed": row.killed} for row in rows]


def _faults(mutants: list[str], survivors: tuple[str, ...], listed: Mapping[str, str]) -> Iterator[str]:
    for name in survivors:
        if not any(fits(line, name) for line in listed):
            line = f'{json.dumps(name, ensure_ascii=False)} = "…"'
            yield f"a mutant survives. Add a case to spec.py that tells it apart, or say in {LIST} why none can: {line}"
    for name, reason in listed.items():
        meant = [mutant for mutant in mutants if fits(name, mutant)]
        dead = [mutant for mutant in meant if mutant not in survivors]
        if not meant:
            yield f"a listed mutant no longer exists. Delete its line in {LIST}: {name}"
        elif dead and "…" in name:
            yield f"{name} in {LIST} stands for a mutant that dies. Say more of those that survive: {dead[0]}"
        elif dead:
            yield f"a listed mutant dies. Delete its line in {LIST}: {name}"
        elif not reason.strip():
            yield f"a listed mutant has no reason. Write in {LIST} why no case can tell it from the answer: {name}"


def _bounded(exercise: Exercise) -> Exercise:
    """Return the exercise with less time, and without functions that have no single right output."""
    calls = [function for function in exercise.functions if _has_a_truth(function)]
    return replace(exercise, functions=tuple(replace(f, seconds=f.seconds * SECONDS) for f in calls))


def _has_a_truth(function: Function) -> bool:
    judges = [case.accept.get(output) for case in function.cases for output in function.outputs]
    return not all(isinstance(judge, Free) for judge in judges)


def _survives(mutant: Mutant, variants: list[Variant], session: Session) -> bool:
    """Return whether the mutated function would earn all its points on every variant; no other function is called."""
    implementation = session.implementation("mutant", mutant.text)
    return all(_passes(variant, implementation, variant.exercise.function(mutant.function)) for variant in variants)


def _passes(variant: Variant, implementation: Implementation, function: Function) -> bool:
    trial = Trial(variant, implementation, seconds=0.0)  # case by case: most mutants fail their first case
    cases = (*function.cases, *(function.stable_cases if "stability" in function.points else ()))
    return all(_is_right(trial, trial.call_case(function, case)) for case in cases)


def _is_right(trial: Trial, seen: CaseResult) -> bool:
    """Apply the checks of values, gradient, purity and stability to one case."""
    function = seen.function
    impure = "purity" in function.points and seen.changed
    return not (impure or any(examine(trial, seen, output) for output in function.outputs))
