"""Progress of a student, kept beside the student's files; losing it only costs a check."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from autograder.report.report import ExerciseReport
from autograder.spec.exercise import Exercise

SCHEMA = "handgrad/progress/1"
State = Literal["done", "open", "locked"]


@dataclass
class Progress:
    """Progress of one student."""

    done: dict[str, str] = field(default_factory=dict)
    """Exercise → SHA-256 of the text that passed."""
    points: dict[str, float] = field(default_factory=dict)
    """Exercise → latest score."""
    current: str | None = None
    """Exercise to continue with."""

    def note(self, graded: ExerciseReport) -> None:
        """Record a verdict, except on an exercise that is broken or not written."""
        if graded.status == "broken" or graded.source is None:
            return
        self.points[graded.name] = graded.score
        if graded.status == "passed":
            self.done[graded.name] = graded.source
        else:
            self.done.pop(graded.name, None)

    def forget_changed(self, sources: Mapping[str, str]) -> None:
        """Reopen exercises that were changed since they passed. sources: exercise → SHA-256 of its current text."""
        for name in [name for name, sha in self.done.items() if sources.get(name) != sha]:
            del self.done[name]


def states(exercises: Iterable[Exercise], done: Iterable[str]) -> dict[str, State]:
    """Return exercise → "done", "open", or "locked" until the exercises that it requires are done."""
    here = list(exercises)
    known, ready = {exercise.name for exercise in here}, set(done)
    return {
        exercise.name: "done" if exercise.name in ready
        else "open" if all(need in ready or need not in known for need in exercise.requires)
        else "locked"
        for exercise in here
    }  # fmt: skip


def following(found: Mapping[str, State], current: str | None) -> str | None:
    """Return the next open exercise after the current one, else the first; None where there is none."""
    names = list(found)
    start = names.index(current) + 1 if current and current in found else 0
    return next((name for name in names[start:] + names[:start] if found[name] == "open"), None)


def load(folder: Path) -> Progress:
    """Read the progress of this folder; empty where there is no record that can be read."""
    try:
        record = json.loads(_path(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Progress()
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        return Progress()
    return Progress(
        _only(record.get("done"), str), _only(record.get("points"), (int, float)),
        record["current"] if isinstance(record.get("current"), str) else None,
    )  # fmt: skip


def save(folder: Path, progress: Progress) -> None:
    """Write the progress in a single step; do nothing where the folder cannot be written to."""
    record = {"schema": SCHEMA, "current": progress.current, "done": progress.done, "points": progress.points}
    path = _path(folder)
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
        draft.replace(path)


def _path(folder: Path) -> Path:
    return folder / ".handgrad" / "progress.json"


def _only(value: Any, kind: Any) -> dict[str, Any]:
    return {k: v for k, v in value.items() if isinstance(v, kind)} if isinstance(value, dict) else {}
