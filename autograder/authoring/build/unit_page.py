"""A unit's page taken apart: its title, its sections, and the exercises that belong behind each of them.

A section says so in a comment, which readers of the page do not see: `<!-- exercises: sigmoid, tanh -->`.
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
    """Markdown below a heading of its own, and the exercises that follow it."""

    title: str
    text: str
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitPage:
    """title: with the unit's number; text: what stands above the first section; contents: exercise → what it is."""

    title: str
    text: str
    sections: tuple[Section, ...]
    contents: Mapping[str, str]


def read_unit_page(page: str, exercises: Sequence[str]) -> UnitPage:
    """The lesson of a unit's README; ValueError where it places an exercise twice or one that the unit does not have.

    exercises: the unit's, in teaching order; those that no section places come behind the last one.
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
    """Links to another unit's folder lead to its notebook, those to an exercise's folder to its heading."""
    return _LINK.sub(lambda link: f"](../{link[1]}/{link[1]}.ipynb)" if link[1] else f"](#{link[2]})", text)
