"""Findings that an exercise will have, known before it is graded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.checks import CHECKS
from autograder.report.report import Finding
from autograder.spec.exercise import Exercise


@dataclass(frozen=True)
class Point:
    """Finding that one test asserts."""

    check: str
    """Name of the check."""
    function: str
    output: str | None = None
    """None for a check of the whole function."""
    worth: float = 0.0
    """Maximum score."""
    steps: str = ""
    """Function that a student may define to learn the first wrong step; "" for none."""

    @property
    def name(self) -> str:
        """Return a name such as conv2d_backward[dx], so that `-k` and a node id without brackets select a function."""
        return f"{self.function}[{self.output or self.check}]"

    def among(self, findings: Iterable[Finding]) -> Finding | None:
        """Return the finding of this point."""
        asked = self.check, self.function, self.output
        return next((found for found in findings if (found.check, found.function, found.output) == asked), None)


def points_of(exercise: Exercise) -> Iterator[Point]:
    """Yield an exercise's points, by function. Consistency and steps earn nothing: a failure reports them."""
    for function in exercise.functions:
        yield Point("contract", function.name)
        steps = function.steps.__name__ if function.steps else ""
        for output, worth in function.outputs.items():
            yield Point(function.kind, function.name, output, worth, steps)
        earned = (check for check in CHECKS if check in function.points)
        yield from (Point(check, function.name, None, function.points[check]) for check in earned)
