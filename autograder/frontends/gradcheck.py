"""The function `gradcheck`: a student's own forward and backward against each other, in the student's own process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks.gradient import directionals
from autograder.checks.variant import Inputs, Variant, arguments
from autograder.course.catalog import Course
from autograder.course.release_folder import find_course_or_release
from autograder.errors import UsageError
from autograder.frontends.notebook.checking import COURSE, CheckError
from autograder.numeric.derivative import Leaves
from autograder.numeric.gradcheck import TIME_UP, check_gradients, form_problem
from autograder.numeric.gradients import Gradient, GradientCheck
from autograder.numeric.wiring import CheckedFunction, Failure
from autograder.sandbox.inprocess import materialise
from autograder.spec.exercise import Exercise
from autograder.spec.function import Case, Function

SECONDS = 20.0
ENTRIES = 10
"""Entries of each gradient that are compared in each case of an exercise."""


def gradcheck(
    forward: Callable[..., Any] | str, backward: Any = None, *inputs: Any, dout: Any = None,
    wrt: Sequence[str] | None = None, entries: int | None = None, seed: int = 0, seconds: float = SECONDS, **hyper: Any,
) -> GradientCheck:  # fmt: skip
    """Compare what backward returns with the numerical derivative of forward, entry by entry.

    gradcheck(dense_forward, dense_backward, x, w, b) takes functions and inputs of your own; hyperparameters are given
    by keyword and reach both. gradcheck("dense") takes your functions of an exercise, and the inputs that `check` uses.
    forward returns an array, a number, or a tuple that begins with one. backward takes dout and forward's inputs, or
    of a loss the inputs alone, and returns a gradient for each input that has one; None where forward returns (loss,
    gradients). dout: Gaussian by default. wrt: names of the inputs that have a gradient, where they are not the first
    ones. entries: of a larger gradient so many are drawn with `seed`. seconds: when to stop.

    The result is true when all is right; printed, it has a line for each gradient; `.errors` are the relative errors.
    """
    if not isinstance(forward, str):
        return check_gradients(forward, backward, inputs, hyper, dout=dout, wrt=wrt, entries=entries or 100, seed=seed,
                               seconds=seconds)  # fmt: skip
    frame = sys._getframe(1)
    names = {**frame.f_globals, **frame.f_locals}
    course = find_course_or_release(Path(os.environ.get(COURSE) or os.getcwd()))
    try:
        exercise = find_exercise(course, forward)
        given = None if backward is None else (backward, *inputs)
        return check_exercise(exercise, names, seed, entries or ENTRIES, seconds, given, hyper)
    except UsageError as error:
        raise CheckError(str(error)) from None


def find_exercise(course: Course, name: str) -> Exercise:
    """The exercise of this name, or with a function of this name; UsageError if it has no gradient or is unknown."""
    picked, *others = course.pick([name])
    if others:
        raise UsageError(f"{name} is a unit: name one of its exercises.")
    exercise = course.exercise(picked)
    if not exercise.gradients:
        raise UsageError(f"{picked} has no gradient to check. `handgrad check {picked}` checks its values.")
    return exercise


def check_exercise(
    exercise: Exercise, names: Mapping[str, Any], seed: int = 0, entries: int = ENTRIES, seconds: float = SECONDS,
    given: Sequence[Any] | Mapping[str, Any] | None = None, hyper: Mapping[str, Any] | None = None,
) -> GradientCheck:  # fmt: skip
    """Check the gradients of an exercise's functions in a namespace, on drawn, recorded or given inputs."""
    deadline = time.monotonic() + seconds
    variant = Variant(exercise, seed)
    checks = [_check(variant, function, names, seed, entries, deadline, given, hyper or {})
              for function in exercise.gradients]  # fmt: skip
    title = f"{exercise.name}: {'; '.join(dict.fromkeys(check.title for check in checks))}"
    return GradientCheck(title, *(tuple(dict.fromkeys(item for check in checks for item in getattr(check, part)))
                                  for part in ("gradients", "problems", "notes")))  # fmt: skip


def _check(
    variant: Variant, function: Function, names: Mapping[str, Any], seed: int, entries: int, deadline: float,
    given: Sequence[Any] | Mapping[str, Any] | None, hyper: Mapping[str, Any],
) -> GradientCheck:  # fmt: skip
    wanted = function.forward or function  # which is differentiated; it may return (loss, grads) itself
    forward = _own_forward(variant.exercise, wanted, names)
    if function.name not in names:
        words = f"{function.name} is not defined here: run its cell or import it."
        return GradientCheck(function.name, problems=(words,))
    code = names[function.name]
    backward = code if function.forward else None
    if given is not None:
        if forward is None:
            words = f"{wanted.name} is not defined here, and inputs of your own need it"
            raise UsageError(f"{words}: define or import it.")
        return _on_given(forward, names[forward.name], backward, given, hyper, entries, seed, deadline)
    found: list[tuple[Case, GradientCheck]] = []
    notes: tuple[str, ...] = ()
    for case in (*function.cases, *function.stable_cases):
        if case.steps != 1:
            continue
        if forward is None and not case.accept:
            check = _along(variant, function, code, case)
            if check.gradients or check.problems:  # in a nearly flat case no derivative can be measured
                found.append((case, check))
        elif forward and (inputs := _inputs(variant, function, forward, case)) is not None:
            wrt = [name.removeprefix("d") for name in function.outputs] if backward else None
            check = _on_given(forward, names[forward.name], backward, inputs, {}, entries, seed, deadline, wrt)
            wrong = check.problems or any(gradient.status == "wrong" for gradient in check.gradients)
            if found and TIME_UP in check.notes and not wrong:
                notes = (f"{TIME_UP}: {len(found)} of {len(function.cases)} cases were",)
                break
            if not case.accept or wrong:  # where several values are right, most entries may lie at corners
                found.append((case, check))
        if found and not found[-1][1].ok:
            break
    title = ", ".join(dict.fromkeys([forward.name if forward else function.name, function.name]))
    merged = _merged(title, found)
    return replace(merged, notes=(*merged.notes, *notes))


def _on_given(
    forward: Function, code: Any, backward: Any, given: Sequence[Any] | Mapping[str, Any], hyper: Mapping[str, Any],
    entries: int, seed: int, deadline: float, wrt: Sequence[str] | None = None,
) -> GradientCheck:  # fmt: skip
    """Check on these inputs; by name, dout and hyperparameters may be among them."""
    named = dict(given) if isinstance(given, Mapping) else {}
    positional = {name: named.pop(name) for name in forward.positional if name in named}
    dout = named.pop("dout", None)
    inputs = positional or (() if isinstance(given, Mapping) else given)
    return check_gradients(code, backward, inputs, {**named, **hyper}, dout=dout, wrt=wrt, entries=entries, seed=seed,
                           seconds=max(deadline - time.monotonic(), 0.0))  # fmt: skip


def _own_forward(exercise: Exercise, wanted: Function, names: Mapping[str, Any]) -> Function | None:
    """The function in the namespace that is differentiated: the forward, or one that takes its arguments and more."""
    near = [f for f in exercise.functions if f.kind == "values" and tuple(f.outputs)[:1] == tuple(wanted.outputs)[:1]
            and f.positional[: len(wanted.positional)] == wanted.positional]  # fmt: skip
    return next((f for f in (wanted, *near) if f.name in names), None)


def _inputs(variant: Variant, function: Function, forward: Function, case: Case) -> Inputs | None:
    """Arguments by name, of a case that both functions have, dout among them; None where one lacks it."""
    inputs = dict(variant.calls(function, case)[0].inputs)
    if forward.name != (function.forward or function).name:  # it takes more, and its cases hold that
        same = next((each for each in (*forward.cases, *forward.stable_cases) if each.name == case.name), None)
        if same is None:
            return None
        inputs = {**variant.calls(forward, same)[0].inputs, **inputs}
    ordered = [*(name for name in forward.positional if name in inputs), *inputs]
    return {name: materialise(inputs[name]) for name in dict.fromkeys(ordered)}


def _along(variant: Variant, backward: Function, code: Any, case: Case) -> GradientCheck:
    """Compare along one direction with the derivative of the reference's forward, where the student has none here."""
    name = backward.forward.name if backward.forward else ""
    inputs = variant.calls(backward, case)[0].inputs
    args, options = arguments(backward, inputs)
    notes = (f"{name} is not defined here: compared with the derivative of the reference's along a random direction",)
    gradients: list[Gradient] = []
    try:
        called = CheckedFunction(code, options, backward.name)
        value = called(backward.positional, args, quiet=False)
        values = value if isinstance(value, tuple) else (value,)
        if len(values) != len(backward.outputs):
            words = f"{backward.name} returns {len(values)} values, expected ({', '.join(backward.outputs)})."
            return GradientCheck("", problems=(words,), notes=notes)
    except Failure as failure:
        return GradientCheck("", problems=(str(failure),), notes=notes)
    for (output, measured), given in zip(_measured(variant, backward, case), values, strict=True):
        key = output.removeprefix("d")
        size = Leaves(inputs[key]).flat.size
        if words := form_problem(output, given, inputs[key], key):
            gradients.append(Gradient(output, "wrong", np.inf, words, size=size))
        elif measured:
            error = measured.error(Leaves(given, inputs[key]).flat)
            right = error <= measured.precision  # False for NaN
            gradients.append(Gradient(output, "ok" if right else "wrong", error, size=size, along=True))
    return GradientCheck("", tuple(gradients), tuple(called.changes()), notes)


def _measured(variant: Variant, function: Function, case: Case) -> list[tuple[str, Any]]:
    found = directionals(variant, function, case)
    return [(output, found.get(output)) for output in function.outputs]


def _merged(title: str, found: Sequence[tuple[Case, GradientCheck]]) -> GradientCheck:
    """One result for all cases, of which the last may be wrong: of each gradient the one with the largest error."""
    if found and not found[-1][1].ok:
        case, check = found[-1]
        count = f", case “{case.name}”" + (f" after {len(found) - 1} that are right" if len(found) > 1 else "")
        return replace(check, title=title + count)
    worst: dict[str, Gradient] = {}
    for _, check in found:
        for gradient in check.gradients:
            worst[gradient.name] = max(worst.get(gradient.name, gradient), gradient, key=lambda each: each.error)
    notes = dict.fromkeys(text for _, check in found for text in check.notes)
    return GradientCheck(f"{title} in {len(found)} cases", tuple(worst.values()), notes=tuple(notes))
