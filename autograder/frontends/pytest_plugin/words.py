"""Text of a failing test: the feedback on its finding, and a link to its line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.frontends.pytest_plugin.points import Point
from autograder.render.terminal import finding_text
from autograder.report.report import ExerciseReport, Finding


def failure(report: ExerciseReport, found: Finding, point: Point, path: Path) -> str:
    """Return the finding, related findings, the command for the next hint, and the file and line."""
    besides = _besides(report, found, point)
    words = finding_text(found), *besides, _next_hint(report, found), _place(path, found, point)
    return "\n".join(filter(None, words))


def _besides(report: ExerciseReport, found: Finding, point: Point) -> Iterator[str]:
    """Yield the findings that say which half to repair where both are wrong, and the first wrong step."""
    if found.check in ("values", "gradient"):
        related = [f for f in report.findings if f.check == "consistency" or (f.function == point.steps != "")]
        yield from (finding_text(finding) for finding in related if finding.message)


def _next_hint(report: ExerciseReport, found: Finding) -> str:
    more = len(found.ladder) > 1 + bool(found.hint)
    return f"→ handgrad hint {report.name}   for the next step" if more else ""


def _place(path: Path, found: Finding, point: Point) -> str:
    """Return file and line in the form that editors and terminals make a link of."""
    line = found.line or (line_of(path, found.function or point.function) or 0) + 1
    return f"{os.path.relpath(path)}:{line}" if path.suffix == ".py" else ""


def line_of(path: Path, function: str) -> int | None:
    """Return the function's line, counted from 0; None for notebooks. The file is not parsed: it may be no Python."""
    if path.suffix != ".py":
        return None
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(rf"^[ \t]*def[ \t]+{re.escape(function)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) if found else 0
