"""Parser of a unit's page: its title, its sections, and the exercises that follow each section.

A section lists its exercises in a comment, which a rendered page does not show: `<!-- exercises: sigmoid, tanh -->`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    """Parsed page of a unit."""

    title: str
    """Title with the unit's number."""
    text: str
    """Text above the first section."""
    sections: tuple[Section, ...]
    contents: Mapping[str, str]
    """Exercise → its description in the list of exercises."""


def read_unit_page(page: str, exercises: Sequence[str]) -> UnitPage:
    """Parse a unit's README; ValueError where it places an exercise twice or one that the unit does not have.

    exercises: the unit's, in teaching order; those that no section places follow the last section.
    """
    head, *rest = re.split(r"^## ", page, flags=re.MULTILINE)
    title, _, text = head.strip().partition("\n")
    sections = [_section(part) for part in rest if not _ITEM.search(part)]
    contents = {name: words.strip() for name, words in _ITEM.findall(page)}
    return UnitPage(title.removeprefix("# "), _linked(text.strip()), _placed(sections, exercises), contents)


def _section(part: str) -> Section:
    title, _, text = part.partition("\n")
    places = [name.strip() for found in _PLACE.findall(text) for name in found.split(",")]
    return Section(title.strip(), _linked(_PLACE.sub("", text).strip()), tuple(places))


def _placed(sections: list[Section], exercises: Sequence[str]) -> tuple[Section, ...]:
    placed = [name for section in sections for name in section.exercises]
    for name in placed:
        if name not in exercises:
            known = ", ".join(exercises)
            raise ValueError(f"<!-- exercises: {name} -->: the unit has no such exercise. It has {known}.")
        if placed.count(name) > 1:
            raise ValueError(f"<!-- exercises: {name} -->: it is placed twice. Keep one of them.")
    rest = tuple(name for name in exercises if name not in placed)
    if not rest:
        return tuple(sections)
    if not sections:
        return (Section("", "", rest),)
    return (*sections[:-1], replace(sections[-1], exercises=sections[-1].exercises + rest))


def _linked(text: str) -> str:
    """Point links to another unit's folder to its notebook, and links to an exercise's folder to its heading."""
    return _LINK.sub(lambda link: f"](../{link[1]}/{link[1]}.ipynb)" if link[1] else f"](#{link[2]})", text)
