"""Reading students.csv, who is in the class, and adjustments.csv, what a person decided about a grade.

Both lie beside course.toml. A byte order mark, semicolons or tabs between cells, and the 101.0 that Excel makes of 101
are read as meant. CourseError names the file, the line and the column.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.policy.policy import Adjustment, Student, nearest
from autograder.errors import CourseError
from autograder.report.escape import show

STUDENTS, ADJUSTMENTS = "students.csv", "adjustments.csv"
_COLUMNS = {
    STUDENTS: ("id", "name", "section", "login", "repository"),
    ADJUSTMENTS: ("student", "exercise", "points", "reason"),
}
_NEEDED = {STUDENTS: ("id",), ADJUSTMENTS: _COLUMNS[ADJUSTMENTS]}
_FLOAT = re.compile(r"(\d+)[.,]0+")
_ROUNDED = re.compile(r"\d+[.,]\d+E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class _Row:
    place: str
    cells: Mapping[str, str]


def read_students(root: Path) -> tuple[Student, ...]:
    """Return the class in the order of root/students.csv; empty without the file."""
    students: dict[str, Student] = {}
    for row in _rows(root / STUDENTS):
        student = Student(**{column: show(cell) for column, cell in row.cells.items()})
        if student.id in students:
            raise CourseError(f"{row.place}, column id: {student.id} has a line already. Give everybody one line.")
        students[student.id] = student
    return tuple(students.values())


def read_adjustments(
    root: Path, exercises: Mapping[str, Sequence[str]], ids: Mapping[str, str]
) -> dict[tuple[str, str], Adjustment]:
    """Return student and exercise → what is decided in root/adjustments.csv; empty without the file.

    exercises: word → exercises that it stands for; units and assignments can be excused as a whole. ids: id, login or
    name of a student, in small letters, → id.
    """
    found: dict[tuple[str, str], Adjustment] = {}
    for row in _rows(root / ADJUSTMENTS):
        student, word, decided = show(row.cells["student"]), row.cells["exercise"], row.cells["points"]
        if word not in exercises:
            near = ", ".join(nearest(word, exercises)) or "none"
            raise CourseError(f"{row.place}, column exercise: there is no {word!r}; the nearest: {near}.")
        given = Adjustment(_points(row, decided), show(row.cells["reason"]), row.place)
        if given.points is not None and exercises[word] != (word,):
            raise CourseError(f"{row.place}, column points: {word} is not one exercise; it can be excused only.")
        for name in exercises[word]:
            key = ids.get(student.casefold(), student), name
            if key in found:
                raise CourseError(f"{row.place}: {' and '.join(key)} are decided in {found[key].place} too. Keep one.")
            found[key] = given
    return found


def _points(row: _Row, cell: str) -> float | None:
    if cell.casefold() == "excused":
        return None
    try:
        points = float(cell.replace(",", "."))
    except ValueError:
        points = math.nan
    if not 0 <= points < math.inf:
        raise CourseError(f'{row.place}, column points: {cell!r}, expected points such as 7.5, or "excused".')
    return points


def _rows(path: Path) -> Iterator[_Row]:
    """Yield the lines that are not empty. Columns that are not known are ignored, unless one is nearly the name of a
    missing one."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}. Save it as CSV in UTF-8.") from error
    known, start = _COLUMNS[path.name], 2 if text.startswith("sep=") else 1
    lines = io.StringIO(text, newline="")
    _ = [next(lines) for _ in range(start - 1)]
    first = next(lines, "")
    delimiter = max(",;\t", key=first.count)
    header = [cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    missing = [column for column in known if column not in header]
    for number, cell in enumerate(header, 1):
        near = nearest(cell, missing, 1, cutoff=0.75)
        if near:
            raise CourseError(f"{path}, line {start}, column {number}: {cell!r} is no column. Did you mean {near[0]}?")
        if cell in known and header.count(cell) > 1:
            raise CourseError(f"{path}, line {start}, column {number}: {cell!r} is there twice. Keep one.")
    for column in _NEEDED[path.name]:
        if column not in header:
            raise CourseError(f"{path}, line {start}: no column is named {column}. Columns: {', '.join(known)}.")
    reader = csv.reader(lines, delimiter=delimiter)
    for cells in reader:
        place = f"{path}, line {start + reader.line_num}"
        if len(cells) > len(header) and any(cells[len(header) :]):
            words = f"{len(cells)} cells, and the header has {len(header)}"
            raise CourseError(f"{place}: {words}. Put a cell that contains {delimiter!r} between double quotes.")
        if any(cell.strip() for cell in cells):
            yield _row(path, place, dict(zip(header, cells, strict=False)))


def _row(path: Path, place: str, cells: Mapping[str, str]) -> _Row:
    read = {column: cells.get(column, "").strip() for column in _COLUMNS[path.name]}
    for column in ("id", "student", "login"):
        if _ROUNDED.fullmatch(read.get(column, "")):
            words = f"{read[column]} was rounded by a spreadsheet"
            raise CourseError(f"{place}, column {column}: {words}. Format the column as text, and write it again.")
        if column in read:
            read[column] = _FLOAT.sub(r"\1", read[column]) if _FLOAT.fullmatch(read[column]) else read[column]
    for column in _NEEDED[path.name]:
        if not read[column]:
            raise CourseError(f"{place}, column {column}: is empty.")
    return _Row(place, read)
