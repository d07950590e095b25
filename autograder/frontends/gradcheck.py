"""The function `gradcheck`: a student's forward and backward checked against each other in the student's process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks.gradient import directionals, relative_error
from autograder.checks.judge import explain
from autograder.checks.trial import Trial
from autograder.checks.values import change_words
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.course.release_folder import find_course_or_release
from autograder.errors import UsageError
from autograder.frontends.notebook.checking import COURSE, CheckError
from autograder.numeric.gradcheck import TIME_UP, Gradient, GradientCheck, check_gradients, form_problem
from autograder.sandbox.inprocess import InProcess, load, materialise
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
    ones. entries: number compared of a larger gradient, drawn with `seed`. seconds: time after which it ends.

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
    """Return the exercise of this name or with such a function; UsageError if it is unknown or has no gradient."""
    picked, *others = course.pick([name])
    if others:
        raise UsageError(f"{name} is a unit: name one of its exercises.")
    exercise = course.exercise(picked)
    if not exercise.gradients:
        raise UsageError(f"{picked} has no gradient to check. `handgrad check {picked}` checks its values.")
    return exercise


def read_inputs(path: Path) -> dict[str, Any]:
    """Return name → array of a .npz file, arrays without axes as numbers; UsageError if it is no such file."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] if file[name].ndim else file[name].item() for name in file.files}
    except Exception as error:
        words = f"{path} is no .npz of arrays: {error}"
        raise UsageError(f"{words}. Write one with np.savez({path.name!r}, x=x).") from error


def run_text(text: str, origin: str) -> tuple[Mapping[str, Any], str]:
    """Run a text in this process; return the functions that it defines, and why it could not be run, "" if it was."""
    try:
        return load(text, origin).functions, ""
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too
        return {}, f"{origin} does not run: {type(error).__name__}: {error}."


def check_exercise(
    exercise: Exercise, names: Mapping[str, Any], seed: int = 0, entries: int = ENTRIES, seconds: float = SECONDS,
    given: Sequence[Any] | Mapping[str, Any] | None = None, hyper: Mapping[str, Any] | None = None,
) -> GradientCheck:  # fmt: skip
    """Return the gradient check of a namespace's functions for an exercise, on drawn, recorded or given inputs.

    given: inputs in order, or by name, dout and hyperparameters among them.
    """
    deadline, variant, checks = time.monotonic() + seconds, Variant(exercise, seed), list[GradientCheck]()

    def check_in_time(*codes_and_inputs: Any, **options: Any) -> GradientCheck:
        left = max(deadline - time.monotonic(), 0.0)
        return check_gradients(*codes_and_inputs, entries=entries, seed=seed, seconds=left, **options)

    for function in exercise.gradients:
        wanted = function.forward or function  # what is differentiated, or one that takes its arguments and more
        near = (each for each in exercise.functions if each.kind == "values"
                and tuple(each.outputs)[:1] == tuple(wanted.outputs)[:1]
                and each.positional[: len(wanted.positional)] == wanted.positional)  # fmt: skip
        forward = next((each for each in (wanted, *near) if each.name in names), wanted)
        asked = [function, forward] if given is not None or forward in exercise.functions else [function]
        lacking = [code.name for code in asked if code.name not in names]
        backward = names.get(function.name) if function.forward else None
        check = partial(check_in_time, names.get(forward.name), backward)
        if lacking:
            words = f"{lacking[0]} is not defined here: run its cell or import it."
            checks.append(GradientCheck(function.name, problems=(words,)))
        elif isinstance(given, Mapping):
            checks.append(_on_inputs(given, forward, check))
        elif given is not None:
            checks.append(check(given, hyper or {}))
        elif forward.name in names:
            title = ", ".join(dict.fromkeys([forward.name, function.name]))
            checks.append(_in_cases(title, function, partial(_on_case, variant, function, forward, check)))
        else:
            trial = Trial(variant, InProcess(names))
            checks.append(_in_cases(function.name, function, partial(_along, trial, function)))
    title = f"{exercise.name}: {'; '.join(dict.fromkeys(check.title for check in checks))}"
    return GradientCheck(title, *(tuple(dict.fromkeys(item for check in checks for item in getattr(check, part)))
                                  for part in ("gradients", "problems", "notes")))  # fmt: skip


def _on_case(
    variant: Variant, function: Function, forward: Function, check: Callable[..., GradientCheck], case: Case
) -> GradientCheck | None:
    """Return the gradient check on the inputs of a case; None where forward does not have the case."""
    inputs = dict(variant.calls(function, case)[0].inputs)
    if forward.name != (function.forward or function).name:  # it takes more, and its cases hold that
        same = next((each for each in (*forward.cases, *forward.stable_cases) if each.name == case.name), None)
        if same is None:
            return None
        inputs = {**variant.calls(forward, same)[0].inputs, **inputs}
    alive = {name: materialise(value) for name, value in inputs.items()}
    wrt = [name.removeprefix("d") for name in function.outputs] if function.forward else None
    return _on_inputs(alive, forward, check, wrt=wrt)


def _on_inputs(
    inputs: Mapping[str, Any], forward: Function, check: Callable[..., GradientCheck], **options: Any
) -> GradientCheck:
    """Return the gradient check on these inputs by name: forward's positional ones, hyperparameters and dout."""
    ordered = {name: inputs[name] for name in forward.positional if name in inputs}
    hyper = {name: value for name, value in inputs.items() if name not in ordered and name != "dout"}
    return check(ordered, hyper, dout=inputs.get("dout"), **options)


def _along(trial: Trial, function: Function, case: Case) -> GradientCheck | None:
    """Compare a backward, whose forward students do not write, with the reference's derivative along a direction."""
    measured, seen = directionals(trial.variant, function, case), trial.call_case(function, case)
    if seen.outputs is None:
        return GradientCheck("", problems=(explain(function, seen.outcome).text,))
    gradients = []
    for output, found in measured.items():
        given, expected = seen.outputs[0][output], seen.calls[0].expected[output]
        error, words = relative_error(found, given, expected), form_problem(output, given, expected, output[1:])
        right = not words and error is not None and error <= found.precision  # False for NaN
        gradients.append(Gradient(output, "ok" if right else "wrong", np.inf if error is None else error, words))
    notes = ("forward is not asked for: compared with the reference's along a random direction",)
    problems = (change_words(function, seen.changed),) if seen.changed else ()
    return GradientCheck("", tuple(gradients), problems, notes) if gradients or problems else None


def _in_cases(title: str, function: Function, check: Callable[[Case], GradientCheck | None]) -> GradientCheck:
    """Return the gradient check over all cases, or that of the first case that is wrong."""
    worst: dict[str, Gradient] = {}
    notes: dict[str, None] = {}
    count = 0
    for case in (*function.cases, *function.stable_cases):
        found = check(case) if case.steps == 1 else None
        if found is None:
            continue
        wrong = found.problems or any(gradient.status == "wrong" for gradient in found.gradients)
        if count and TIME_UP in found.notes and not wrong:
            notes[f"{TIME_UP}: {count} of {len(function.cases)} cases were"] = None
            break
        if case.accept and not wrong:
            continue  # where several values are right, most entries may lie at corners
        if not found.ok:
            after = f" after {count} that are right" if count else ""
            return replace(found, title=f"{title}, case “{case.name}”{after}")
        count += 1
        for gradient in found.gradients:
            worst[gradient.name] = max(worst.get(gradient.name, gradient), gradient, key=lambda each: each.error)
        notes |= dict.fromkeys(found.notes)
    return GradientCheck(f"{title} in {count} cases", tuple(worst.values()), notes=tuple(notes))
