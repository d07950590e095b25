"""Whose row a result belongs to: identifiers are tried in order, and a doubt places nothing."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UsageError
from autograder.escape import show
from autograder.platforms.sheet import read_sheet


@dataclass
class Roster:
    """The people of a table. kinds: name of an identifier → identifier → its rows, the most telling kind first."""

    kinds: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, kind: str, cells: Iterable[str]) -> None:
        """A column of identifiers, one a row; blanks identify nobody."""
        found = self.kinds.setdefault(kind, defaultdict(list))
        for row, cell in enumerate(cells):
            for form in {normal(cell), normal(turned(cell))} - {""}:
                found[form].append(row)

    def find(self, name: str) -> int:
        """The one row that `name` identifies; LookupError says why there is none."""
        for kind, rows in self.kinds.items():
            found = rows.get(normal(name), [])
            if len(found) > 1:
                raise LookupError(f"{len(found)} people have this {kind}")
            if found:
                return found[0]
        raise LookupError("nobody has this " + " or ".join(self.kinds))


def normal(text: str) -> str:
    """The text for comparing: case, composed letters and blanks make no difference."""
    return " ".join(unicodedata.normalize("NFC", show(text)).casefold().split())


def turned(name: str) -> str:
    """`Doe, Jane` as `Jane Doe`."""
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma and "," not in first else name


def read_map(path: Path | None) -> dict[str, str]:
    """Submission → identifier, from a CSV with two columns; empty without a file. A header line does no harm."""
    if path is None:
        return {}
    sheet = read_sheet(path)
    rows = [row for row in (sheet.header, *sheet.rows) if len(row) > 1]
    names = [row[0].strip() for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"{path} has two lines for {', '.join(map(show, twice[:5]))}. Keep one for each submission.")
    return {name: row[1].strip() for name, row in zip(names, rows, strict=True)}


def place(names: Sequence[str], roster: Roster, known: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """Submission → row, and submission → why it has none. Two results for one row are both left out."""
    placed: dict[str, int] = {}
    left: dict[str, str] = {}
    for name in names:
        try:
            placed[name] = roster.find(known.get(name, name))
        except LookupError as error:
            left[name] = str(error)
    rivals = defaultdict(list)
    for name, row in placed.items():
        rivals[row].append(name)
    for several in (names for names in rivals.values() if len(names) > 1):
        for name in several:
            del placed[name]
            left[name] = f"{', '.join(several)} are one person"
    return placed, left
