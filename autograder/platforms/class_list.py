"""Who handed in: the entries of a class under the ids of students.csv, who is missing, and what is doubtful."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from autograder.course.policy.course import STUDENTS
from autograder.course.policy.policy import Student
from autograder.platforms.roster import Roster, normal, place
from autograder.submission.download import name_and_number
from autograder.submission.entry import Entry

_COPY = re.compile(r"^(copy of )?(.+?)( \(\d+\)|[ _-]v\d+|[ _-]copy\d*|[ _-]final)*$")
_NUMBERED = re.compile(r"(.+)[ _-]\d")


@dataclass(frozen=True)
class Attendance:
    """The class of one run."""

    entries: tuple[Entry, ...]
    """What was handed in; the student is the id in students.csv, if it is in there."""
    missing: tuple[str, ...] = ()
    """Ids of those of whom nothing was found."""
    remarks: tuple[str, ...] = ()
    """Sentences on what a person should look at."""

    @property
    def students(self) -> list[str]:
        """Return everybody, sorted."""
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
    """Return a sentence for names that may be one person's, such as anna, anna (1) and anna v2."""
    groups, plain = defaultdict(list), {normal(name) for name in names}
    for name in names:
        found = _COPY.fullmatch(normal(name))
        base = found[2] if found else normal(name)
        numbered = _NUMBERED.fullmatch(base)
        groups[numbered[1] if numbered and numbered[1] in plain else base].append(name)
    return tuple(
        f"{', '.join(group)}: is this one student? Each is graded by itself; keep what counts."
        for group in groups.values()
        if len(group) > 1
    )


def identifiers(students: Iterable[Student], roster: Roster) -> dict[str, str]:
    """Return id → the first of a student's id, login and name by which a platform's table knows the student."""
    found: dict[str, str] = {}
    for student in students:
        for word in filter(None, (student.id, student.login, student.name)):
            with suppress(LookupError):
                roster.find(word)
                found.setdefault(student.id, word)
    return found
