"""Match submissions to the rows of a table by identifiers; ambiguous ones are not matched. And say who handed in."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from autograder.course.policy.course import STUDENTS
from autograder.course.policy.policy import Student
from autograder.errors import UsageError
from autograder.platforms.sheet import read_sheet
from autograder.report.escape import show
from autograder.submission.listing import name_and_number
from autograder.submission.source import Entry

_WHOLE = re.compile(r"^(\d+)\.0+$")
"""Number as a spreadsheet writes it."""
_ADDRESS = re.compile(r"[^@+]+(?:\+[^@+]+)*@[^@+]+(?:\+|$)")
"""E-mail address in a list with `+` between the addresses."""


@dataclass
class Roster:
    """The students of a table."""

    kinds: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Kind of identifier → identifier → its rows; the kinds in the order in which they are tried."""
    number: str = ""
    """The kind that the platform writes into the names of downloaded files; "" if the table has none."""
    names: Sequence[str] = ()
    """Name of each row; empty if names are not compared."""
    nameless: str = ""
    """The word in a download for a hidden name."""

    def add(self, kind: str, cells: Iterable[str]) -> None:
        """Add a column of identifiers, one for each row; blank cells are ignored."""
        found = self.kinds.setdefault(kind, defaultdict(list))
        for row, cell in enumerate(cells):
            plain = _WHOLE.sub(r"\1", normal(cell))
            for form in {plain, normal(turned(cell))} - {""}:
                found[form].append(row)

    def find(self, student: str) -> int:
        """Return the row of a submission; LookupError says why there is not exactly one.

        `student` is an identifier, or the number and name in a downloaded file, which must not contradict each other.
        """
        name, number = name_and_number(student)
        numbers = self.kinds.get(self.number, {})
        owners = numbers.get(number, [])
        namesakes = sorted(self._called.get(_letters(name), ())) if number else []
        known = ((kind, rows[normal(student)]) for kind, rows in self.kinds.items() if normal(student) in rows)
        kind, identified = next(known, ("", []))
        if len(identified) > 1:
            raise LookupError(f"{len(identified)} people have this {kind}")
        fitting = {row for row in owners if self._may_be(name, row)} if owners else {*namesakes}.difference(
            *numbers.values()  # a namesake who has another number is another person
        )
        found = sorted({*identified, *fitting})
        if len(found) == 1:
            return found[0]
        if found:
            raise LookupError(f"it fits {self._listed(found)}. Settle it with --students")
        if owners or namesakes:
            whose = f"{number} is {self._listed(owners)}, the name {name} is {self._listed(namesakes)}"
            raise LookupError(f"the {self.number} {whose}. Settle it with --students, or with --by-number")
        if not number and len(spelled := self._called.get(_letters(student), set())) == 1:
            return next(iter(spelled))
        raise LookupError("nobody has this " + " or ".join(self.kinds))

    def find_all(self, student: str) -> list[int]:
        """Return the row of a submission, or those of a group's members, whose names or addresses stand between `+`."""
        try:
            return [self.find(student)]
        except LookupError:
            members = student.split(" + ") if " + " in student else _ADDRESS.findall(student)
            if len(members) < 2:
                raise
            return [self.find(member.strip("+")) for member in members]

    def nearest(self, student: str) -> list[str]:
        """Return the people whose names or identifiers are most like that of a submission, at most three."""
        names = dict(enumerate(self.names))
        forms = {_letters(key): names.get(rows[0]) or key for kind in self.kinds.values() for key, rows in kind.items()}
        forms |= {_letters(form): name for name in self.names for form in (name, turned(name))}
        found = get_close_matches(_letters(name_and_number(student)[0] or student), [*forms], 6, 0.6)
        return list(dict.fromkeys(show(forms[each]) for each in found))[:3]

    @cached_property
    def _called(self) -> dict[str, set[int]]:
        """Return name → rows of that name, with each rotation of its words, reduced to letters and digits."""
        rows = defaultdict(set)
        for row, name in enumerate(self.names):
            words = normal(name).replace(",", " ").split()
            for first in range(len(words)):
                rows[_letters(" ".join(words[first:] + words[:first]))].add(row)
        rows.pop("", None)
        return rows

    def _may_be(self, name: str, row: int) -> bool:
        """Return whether a name in a download, perhaps with a team's name before it, can belong to a row."""
        own = (_letters(name.split("-", cut)[-1]) for cut in range(name.count("-") + 1))
        hidden = not self.names or not self.names[row] or _letters(name) in ("", _letters(self.nameless))
        return hidden or any(row in self._called.get(each, ()) for each in own)

    def _listed(self, rows: Sequence[int]) -> str:
        return " and ".join(show(self.names[row]) if self.names else f"row {row + 2}" for row in rows) or "nobody's"


def _letters(text: str) -> str:
    """Return the letters and digits of a text, because platforms leave out other characters in file names."""
    return "".join(filter(str.isalnum, normal(text)))


def normal(text: str) -> str:
    """Normalize a text for comparison: case, composed letters and blanks."""
    return " ".join(unicodedata.normalize("NFC", show(text)).casefold().split())


def turned(name: str) -> str:
    """Return `Doe, Jane` as `Jane Doe`."""
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma and "," not in first else name


def read_map(path: Path | None) -> dict[str, str]:
    """Read submission → identifier from a CSV with two columns; empty without a file. A header line is allowed."""
    if path is None:
        return {}
    sheet = read_sheet(path)
    rows = [row for row in (sheet.header, *sheet.rows) if len(row) > 1]
    names = [row[0].strip() for row in rows]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"{path} has two lines for {', '.join(map(show, twice[:5]))}. Keep one for each submission.")
    return {name: row[1].strip() for name, row in zip(names, rows, strict=True)}


def place(names: Sequence[str], roster: Roster,
          known: Mapping[str, str]) -> tuple[dict[str, list[int]], dict[str, str]]:  # fmt: skip
    """Return submission → rows, of a group several, and submission → why it has none, with the nearest candidates.

    Two submissions of one row are both left out.
    """
    placed: dict[str, list[int]] = {}
    left: dict[str, str] = {}
    for name in names:
        try:
            placed[name] = roster.find_all(known.get(name, name))
        except LookupError as error:
            near = roster.nearest(known.get(name, name))
            left[name] = f"{error}{'. Nearest: ' if near else ''}{'; '.join(near)}"
    rivals = defaultdict(list)
    for name, rows in placed.items():
        for row in rows:
            rivals[row].append(name)
    for several in (names for names in rivals.values() if len(names) > 1):
        for name in several:
            placed.pop(name, None)
            left[name] = f"{', '.join(several)} are one person"
    return placed, left


_COPY = re.compile(r"^(copy of )?(.+?)( \(\d+\)|[ _-]v\d+|[ _-]copy\d*|[ _-]final)*$")
_NUMBERED = re.compile(r"(.+)[ _-]\d")


@dataclass(frozen=True)
class Attendance:
    """Who handed in and who did not, for the class of one run."""

    entries: tuple[Entry, ...]
    """Entries that were handed in; an entry's student is the id in students.csv, for students who are in it."""
    missing: tuple[str, ...] = ()
    """Ids of the students of whom nothing was found."""
    remarks: tuple[str, ...] = ()
    """Sentences on what a person should look at."""

    @property
    def students(self) -> list[str]:
        """Return the names of all who handed in or are missing, sorted."""
        return sorted([*(entry.student for entry in self.entries), *self.missing])


def attendance(entries: Sequence[Entry], students: Sequence[Student]) -> Attendance:
    """Match entries to students by id, login, repository and name, and by the number in a download's name.

    Without students every entry keeps its name. What fits nobody, or one person twice, keeps its name too. What a group
    handed in is an entry of each member.
    """
    doubts = _doubts([entry.student for entry in entries])
    if not students:
        return Attendance(tuple(entries), (), doubts)
    rows, left = place([entry.student for entry in entries], _roster(entries, students), {})
    ids = {name: [students[row].id for row in found] for name, found in rows.items()}
    named = tuple(replace(entry, student=one) for entry in entries for one in ids.get(entry.student, [entry.student]))
    taken = {entry.student for entry in named}
    missing = tuple(student.id for student in students if student.id not in taken)
    others = (f"{name} is not in {STUDENTS}: {why}." for name, why in left.items())
    return Attendance(named, missing, (*doubts, *others))


def _roster(entries: Sequence[Entry], students: Sequence[Student]) -> Roster:
    """Return the students as a table; the numbers in the names of a download count if most of them are ids."""
    numbers = [number for entry in entries if (number := name_and_number(entry.student)[1])]
    known = {student.id for student in students}
    roster = Roster(number="id" if 2 * sum(number in known for number in numbers) > len(numbers) else "")
    for kind in ("id", "login", "repository", "name"):
        roster.add(kind, [getattr(student, kind) for student in students])
    roster.names = [student.name for student in students]
    return roster


def _doubts(names: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each group of names that may be one person's, such as anna, anna (1) and anna v2."""
    groups, plain = defaultdict(list), {normal(name) for name in names}
    for name in names:
        found = _COPY.fullmatch(normal(name))
        base = found[2] if found else normal(name)
        numbered = _NUMBERED.fullmatch(base)
        groups[numbered[1] if numbered and numbered[1] in plain else base].append(name)
    several = (", ".join(group) for group in groups.values() if len(group) > 1)
    return tuple(f"{group}: is this one student? Each is graded by itself; keep what counts." for group in several)


def identifiers(students: Iterable[Student], roster: Roster) -> dict[str, str]:
    """Return id → the first of a student's id, login and name by which a platform's table knows the student."""
    found: dict[str, str] = {}
    for student in students:
        for word in filter(None, (student.id, student.login, student.name)):
            with suppress(LookupError):
                roster.find(word)
                found.setdefault(student.id, word)
    return found
