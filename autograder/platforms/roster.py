"""Whose row a result belongs to: identifiers are tried in order, and a doubt places nothing."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.errors import UsageError
from autograder.platforms.sheet import read_sheet
from autograder.report.escape import show
from autograder.submission.download import name_and_number


@dataclass
class Roster:
    """The people of a table. kinds: name of an identifier → identifier → its rows, the most telling kind first.

    number: the kind that the platform writes into the names of the files that are downloaded, "" where the table has
    none; names: each row's name, none where nobody is to be compared by it; nameless: the word of a download for a name
    that it hides.
    """

    kinds: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    number: str = ""
    names: Sequence[str] = ()
    nameless: str = ""

    def add(self, kind: str, cells: Iterable[str]) -> None:
        """A column of identifiers, one a row; blanks identify nobody."""
        found = self.kinds.setdefault(kind, defaultdict(list))
        for row, cell in enumerate(cells):
            for form in {normal(cell), normal(turned(cell))} - {""}:
                found[form].append(row)

    def find(self, student: str) -> int:
        """The one row that `student` identifies: as an identifier, or by the number and the name that they have in a
        download, of which neither may contradict the other. LookupError says why there is none."""
        name, number = name_and_number(student)
        owners = self._numbers.get(number, [])
        namesakes = sorted(self._called.get(_letters(name), ())) if number else []
        found = sorted({*self._identified(student), *self._fitting(name, owners, namesakes)})
        if len(found) == 1:
            return found[0]
        if found:
            raise LookupError(f"it fits {self._listed(found)}. Settle it with --students")
        if owners or namesakes:
            whose = f"{number} is {self._listed(owners)}, the name {name} is {self._listed(namesakes)}"
            raise LookupError(f"the {self.number} {whose}. Settle it with --students, or with --by-number")
        raise LookupError("nobody has this " + " or ".join(self.kinds))

    def _fitting(self, name: str, owners: Sequence[int], namesakes: Sequence[int]) -> Iterable[int]:
        """Those who have the number and may have the name; where nobody has it, those of the name without a number."""
        if owners:
            return (row for row in owners if self._may_be(name, row))
        return set(namesakes).difference(*self._numbers.values())

    def _identified(self, student: str) -> list[int]:
        """The row that has `student` for an identifier; none where there is none."""
        for kind, rows in self.kinds.items():
            found = rows.get(normal(student), [])
            if len(found) > 1:
                raise LookupError(f"{len(found)} people have this {kind}")
            if found:
                return found
        return []

    @property
    def _numbers(self) -> dict[str, list[int]]:
        return self.kinds.get(self.number, {})

    @cached_property
    def _called(self) -> dict[str, set[int]]:
        """The letters of a name, in each order that its words may have → the rows of that name."""
        rows = defaultdict(set)
        for row, name in enumerate(self.names):
            words = normal(name).replace(",", " ").split()
            for first in range(len(words)):
                rows[_letters(" ".join(words[first:] + words[:first]))].add(row)
        rows.pop("", None)
        return rows

    def _may_be(self, name: str, row: int) -> bool:
        """Whether the name in a download, before which a team's may stand, does not contradict the row's."""
        own = (_letters(name.split("-", cut)[-1]) for cut in range(name.count("-") + 1))
        hidden = not self.names or not self.names[row] or _letters(name) in ("", _letters(self.nameless))
        return hidden or any(row in self._called.get(each, ()) for each in own)

    def _listed(self, rows: Sequence[int]) -> str:
        return " and ".join(show(self.names[row]) if self.names else f"row {row + 2}" for row in rows) or "nobody's"


def _letters(text: str) -> str:
    """Letters and digits alone: platforms leave out other characters where a name becomes a file's."""
    return "".join(filter(str.isalnum, normal(text)))


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
