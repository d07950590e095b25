"""What there is to ask of an exercise: known before anything was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.checks import CHECKS
from autograder.report.report import Finding
from autograder.spec.exercise import Exercise


@dataclass(frozen=True)
class Point:
    """What one test asks for: the finding of a check, of a function, of an output. worth: in points.

    steps: the function that a student may define to be told the first wrong step.
    """

    check: str
    function: str
    output: str | None = None
    worth: float = 0.0
    steps: str = ""

    @property
    def name(self) -> str:
        """conv2d_backward[dx]: so `-k`, and a node id without brackets, choose a whole function."""
        return f"{self.function}[{self.output or self.check}]"

    def among(self, findings: Iterable[Finding]) -> Finding | None:
        """Its finding."""
        asked = self.check, self.function, self.output
        return next((found for found in findings if (found.check, found.function, found.output) == asked), None)


def points_of(exercise: Exercise) -> Iterator[Point]:
    """In the order of the functions. What is worth nothing besides, consistency and steps, is told with a failure."""
    for function in exercise.functions:
        yield Point("contract", function.name)
        steps = function.steps.__name__ if function.steps else ""
        for output, worth in function.outputs.items():
            yield Point(function.kind, function.name, output, worth, steps)
        earned = (check for check in CHECKS if check in function.points)
        yield from (Point(check, function.name, None, function.points[check]) for check in earned)
