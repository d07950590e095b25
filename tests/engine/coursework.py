"""Courses that a test writes: the tiny course's scale, copied and then spoilt."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course.catalog import Course

TINY = Path(__file__).parents[1] / "tiny"

SPEC = """from tiny_oracle import softplus
from autograder.spec import Function, case, normal, plain
EXERCISE = plain(Function(softplus, {{"out": 1}}), cases=[case("one", x=normal(2))], requires={requires!r})
"""


def copy_scale(root: Path) -> Course:
    """A course with one exercise, which a test may spoil."""
    folder = root / "solutions" / "01_tiny" / "scale"
    shutil.copytree(TINY / "solutions" / "01_tiny" / "scale", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return Course(root)


def edit(course: Course, file: str, old: str, new: str) -> None:
    """Replace a piece of one of scale's files; the piece must be there once."""
    path = course.root / "solutions" / "01_tiny" / "scale" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def append(course: Course, file: str, text: str) -> None:
    """Add a piece to one of scale's files."""
    path = course.root / "solutions" / "01_tiny" / "scale" / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def write_exercise(root: Path, unit: str, name: str, requires: tuple[str, ...] = (), spec: str | None = None) -> Path:
    """An exercise with a spec and nothing else; its folder."""
    folder = root / "solutions" / unit / name
    folder.mkdir(parents=True)
    (folder / "spec.py").write_text(SPEC.format(requires=requires) if spec is None else spec, encoding="utf-8")
    return folder
