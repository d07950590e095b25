"""Result of `check`: a truth value, a number of points, text in a terminal and a panel in a notebook."""

from __future__ import annotations

from typing import Any

from autograder.report.report import Report


class Result:
    """Result of `check`. report: the record (docs/report-schema.md)."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @property
    def passed(self) -> bool:
        """Return whether everything is right."""
        return self.report.status == "passed"

    @property
    def score(self) -> float:
        """Return the points."""
        return self.report.score

    @property
    def max_score(self) -> float:
        """Return the maximum score."""
        return self.report.max_score

    @property
    def series(self) -> dict[str, tuple[float, ...]]:
        """Return name → values of the recorded curves, such as the loss of each epoch."""
        findings = [finding for exercise in self.report.exercises for finding in exercise.findings]
        return {name: values for finding in findings for name, values in finding.series.items()}

    def __bool__(self) -> bool:
        return self.passed

    def __float__(self) -> float:
        return self.score

    def __repr__(self) -> str:
        from autograder.render.terminal import feedback_text

        return feedback_text(self.report).rstrip("\n")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from autograder.render.html import panel

        return {"text/plain": repr(self), "text/html": panel(self.report)}
