"""The census of one exercise's mutants: which of them survive its cases, and which were known to be equivalent."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.authoring.mutation.mutants import Mutant, make_mutants
from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.errors import CourseError
from autograder.implementation import Implementation, Returned
from autograder.sandbox import Sandbox, Session
from autograder.spec.exercise import Exercise
from autograder.spec.function import Free, Function

LIST = "solutions/equivalent_mutants.toml"
"""Exercise → mutant → why no case can tell it from the answer."""

SECONDS = 0.5
"""Share of the CPU time that a call may take: the solutions take milliseconds, so what needs more loops for ever."""


@dataclass(frozen=True)
class Survivors:
    """Of one exercise. equivalent: survivors that are listed with a reason. faults: what is not as it should be."""

    exercise: str
    generated: int = 0
    survivors: tuple[str, ...] = ()
    equivalent: int = 0
    faults: tuple[str, ...] = ()

    @property
    def killed(self) -> int:
        """How many mutants at least one case tells from the answer."""
        return self.generated - len(self.survivors)


def take_census(course: Course, name: str, seeds: Iterable[int]) -> Survivors:
    """Every mutant of the exercise sits its papers in the sandbox, until one case tells it from the answer."""
    try:
        exercise, text, listed = course.exercise(name), course.solution(name), equivalents(course).get(name, {})
        exercise = _bounded(exercise)
        mutants = make_mutants(text, [function.name for function in exercise.functions])
    except (CourseError, SyntaxError) as error:
        return Survivors(name, faults=(f"is not ready for mutants: {error}",))
    variants = [Variant(exercise, seed) for seed in seeds]
    with Sandbox("local") as sandbox, sandbox.session() as session:  # our own code: limits are enough
        wrong = [f.name for f in exercise.functions if not _survives(Mutant("", f.name, "", text), variants, session)]
        if wrong:
            words = f"the solution's own {wrong[0]} is rejected: `handgrad audit {name}` says why"
            return Survivors(name, len(mutants), faults=(words,))
        survivors = tuple(mutant.id for mutant in mutants if _survives(mutant, variants, session))
    faults = tuple(_faults([mutant.id for mutant in mutants], survivors, listed))
    return Survivors(name, len(mutants), survivors, len(set(survivors) & listed.keys()), faults)


def equivalents(course: Course) -> Mapping[str, Mapping[str, str]]:
    """The list of equivalent mutants; CourseError when it cannot be read."""
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
    """A fault for every table of the list whose exercise does not exist."""
    words = f"is no exercise of this course: delete its table in {LIST}"
    return [Survivors(name, faults=(words,)) for name in equivalents(course) if name not in course.folders]


def summary(rows: Iterable[Survivors]) -> dict[str, int]:
    """Counts for the closing line."""
    rows = list(rows)
    return {
        "mutants": sum(row.generated for row in rows),
        "killed": sum(row.killed for row in rows),
        "equivalent": sum(row.equivalent for row in rows),
        "faults": sum(len(row.faults) for row in rows),
    }


def to_dict(rows: Iterable[Survivors]) -> list[dict[str, Any]]:
    """The census for machines."""
    return [{**vars(row), "killed": row.killed} for row in rows]


def _faults(mutants: list[str], survivors: tuple[str, ...], listed: Mapping[str, str]) -> Iterator[str]:
    for name in survivors:
        if name not in listed:
            line = f'{json.dumps(name, ensure_ascii=False)} = "…"'
            yield f"a mutant survives. Add a case to spec.py that tells it apart, or say in {LIST} why none can: {line}"
    for name, reason in listed.items():
        if name not in mutants:
            yield f"a listed mutant no longer exists. Delete its line in {LIST}: {name}"
        elif name not in survivors:
            yield f"a listed mutant dies. Delete its line in {LIST}: {name}"
        elif not reason.strip():
            yield f"a listed mutant has no reason. Write in {LIST} why no case can tell it from the answer: {name}"


def _bounded(exercise: Exercise) -> Exercise:
    """With less time, and without the functions that are asked for no value: a training has many right ends."""
    calls = [function for function in exercise.functions if _has_a_truth(function)]
    return replace(exercise, functions=tuple(replace(f, seconds=f.seconds * SECONDS) for f in calls))


def _has_a_truth(function: Function) -> bool:
    judges = [case.accept.get(output) for case in function.cases for output in function.outputs]
    return not all(isinstance(judge, Free) for judge in judges)


def _survives(mutant: Mutant, variants: list[Variant], session: Session) -> bool:
    """Whether the function would earn all its points on every paper; only the mutated one is asked."""
    implementation = session.implementation("mutant", mutant.text)
    return all(_passes(variant, implementation, variant.exercise.function(mutant.function)) for variant in variants)


def _passes(variant: Variant, implementation: Implementation, function: Function) -> bool:
    trial = Trial(variant, implementation, seconds=0.0)  # one by one: most mutants die in their first case
    cases = (*function.cases, *(function.stable_cases if "stability" in function.points else ()))
    return all(_is_right(trial, trial.call_case(function, case)) for case in cases)


def _is_right(trial: Trial, seen: CaseResult) -> bool:
    """What the checks of values, gradient, purity and stability ask of one case."""
    function = seen.function
    impure = "purity" in function.points and seen.changed
    if impure or any(examine(trial, seen, output) for output in function.outputs):
        return False
    warned = isinstance(seen.outcome, Returned) and seen.outcome.warned
    return not (warned and function.quiet and any(seen.case is case for case in function.stable_cases))
