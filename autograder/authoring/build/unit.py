"""Reading of a unit from disk: its page, section by section with the exercises that follow, pictures and sketches."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.authoring.build.stub import Statement, plant, read_statement
from autograder.course.catalog import Course, text_of
from autograder.spec.exercise import Exercise

_PLACE = re.compile(r"<!-- exercises: ([\w, ]+) -->\n*")
_ITEM = re.compile(r"^\d+\. \[(\w+)\]\(\1/\)(.*)$", re.MULTILINE)
_LINK = re.compile(r"\]\((?:\.\./(\d\w*)|(\w+))/\)")


@dataclass(frozen=True)
class Section:
    """Markdown below one heading, and the exercises that follow it."""

    title: str
    text: str
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitPage:
    """The page of a unit, its README.md, in sections."""

    title: str
    """Title with the unit's number."""
    text: str
    """Text above the first section."""
    sections: tuple[Section, ...]
    contents: Mapping[str, str]
    """Exercise → its description in the list of exercises."""


def read_unit_page(page: str, exercises: Sequence[str]) -> UnitPage:
    """Return the content of a unit's README; ValueError where it places an exercise twice or an unknown one.

    exercises: the unit's, in teaching order; those that no section places follow the last section.
    """
    head, *rest = re.split(r"^## ", page, flags=re.MULTILINE)
    title, _, text = head.strip().partition("\n")
    contents = {name: words.strip() for name, words in _ITEM.findall(page)}
    sections: list[Section] = []
    placed: set[str] = set()
    for heading, _, below in (part.partition("\n") for part in rest if not _ITEM.search(part)):
        names = tuple(name.strip() for found in _PLACE.findall(below) for name in found.split(","))
        for name in names:
            if name not in exercises:
                known = ", ".join(exercises)
                raise ValueError(f"<!-- exercises: {name} -->: the unit has no such exercise. It has {known}.")
            if name in placed:
                raise ValueError(f"<!-- exercises: {name} -->: it is placed twice. Keep one of them.")
            placed.add(name)
        sections.append(Section(heading.strip(), _linked(_PLACE.sub("", below).strip()), names))
    if left := tuple(name for name in exercises if name not in placed):
        last = sections.pop() if sections else Section("", "")
        sections.append(replace(last, exercises=last.exercises + left))
    return UnitPage(title.removeprefix("# "), _linked(text.strip()), tuple(sections), contents)


def _linked(text: str) -> str:
    """Return Markdown in which links to units lead to their notebooks, and links to exercises to their headings."""
    return _LINK.sub(lambda link: f"](../{link[1]}/{link[1]}.ipynb)" if link[1] else f"](#{link[2]})", text)


_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
_SKETCH = re.compile(r"^# %% (\w+)\n", re.MULTILINE)
SKETCHES = "sketches.py"


@dataclass(frozen=True)
class Unit:
    """Contents of a unit's notebook."""

    name: str
    page: UnitPage
    exercises: Mapping[str, Exercise]
    """Exercises by name, in teaching order."""
    statements: Mapping[str, Statement]
    pictures: Mapping[str, tuple[str, str]]
    """Path in the page → file name and base64 of a PNG."""
    sketches: Mapping[str, tuple[str, ...]]
    """Exercise → code cells that follow its check."""

    def only(self, names: Collection[str]) -> Unit:
        """Return the unit with these exercises; sections that had others only are left out."""
        kept = (each for each in self.page.sections if not each.exercises or set(names).intersection(each.exercises))
        sections = [replace(each, exercises=tuple(name for name in each.exercises if name in names)) for each in kept]
        exercises = {name: exercise for name, exercise in self.exercises.items() if name in names}
        return replace(self, page=replace(self.page, sections=tuple(sections)), exercises=exercises)


def read_units(course: Course) -> Iterator[Unit]:
    """Yield the units that have a page, in order; ValueError names the file that is wrong."""
    pages = sorted(course.root.glob("solutions/*/README.md"))
    exercises = course.exercises() if pages else []
    for page in pages:
        if theirs := [exercise for exercise in exercises if exercise.unit == page.parent.name]:
            yield _read(course, page, theirs)


def _read(course: Course, page: Path, exercises: list[Exercise]) -> Unit:
    text, names = page.read_text(encoding="utf-8"), [exercise.name for exercise in exercises]
    statements = {name: read_statement(plant(course.solution(name), course.planted(name))) for name in names}
    pictures = {}
    try:
        for path in (found for found in _PICTURE.findall(text) if "://" not in found):
            png = (page.parent / path).with_suffix(".png")  # also for an SVG, because notebooks attach none
            if not png.exists():
                raise ValueError(f"{path} has no PNG beside it, and a notebook can only hold that. Draw {png.name}.")
            pictures[path] = png.name, b64encode(png.read_bytes()).decode("ascii")
        parsed, sketches = read_unit_page(text, names), _sketches(page.with_name(SKETCHES), names)
    except ValueError as error:
        raise ValueError(f"{page.relative_to(course.root).as_posix()}: {error}") from error
    return Unit(page.parent.name, parsed, dict(zip(names, exercises, strict=True)), statements, pictures, sketches)


def _sketches(path: Path, names: list[str]) -> dict[str, tuple[str, ...]]:
    """Return exercise → code cells that `# %% exercise` begins in the file."""
    found: dict[str, tuple[str, ...]] = {}
    _, *parts = _SKETCH.split(text_of(path))
    for name, code in zip(parts[::2], parts[1::2], strict=True):
        if name not in names:
            raise ValueError(f"{path.name}: `# %% {name}` names no exercise of the unit.")
        found[name] = (*found.get(name, ()), code.strip())
    return found
