"""Opening a release: a folder with record/ in place of solutions/, which has the interface of a course.

record/release.json is its index, record/<unit>/<exercise>.npz are its exercises. No code of it is executed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.catalog import Course, Outline, find_course
from autograder.errors import CourseError

if TYPE_CHECKING:
    from autograder.spec.exercise import Exercise

SCHEMA = "handgrad/release/2"
INDEX = "record/release.json"
STUBS = "record/stubs.json"
"""Unit/exercise.py → the text that students begin with, for `handgrad watch` to put an exercise back."""
_AGAIN = "Get it again from your course's repository."


@dataclass(frozen=True)
class Release(Course):
    """A release on disk. Its exercises are records, without code."""

    @cached_property
    def index(self) -> Mapping[str, Any]:
        """Return the content of record/release.json; CourseError if it is no index of this schema."""
        path = self.root / INDEX
        try:
            index = json.loads(path.read_text(encoding="utf-8"))
            found = index["schema"]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise CourseError(f"{path} is no index of a release: {error}. {_AGAIN}") from error
        if found != SCHEMA:
            words = f"{path} is written as {found}, this engine reads {SCHEMA}"
            raise CourseError(f"{words}. Install the engine that the release names: pip install -r requirements.txt")
        return dict(index)

    @property
    def has_rules(self) -> bool:
        """Return whether the index holds assignments, the only part of the course's rules that a release has."""
        return bool(self.index.get("assignments"))

    @cached_property
    def folders(self) -> dict[str, Path]:
        """Return exercise name → its record file, in teaching order."""
        try:
            return {name: self.root / "record" / _plain(unit) / f"{_plain(name)}.npz"
                    for name, unit, *_ in self.index["exercises"]}  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise CourseError(f"{self.root / INDEX} names no exercises: {error}. {_AGAIN}") from error

    @cached_property
    def functions(self) -> dict[str, tuple[str, ...]]:
        """Return exercise name → the functions that it asks for."""
        return {name: tuple(functions) for name, _, functions, *_ in self.index["exercises"] if name in self.folders}

    def outlines(self) -> list[Outline]:
        """Return the outlines of all exercises, which the index holds."""
        try:
            return [Outline(name, unit, tuple(functions), float(points), tuple(requires))
                    for name, unit, functions, points, requires in self.index["exercises"]]  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise CourseError(f"{self.root / INDEX} lists no exercises: {error}. {_AGAIN}") from error

    def _load(self, name: str) -> Exercise:
        """Read an exercise from its record; CourseError if the record is damaged."""
        from autograder.record.read import read_exercise

        return read_exercise(self._folder(name))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.folders)}


def find_release(start: Path) -> Release | None:
    """Return the release that `start` is or lies in; None if there is none."""
    for folder in (start, *start.resolve().parents):
        if (folder / INDEX).is_file():
            return Release(folder.resolve())
    return None


def find_course_or_release(start: Path) -> Course:
    """Return the nearest course or release that `start` lies in; CourseError if there is neither.

    A folder that is both is a release: it is a student's, and solutions/ in it would be run.
    """
    release = find_release(start)
    try:
        course = find_course(start)
    except CourseError:
        if release:
            return release
        raise
    return release if release and release.root.is_relative_to(course.root) else course


def _plain(name: str) -> str:
    if not re.fullmatch(r"[\w-]+", name):
        raise ValueError(f"{name!r} is no name")
    return name
