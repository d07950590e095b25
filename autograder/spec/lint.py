"""Validate a spec when it is loaded: refuse one that would check nothing, or fail in the middle of a batch."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.errors import CourseError
from autograder.spec.exercise import Alternative, Exercise, Mistake
from autograder.spec.function import Case, Function, Sums


def check_spec(exercise: Exercise, path: Path, names: Collection[str]) -> None:
    """CourseError with the first fault of a spec. names: all exercises of the course, which it may require."""
    for fault in _faults(exercise, names):
        raise CourseError(f"{path}: {fault}")


def check_code(exercise: Exercise, folder: Path) -> None:
    """CourseError where a mistake or an alternative is one in a function that the exercise does not have."""
    functions = [function.name for function in exercise.functions]
    items: tuple[Mistake | Alternative, ...] = (*exercise.mistakes, *exercise.alternatives)
    for item in items:
        if item.function not in functions:
            words = f"{item.name} answers {item.function}, which the exercise does not have"
            raise CourseError(f"{folder}: {words}.{_guess(item.function, functions)}")


def check_small(exercise: Exercise, path: Path) -> None:
    """CourseError where SMALL does not fit: for a function that is not there, or without one of its inputs."""
    functions = {function.name: function for function in exercise.functions}
    for name, families in exercise.small.items():
        if name not in functions:
            raise CourseError(f"{path}: SMALL is given for {name}, which is no function.{_guess(name, functions)}")
        for family in families:
            for argument in _missing(functions[name], family.inputs):
                words = f"SMALL does not say {argument}, which {name} takes. Add {argument}=… to it."
                raise CourseError(f"{path}: {words}")


def check_points(exercise: Exercise, path: Path, checks: Collection[str]) -> None:
    """CourseError where a function has points for something else than these checks: nothing would give them."""
    for function in exercise.functions:
        for name in function.points:
            if name not in checks:
                words = f"{function.name} has points for {name}, which is no check that gives points"
                raise CourseError(f"{path}: {words}.{_guess(name, checks)}")


def _missing(function: Function, given: Collection[str]) -> list[str]:
    """The arguments of a function that are not given; a backward's dout is drawn."""
    return [name for name in function.positional if name not in given and not (name == "dout" and function.forward)]


def _faults(exercise: Exercise, names: Collection[str]) -> Iterator[str]:
    for need in exercise.requires:
        if need not in names:
            yield f"it requires {need}, which is no exercise.{_guess(need, names)}"
    taken = {name for function in exercise.functions for name in (*function.positional, *function.keywords)}
    made = {name for function in exercise.functions for name in function.outputs}
    learns = [function.name for function in exercise.functions if function.kind == "training"]
    if (len(learns) == 2) != (exercise.training is not None) or len(learns) not in (0, 2):
        yield f"it trains with {' and '.join(learns) or 'nothing'}. Give a train and its predict to learner(...)."
    for name in exercise.axes:
        if name not in taken | made | {"out"}:
            yield f"axes names {name}, which no function takes or returns.{_guess(name, taken | made)}"
    for function in exercise.functions:
        yield from _lawless(exercise, function)
        yield from _lacks(function)
        for case in function.cases:
            if case.check and not any(case.check in other.points for other in exercise.functions):
                yield f"case “{case.name}” is for the check {case.check}, for which no function has points."
        ladder = function.timing.ladder if function.timing else ()
        for case in (*function.cases, *function.stable_cases, *ladder):
            yield from _misfits(function, case, taken, made)


def _lawless(exercise: Exercise, function: Function) -> Iterator[str]:
    """Invariants about outputs, axes and inputs that there are not."""
    for law in function.invariants:
        if law.output not in function.outputs:
            known = f"{function.name} returns {', '.join(function.outputs)}"
            yield f"an invariant is about {law.output}, and {known}.{_guess(law.output, function.outputs)}"
            continue
        if not isinstance(law, Sums):
            continue
        axes = exercise.axes.get(law.output) or exercise.axes.get(law.output.removeprefix("d"), "")
        for axis in law.over.split():
            if axis not in axes.split():
                yield f"an invariant sums {law.output} over {axis}. Name its axes in axes={{...}}."
        if law.times and law.times not in function.positional:
            known = f"{function.name} takes {', '.join(function.positional)}"
            yield f"an invariant multiplies by {law.times}, and {known}.{_guess(law.times, function.positional)}"


def _lacks(function: Function) -> Iterator[str]:
    if function.kind == "training":
        return
    if not function.cases:
        yield f"{function.name} has no cases, so nothing checks it. Add some to cases=[...]."
    if "stability" in function.points and not function.stable_cases:
        yield f"{function.name} has points for stability and no stable cases. Add some to stable=[...]."
    if "speed" in function.points and function.timing is None:
        yield f"{function.name} has points for speed and nothing is timed. Add speed=Speed(...)."
    names = [case.name for case in (*function.cases, *function.stable_cases)]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"{function.name} has two cases named “{name}”, and only one would be asked. Rename one."


def _misfits(function: Function, case: Case, taken: Collection[str], made: Collection[str]) -> Iterator[str]:
    for name in case.draws:
        if name not in taken:
            yield f"case “{case.name}” draws {name}, which no function takes.{_guess(name, taken)}"
    for name in _missing(function, case.draws):
        yield f"case “{case.name}” does not draw {name}, which {function.name} takes. Add {name}=… to it."
    for name in case.accept:
        if name not in made:
            yield f"case “{case.name}” accepts a {name}, which no function returns.{_guess(name, made)}"


def _guess(word: str, names: Collection[str]) -> str:
    near = difflib.get_close_matches(word, sorted(names), n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""
