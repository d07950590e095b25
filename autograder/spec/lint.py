"""Validation of a spec when it is loaded: one that would check nothing, or fail during a batch, is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from autograder.errors import CourseError, nearest
from autograder.spec.exercise import Alternative, Exercise, Mistake
from autograder.spec.function import Case, Function, Sums


def check_exercise(exercise: Exercise, folder: Path, names: Collection[str], checks: Collection[str]) -> None:
    """Raise CourseError with the first fault of an exercise in this folder. names: all exercises of the course, which
    it may require. checks: those that give points."""
    for fault in _faults(exercise, names, checks):
        raise CourseError(f"{folder / 'spec.py'}: {fault}")
    functions = [function.name for function in exercise.functions]
    items: tuple[Mistake | Alternative, ...] = (*exercise.mistakes, *exercise.alternatives)
    for item in items:
        for fault in _unknown(f"{item.name} answers", [item.function], "which the exercise does not have", functions):
            raise CourseError(f"{folder}: {fault}")


def _unknown(before: str, names: Iterable[str], after: str, known: Collection[str]) -> Iterator[str]:
    """Yield a sentence about each name that is not known, with the known name that may be meant."""
    for name in (name for name in names if name not in known):
        near = nearest(name, sorted(known), 1)
        yield f"{before} {name}, {after}." + (f" Did you mean {near[0]}?" if near else "")


def _missing(function: Function, given: Collection[str]) -> list[str]:
    """Return the positional arguments of a function that are not in `given`, without a backward's dout."""
    return [name for name in function.positional if name not in given and not (name == "dout" and function.forward)]


def _faults(exercise: Exercise, names: Collection[str], checks: Collection[str]) -> Iterator[str]:
    yield from _unknown("it requires", exercise.requires, "which is no exercise", names)
    taken = {name for function in exercise.functions for name in (*function.positional, *function.keywords)}
    made = {name for function in exercise.functions for name in function.outputs}
    learns = [function.name for function in exercise.functions if function.kind == "training"]
    if (len(learns) == 2) != (exercise.training is not None) or len(learns) not in (0, 2):
        yield f"it trains with {' and '.join(learns) or 'nothing'}. Give a train and its predict to learner(...)."
    yield from _unknown("axes names", exercise.axes, "which no function takes or returns", taken | made | {"out"})
    for function in exercise.functions:
        yield from _unknown(f"{function.name} has points for", function.points, "which is no check that gives points",
                            checks)  # fmt: skip
        yield from _lawless(exercise, function)
        yield from _lacks(function)
        for case in function.cases:
            if case.check and not any(case.check in other.points for other in exercise.functions):
                yield f"case “{case.name}” is for the check {case.check}, for which no function has points."
        ladder = function.timing.ladder if function.timing else ()
        for case in (*function.cases, *function.stable_cases, *ladder):
            yield from _misfits(function, case, taken, made)
        for family in exercise.small.get(function.name, ()):
            for name in _missing(function, family.inputs):
                yield f"SMALL does not say {name}, which {function.name} takes. Add {name}=… to it."
    functions = [function.name for function in exercise.functions]
    yield from _unknown("SMALL is given for", exercise.small, "which is no function", functions)


def _lawless(exercise: Exercise, function: Function) -> Iterator[str]:
    """Yield a sentence on each invariant that names an output, an axis or an input that does not exist."""
    for law in function.invariants:
        returns = f"and {function.name} returns {', '.join(function.outputs)}"
        yield from _unknown("an invariant is about", [law.output], returns, function.outputs)
        if isinstance(law, Sums):
            axes = exercise.axes.get(law.output) or exercise.axes.get(law.output.removeprefix("d"), "")
            for axis in (axis for axis in law.over.split() if axis not in axes.split()):
                yield f"an invariant sums {law.output} over {axis}. Name its axes in axes={{...}}."
            takes = f"and {function.name} takes {', '.join(function.positional)}"
            yield from _unknown("an invariant multiplies by", law.times and [law.times], takes, function.positional)


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
    yield from _unknown(f"case “{case.name}” draws", case.draws, "which no function takes", taken)
    for name in _missing(function, case.draws):
        yield f"case “{case.name}” does not draw {name}, which {function.name} takes. Add {name}=… to it."
    yield from _unknown(f"case “{case.name}” accepts a", case.accept, "which no function returns", made)
