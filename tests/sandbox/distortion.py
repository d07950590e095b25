"""Answers that went wrong in every way that plain data can: right ones, distorted at random.

`verdicts(course, cases, seed)` grades that many, with hints and examples, and gives back how they ended. Whatever the
checks, the diagnosis or a renderer raises passes through: no value that the wire can carry may stop the grader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.pipeline import Options, grade_to_teach, report, sum_up, without
from autograder.implementation import Absent, Outcome, Raised, Returned, Stopped
from autograder.render.terminal import feedback_text
from autograder.report.json import to_json
from autograder.report.report import ExerciseReport
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Exercise
from autograder.values import Unsupported
from tests.sandbox.fuzzing import Draw
from tests.texts import grades_csv

SKIPPED = frozenset({"speed", "training"})
_DTYPES = ("f8", "f4", "f2", "i8", "i4", "i1", "u8", "u1", "b1")
_ENDS: tuple[Outcome, ...] = (
    Raised("ValueError", "x" * 500, 3), Raised("Exception"), Raised("ModuleNotFoundError", "no", 1, "torch"),
    Raised("RecursionError", "\u202e\x1b[0m", None), Stopped("time"), Stopped("memory", "big"), Stopped("crash"),
    Stopped("output"), Stopped("protocol"), Absent("missing"), Absent("syntax", "odd", 3), Absent("not callable"),
)  # fmt: skip


class Distorted(InProcess):
    """Implementation that distorts some answers of the oracle."""

    def __init__(self, exercise: Exercise, draw: Draw) -> None:
        super().__init__({function.name: function.oracle for function in exercise.functions})
        self._draw = draw

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], **rest: Any) -> Outcome:
        """Return the oracle's outcome, distorted or not."""
        r = self._draw.random
        outcome = super().call(function, args, kwargs, **rest)
        if r.random() < 0.05:
            return r.choice(_ENDS)
        if not isinstance(outcome, Returned) or r.random() < 0.3:
            return outcome
        changed = tuple(rest["names"][:1]) if r.random() < 0.1 else ()
        return replace(outcome, value=self._distorted(_plain(outcome.value)), changed=changed)

    def _distorted(self, value: Any) -> Any:
        r = self._draw.random
        if isinstance(value, list | tuple) and value and r.random() < 0.9:
            at = r.randrange(len(value))
            return type(value)(self._distorted(item) if i == at else item for i, item in enumerate(value))
        if isinstance(value, dict) and value and r.random() < 0.9:
            key = r.choice(list(value))
            return {**value, key: self._distorted(value[key])}
        if isinstance(value, np.ndarray) and r.random() < 0.9:
            return self._bent(value)
        return r.choice((self._draw.value(), Unsupported("object"), None, value))

    def _bent(self, array: Any) -> Any:
        r = self._draw.random
        spoilt = array.astype(np.float64)
        if array.size:
            spoilt.flat[r.randrange(array.size)] = r.choice((np.nan, np.inf, -np.inf, 1e308, 5e-324, -0.0))
        with np.errstate(all="ignore"):
            return r.choice((
                array.astype(r.choice(_DTYPES)), array[None], array.T.copy(), array.reshape(-1), array.reshape(-1)[:0],
                spoilt, array.tolist(), array * r.choice((0, 2, -1, 1e300, 1 + 1e-9)), np.flip(array).copy(),
                -array - 1, np.zeros(array.shape, r.choice(_DTYPES)), array.sum(),
                np.asfortranarray(array), array.reshape(-1)[:1],
            ))  # fmt: skip


def _plain(value: Any) -> Any:
    """Return the value as it is after decoding: NumPy scalars become arrays."""
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return np.asarray(value) if isinstance(value, np.generic) else value


def verdicts(course: Course, names: Sequence[str], cases: int, seed: int = 0) -> Counter[str]:
    """Grade so many distorted answers to these exercises and return the statuses."""
    ended: Counter[str] = Counter()
    exercises = [without(course.exercise(name), SKIPPED) for name in names]
    variants = [Variant(exercise, 7) for exercise in exercises]
    for number in range(seed, seed + cases):
        try:
            ended[_verdict(variants[number % len(variants)], Draw(number)).status] += 1
        except Exception as error:
            error.add_note(f"case {number}: {names[number % len(names)]}")
            raise
    return ended


def _verdict(variant: Variant, draw: Draw) -> ExerciseReport:
    options = Options(skip=SKIPPED, reveal=draw.random.random() < 0.5)
    findings = grade_to_teach(variant, Distorted(variant.exercise, draw), options)
    made = sum_up(variant.exercise, findings)
    assert 0 <= made.score <= made.max_score
    whole = report("student", "sealed", (made,))
    assert to_json(whole) and feedback_text(whole, verbose=True) and grades_csv([whole])
    return made
