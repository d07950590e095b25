"""What a failing test says: the feedback on its finding, and the place to click on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.frontends.pytest_plugin.points import Point
from autograder.render.text import finding_text
from autograder.report.report import ExerciseReport, Finding


def failure(report: ExerciseReport, found: Finding, point: Point, path: Path) -> str:
    """The finding, what else points to the cause, the next hint's command, and where to look."""
    besides = _besides(report, found, point)
    words = finding_text(found), *besides, _next_hint(report, found), _place(path, found, point)
    return "\n".join(filter(None, words))


def _besides(report: ExerciseReport, found: Finding, point: Point) -> Iterator[str]:
    """Which half to repair where both are wrong, and the first wrong step where the student named some."""
    if found.check in ("values", "gradient"):
        told = [f for f in report.findings if f.check == "consistency" or (f.function == point.steps != "")]
        yield from (finding_text(finding) for finding in told if finding.message)


def _next_hint(report: ExerciseReport, found: Finding) -> str:
    more = len(found.ladder) > 1 + bool(found.hint)
    return f"→ handgrad hint {report.name}   for the next step" if more else ""


def _place(path: Path, found: Finding, point: Point) -> str:
    """As editors and terminals make a link of it."""
    line = found.line or (line_of(path, found.function or point.function) or 0) + 1
    return f"{os.path.relpath(path)}:{line}" if path.suffix == ".py" else ""


def line_of(path: Path, function: str) -> int | None:
    """Counted from 0; None where it cannot be told. The file is not parsed: it may be no Python yet."""
    if path.suffix != ".py":
        return None
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(rf"^[ \t]*def[ \t]+{re.escape(function)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) if found else 0
