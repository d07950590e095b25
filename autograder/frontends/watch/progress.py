"""Progress of a student, and what else is kept in .handgrad/ beside the student's files.

If these files are lost, exercises have to be checked again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Literal

from autograder.course.catalog import Course, Outline, signature
from autograder.course.release_folder import Release
from autograder.report.report import ExerciseReport
from autograder.submission.folder import read_submission
from autograder.submission.source import Submission

SCHEMA = "handgrad/progress/1"
FOLDER = ".handgrad"
State = Literal["done", "unchecked", "half done", "slow", "failing", "untouched", "locked"]
STATES: tuple[State, ...] = ("done", "unchecked", "half done", "slow", "failing", "untouched", "locked")
_STUB = "NotImplementedError"
Seen = Mapping[str, Sequence[Any]]
"""Exercise → SHA-256 of the student's text, and whether that is a file of its own without a stub."""


@dataclass
class Progress:
    """Progress of one student."""

    done: dict[str, str] = field(default_factory=dict)
    """Exercise → SHA-256 of the text that passed."""
    points: dict[str, float] = field(default_factory=dict)
    """Exercise → latest score."""
    begun: dict[str, State] = field(default_factory=dict)
    """Exercise that is begun and not done → state at the latest check."""
    current: str | None = None
    """Exercise to continue with."""

    def note(self, graded: ExerciseReport) -> None:
        """Record the verdict on an exercise; a fault of the grader and a missing file change nothing."""
        if graded.status == "broken" or graded.source is None:
            return
        self.forget(graded.name)
        if graded.status == "passed":
            self.done[graded.name] = graded.source
        elif graded.begun:
            words: dict[str, State] = {"half done": "half done", "partly checked": "half done", "slow": "slow"}
            self.begun[graded.name] = words.get(graded.state, "failing")
        if graded.begun:
            self.points[graded.name] = graded.score

    def forget(self, name: str) -> None:
        """Forget all verdicts on an exercise."""
        for record in (self.done, self.points, self.begun):
            record.pop(name, None)

    def compare(self, seen: Seen) -> None:
        """Mark as unchecked the exercises changed since they passed, and those written without a verdict yet."""
        for name in [name for name, sha in self.done.items() if seen.get(name, ("",))[0] != sha]:
            del self.done[name]
            self.begun[name] = "unchecked"
        for name, (_, written) in seen.items():
            if written and name not in self.done and name not in self.begun:
                self.begun[name] = "unchecked"


def states(exercises: Iterable[Outline], progress: Progress) -> dict[str, State]:
    """Return exercise → state; one not begun is locked until the exercises that it requires are done."""
    here = list(exercises)
    known = {exercise.name for exercise in here}

    def state(exercise: Outline) -> State:
        if exercise.name in progress.done:
            return "done"
        free = all(need in progress.done or need not in known for need in exercise.requires)
        return progress.begun.get(exercise.name) or ("untouched" if free else "locked")

    return {exercise.name: state(exercise) for exercise in here}


def following(found: Mapping[str, State], current: str | None) -> str | None:
    """Return the next open exercise after the current one, else the first open one; None where none is open."""
    names = list(found)
    start = names.index(current) + 1 if current and current in found else 0
    return next((name for name in names[start:] + names[:start] if found[name] not in ("done", "locked")), None)


def load(folder: Path) -> Progress:
    """Read the progress of this folder; empty where there is no record that can be read."""
    record = recall(folder, "progress")
    if record.get("schema") != SCHEMA:
        return Progress()
    begun = {name: state for name, state in _only(record.get("begun"), str).items() if state in STATES}
    current = record.get("current")
    return Progress(
        _only(record.get("done"), str), _only(record.get("points"), (int, float)), begun,
        current if isinstance(current, str) else None,
    )  # fmt: skip


def save(folder: Path, progress: Progress) -> None:
    """Write the progress beside the student's files in this folder."""
    keep(folder, "progress", {"schema": SCHEMA, **vars(progress)})


def outlines(folder: Path, course: Course) -> list[Outline]:
    """Return the outlines of a course's exercises, from the record beside the student's files if that is up to date."""
    if isinstance(course, Release):
        return course.outlines()
    rows = _unless_changed(folder, course, "exercises", course.signature, lambda: list(map(astuple, course.outlines())))
    return [Outline(name, unit, tuple(asked), most, tuple(needs)) for name, unit, asked, most, needs in rows]


def look(folder: Path, course: Course) -> Seen:
    """Return the state of each exercise's text in a student's folder or file, from the record if that is up to date."""

    def read() -> Seen:
        return seen_in(read_submission(folder, course.functions), course.functions)

    if not folder.is_dir():
        return read()
    found: Seen = _unless_changed(folder, course, "seen", signature([folder], course.signature), read)
    return found


def seen_in(submission: Submission, functions: Mapping[str, Iterable[str]]) -> Seen:
    """Return exercise → hash of its text in a submission, and whether it is a text of its own without a stub."""
    texts = {name: source.text for name, source in submission.sources.items()}
    written = {name for name, text in texts.items() if text and _STUB not in text}
    found = {name: submission.sources.get(name) or submission.module for name in functions}
    return {name: (source.sha256, name in written) for name, source in found.items() if source}


def _unless_changed(folder: Path, course: Course, name: str, state: str, make: Callable[[], Any]) -> Any:
    """Return the result of `make`, or the recorded result if it was made in the same state. It is recorded only where a
    record exists beside the student's files, or in the assignments/ of a course."""
    kept = recall(folder, name)
    if kept.get("state") == state:
        return kept["made"]
    made = make()
    if (folder / FOLDER).is_dir() or folder.resolve().is_relative_to(course.root / "assignments"):
        keep(folder, name, {"state": state, "made": made})
    return made


def recall(folder: Path, name: str) -> dict[str, Any]:
    """Return the record of this name beside the student's files; {} where none can be read."""
    try:
        record = json.loads((folder / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def keep(folder: Path, name: str, record: Mapping[str, Any]) -> None:
    """Write a record beside the student's files, in a single step; do nothing if the folder is not writable."""
    path = folder / FOLDER / f"{name}.json"
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
        draft.replace(path)


def _only(value: Any, kind: Any) -> dict[str, Any]:
    return {k: v for k, v in value.items() if isinstance(v, kind)} if isinstance(value, dict) else {}
