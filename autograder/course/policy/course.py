"""Finding the rules, the class and the key of the course that a folder lies in.

students.csv, who is in the class, and adjustments.csv, what a person decided about a grade, lie beside course.toml. A
byte order mark, semicolons or tabs between cells, and the 101.0 that Excel makes of 101 are read as meant. CourseError
names the file, the line and the column.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.course.catalog import Course
from autograder.course.policy.policy import Adjustment, Assignment, Policy, Student
from autograder.course.policy.read import read_policy
from autograder.course.release_folder import Release, find_course_or_release
from autograder.errors import CourseError, nearest
from autograder.report.escape import show


def rules(course: Course) -> Policy:
    """Read the rules of a course, with its class and the adjustments; CourseError names the invalid line.

    Extensions and adjustments may name students by login or name; they are kept by id.
    """
    policy, students = _without_adjustments(course), read_students(course.root)
    owners: dict[str, set[str]] = {}
    for student in students:
        for word in (student.id, student.login, student.name):
            owners.setdefault(word.casefold(), set()).add(student.id)
    ids = {word: next(iter(several)) for word, several in owners.items() if word and len(several) == 1}
    words: dict[str, tuple[str, ...]] = {name: (name,) for name in course.names}
    for name, folder in course.folders.items():
        words[folder.parent.name] = (*words.get(folder.parent.name, ()), name)
    words |= {name: each.exercises for name, each in policy.assignments.items()}
    return replace(
        policy,
        students=students, adjustments=read_adjustments(course.root, words, ids),
        extensions={ids.get(name.casefold(), name): spans for name, spans in policy.extensions.items()},
        places={ids.get(name.casefold(), name): place for name, place in policy.places.items()},
    )  # fmt: skip


def assignments(course: Course) -> Mapping[str, Assignment]:
    """Return name → assignment of a course, or of a release, whose assignments are in its index."""
    if not isinstance(course, Release):
        return _without_adjustments(course).assignments
    try:
        found = {}
        for record in course.index.get("assignments", ()):
            times = {key: datetime.fromisoformat(record[key]) if record[key] else None for key in ("due", "hints")}
            name, title = record["name"], record["title"]
            found[name] = Assignment(name, tuple(record["exercises"]), title, due=times["due"], hints=times["hints"])
        return found
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"the assignments of {course.root} cannot be read: {error}. Get it again.") from error


def assignment(course: Course, name: str) -> Assignment:
    """Return the assignment of this name, or all of a unit as one; CourseError names the nearest."""
    known = assignments(course)
    unit = tuple(each for each, folder in course.folders.items() if folder.parent.name == name)
    if name in known or unit:
        return known.get(name) or Assignment(name, unit)
    near = ", ".join(nearest(name, known)) or ", ".join(known) or "none"
    raise CourseError(f"course.toml has no assignment {name!r}; there is: {near}. Write [assignments.{name}] into it.")


def hints_open(course: Course) -> dict[str, datetime]:
    """Return exercise → time from which hints on it are shown, for exercises whose time has not come yet."""
    now = datetime.now(UTC)
    later = (each for each in assignments(course).values() if each.hints and each.hints > now)
    return {name: each.hints for each in later for name in each.exercises if each.hints}


def to_index(each: Assignment) -> dict[str, object]:
    """Return the facts on an assignment that students' commands need, as JSON for the index of a release."""
    times = {key: when.isoformat() if when else None for key, when in (("due", each.due), ("hints", each.hints))}
    return {"name": each.name, "exercises": each.exercises, "title": each.title, **times}


def _without_adjustments(course: Course) -> Policy:
    return read_policy(course.root, {name: folder.parent.name for name, folder in course.folders.items()})


def course_rules(named: Path | None) -> Policy:
    """Return the rules of the course at `named`, else of the course that the working folder lies in.

    Without a course, and in a student's release, which the student could have changed, these are the default rules.
    CourseError: no course at `named`, or an invalid course.toml.
    """
    try:
        course = find_course_or_release(named or Path())
    except CourseError:
        if named:
            raise
        return Policy()
    return Policy() if isinstance(course, Release) else rules(course)


STUDENTS, ADJUSTMENTS = "students.csv", "adjustments.csv"
_COLUMNS = {STUDENTS: ("id", "name", "section", "login", "repository"),
            ADJUSTMENTS: ("student", "exercise", "points", "reason")}  # fmt: skip
_NEEDED = {STUDENTS: ("id",), ADJUSTMENTS: _COLUMNS[ADJUSTMENTS]}
_FLOAT = re.compile(r"(\d+)[.,]0+")
_ROUNDED = re.compile(r"\d+[.,]\d+E\+\d+", re.IGNORECASE)


def read_students(root: Path) -> tuple[Student, ...]:
    """Return the class in the order of root/students.csv; empty without the file."""
    students: dict[str, Student] = {}
    for place, cells in _rows(root / STUDENTS):
        student = Student(**{column: show(cell) for column, cell in cells.items()})
        if student.id in students:
            raise CourseError(f"{place}, column id: {student.id} has a line already. Give everybody one line.")
        students[student.id] = student
    return tuple(students.values())


def read_adjustments(root: Path, exercises: Mapping[str, Sequence[str]],
                     ids: Mapping[str, str]) -> dict[tuple[str, str], Adjustment]:  # fmt: skip
    """Return student and exercise → what is decided in root/adjustments.csv; empty without the file.

    exercises: word → exercises that it stands for; units and assignments can be excused as a whole. ids: id, login or
    name of a student, in small letters, → id.
    """
    found: dict[tuple[str, str], Adjustment] = {}
    for place, cells in _rows(root / ADJUSTMENTS):
        student, word = show(cells["student"]), cells["exercise"]
        if word not in exercises:
            near = ", ".join(nearest(word, exercises)) or "none"
            raise CourseError(f"{place}, column exercise: there is no {word!r}; the nearest: {near}.")
        given = Adjustment(_points(place, cells["points"]), show(cells["reason"]), place)
        if given.points is not None and exercises[word] != (word,):
            raise CourseError(f"{place}, column points: {word} is not one exercise; it can be excused only.")
        for name in exercises[word]:
            key = ids.get(student.casefold(), student), name
            if key in found:
                raise CourseError(f"{place}: {' and '.join(key)} are decided in {found[key].place} too. Keep one.")
            found[key] = given
    return found


def _points(place: str, cell: str) -> float | None:
    """Return the points in a cell; None for an excused exercise."""
    if cell.casefold() == "excused":
        return None
    with suppress(ValueError):
        points = float(cell.replace(",", "."))
        if 0 <= points < math.inf:
            return points
    raise CourseError(f'{place}, column points: {cell!r}, expected points such as 7.5, or "excused".')


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield file and line number, in words, of each line that is not empty, and its cells by column.

    Columns that are not known are ignored, unless one is nearly the name of a missing one.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}. Save it as CSV in UTF-8.") from error
    top = 1 if text.startswith("sep=") else 0
    delimiter = max(",;\t", key="".join(text.splitlines()[top : top + 1]).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines = [(f"{path}, line {reader.line_num}", cells) for cells in reader][top:]
    place, names = lines[0] if lines else (f"{path}, line 1", [])
    header = [cell.strip().casefold() for cell in names]
    _check_header(place, header, path.name)
    for place, cells in lines[1:]:
        if len(cells) > len(header) and any(cells[len(header) :]):
            words = f"{len(cells)} cells, and the header has {len(header)}"
            raise CourseError(f"{place}: {words}. Put a cell that contains {delimiter!r} between double quotes.")
        if any(cell.strip() for cell in cells):
            yield place, _read(place, dict(zip(header, cells, strict=False)), path.name)


def _check_header(place: str, header: Sequence[str], name: str) -> None:
    """Raise CourseError for a column that is misspelled, duplicated or missing. name: name of the file."""
    known = _COLUMNS[name]
    missing = [column for column in known if column not in header]
    for number, cell in enumerate(header, 1):
        near = nearest(cell, missing, 1, cutoff=0.75)
        if near or (cell in known and header.count(cell) > 1):
            words = f"is no column. Did you mean {near[0]}?" if near else "is there twice. Keep one."
            raise CourseError(f"{place}, column {number}: {cell!r} {words}")
    for column in set(missing).intersection(_NEEDED[name]):
        raise CourseError(f"{place}: no column is named {column}. Columns: {', '.join(known)}.")


def _read(place: str, cells: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the cells of the known columns; numbers that a spreadsheet changed, such as 101.0, are restored."""
    read = {column: cells.get(column, "").strip() for column in _COLUMNS[name]}
    for column in read.keys() & {"id", "student", "login"}:
        if _ROUNDED.fullmatch(read[column]):
            words = f"{read[column]} was rounded by a spreadsheet"
            raise CourseError(f"{place}, column {column}: {words}. Format the column as text, and write it again.")
        read[column] = _FLOAT.sub(r"\1", read[column]) if _FLOAT.fullmatch(read[column]) else read[column]
    for column in _NEEDED[name]:
        if not read[column]:
            raise CourseError(f"{place}, column {column}: is empty.")
    return read
