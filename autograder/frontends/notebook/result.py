"""A verdict as an object: true or false, a number of points, text in a terminal, a panel in a notebook."""

from __future__ import annotations

from typing import Any

from autograder.report.report import Report


class Result:
    """What `check` returns. report: the record (docs/report-schema.md). Shown as text, or as HTML where that can be."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @property
    def passed(self) -> bool:
        """Whether everything is right."""
        return self.report.status == "passed"

    @property
    def score(self) -> float:
        """Points."""
        return self.report.score

    @property
    def max_score(self) -> float:
        """The most points there are."""
        return self.report.max_score

    @property
    def series(self) -> dict[str, tuple[float, ...]]:
        """Curves that came along, such as the loss of each epoch: name → values."""
        findings = [finding for exercise in self.report.exercises for finding in exercise.findings]
        return {name: values for finding in findings for name, values in finding.series.items()}

    def __bool__(self) -> bool:
        return self.passed

    def __float__(self) -> float:
        return self.score

    def __repr__(self) -> str:
        from autograder.render.text import feedback_text

        return feedback_text(self.report).rstrip("\n")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from autograder.frontends.notebook.panel import panel

        return {"text/plain": repr(self), "text/html": panel(self.report)}
