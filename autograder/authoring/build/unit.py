"""Reading of a unit from disk: its page, pictures, sketches and exercises."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from autograder.authoring.build.notebook import Unit
from autograder.authoring.build.planted import plant
from autograder.authoring.build.statement import read_statement
from autograder.authoring.build.unit_page import read_unit_page
from autograder.course.catalog import Course
from autograder.spec.exercise import Exercise

_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
_SKETCH = re.compile(r"^# %% (\w+)\n", re.MULTILINE)
SKETCHES = "sketches.py"


def read_units(course: Course) -> Iterator[Unit]:
    """Yield the units that have a page, in order; ValueError names the file that is wrong."""
    pages = sorted(course.root.glob("solutions/*/README.md"))
    by_unit: dict[str, list[Exercise]] = {}
    if pages:
        for exercise in course.exercises():
            by_unit.setdefault(exercise.unit, []).append(exercise)
    for page in pages:
        if exercises := by_unit.get(page.parent.name):
            yield _read(course, page, exercises)


def _read(course: Course, page: Path, exercises: list[Exercise]) -> Unit:
    text, names = page.read_text(encoding="utf-8"), [exercise.name for exercise in exercises]
    try:
        parsed = read_unit_page(text, names)
        pictures = {path: _picture(page.parent, path) for path in _PICTURE.findall(text) if "://" not in path}
        sketches = _sketches(page.with_name(SKETCHES), names)
    except ValueError as error:
        raise ValueError(f"{page.relative_to(course.root).as_posix()}: {error}") from error
    statements = {name: read_statement(plant(course.solution(name), course.planted(name))) for name in names}
    points = {exercise.name: exercise.max_score for exercise in exercises}
    gradients = frozenset(exercise.name for exercise in exercises if exercise.gradients)
    return Unit(page.parent.name, parsed, statements, points, pictures, sketches, gradients)


def _picture(folder: Path, path: str) -> tuple[str, str]:
    """Return the picture's file name and base64; for an SVG the PNG beside it, because notebooks attach no SVG."""
    png = (folder / path).with_suffix(".png")
    if not png.exists():
        raise ValueError(f"{path} has no PNG beside it, and a notebook can only hold that. Draw {png.name}.")
    return png.name, b64encode(png.read_bytes()).decode("ascii")


def _sketches(path: Path, names: list[str]) -> dict[str, tuple[str, ...]]:
    """Return exercise → code cells that `# %% exercise` begins in the file."""
    found: dict[str, tuple[str, ...]] = {}
    if not path.exists():
        return found
    _, *parts = _SKETCH.split(path.read_text(encoding="utf-8"))
    for name, code in zip(parts[::2], parts[1::2], strict=True):
        if name not in names:
            raise ValueError(f"{path.name}: `# %% {name}` names no exercise of the unit.")
        found[name] = (*found.get(name, ()), code.strip())
    return found
