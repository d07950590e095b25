"""How Canvas and Moodle read a file: their importers' rules, written down from their sources a second time."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

TOTALS = ("Current Score", "Current Points", "Current Grade", "Final Score", "Final Points", "Final Grade", "Override")


def canvas_import(text: str, people: list[dict[str, Any]], assignments: dict[int, str]) -> dict[tuple[int, int], str]:
    """(student, assignment) → grade. people: id, name, sis, login. A student or assignment that is new is an error."""
    first = text.split("\n")[:3]
    counts = {}
    for delimiter in ";,":
        sizes = {len(next(csv.reader([line], delimiter=delimiter))) for line in first if line}
        counts[delimiter] = max(sizes) if len(sizes) == 1 else 0
    delimiter = ";" if counts[";"] > counts[","] else ","
    rows = [row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter) if row]
    rows = [row for row in rows if not re.fullmatch(r"[;, ]+", delimiter.join(row))]
    header, *rows = rows
    split = header[:2] == ["LastName", "FirstName"]
    assert split or ("Student" in header[0] and "ID" in header[1] and len(header) > 3), "Invalid header row"
    about = 4 if split else 3
    sis = login = None
    if re.search(r"SIS\s+Login\s+ID", header[about - 1]):
        login, about = about - 1, about + 1
    elif re.search(r"SIS\s+User\s+ID", header[about - 1]) and re.search(r"SIS\s+Login\s+ID", header[about]):
        extra = int(bool(re.search(r"Integration\s+ID", header[about + 1])))
        root = int(bool(re.search(r"Root\s+Account", header[about + 1 + extra])))
        sis, login, about = about - 1, about, about + 2 + extra + root
    assert "Section" in header[about - 1], "Invalid header row"
    columns = {}
    for index, name in list(enumerate(header))[about:]:
        if not any(total in name for total in TOTALS):
            match = re.fullmatch(r"(.*) \((\d+)\)", name)
            known = [key for key, title in assignments.items() if title == name]
            (columns[index],) = [int(match[2])] if match and int(match[2]) in assignments else known
    grades: dict[tuple[int, int], str] = {}
    for row in rows:
        if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", c, re.I) for c in row):
            continue
        number = row[2 if split else 1]
        name = f"{row[1]} {row[0]}".strip() if split else row[0]
        match_on = [("id", int(number) if number.isdigit() else None), ("sis", row[sis] if sis else None)]
        match_on += [("login", row[login] if login else None), ("name", name), ("sortable", name)]
        found = next(p for key, value in match_on if value for p in people if p.get(key) == value)
        for index, assignment in columns.items():
            grades[found["id"], assignment] = decimal(row[index].strip())
    return grades


def decimal(field: str) -> str:
    """A number with its last mark as the point, as Canvas reads both ways of writing."""
    if not re.fullmatch(r"-?[0-9.,]+%?", field):
        return field
    *parts, last = re.split("[,.]", field)
    return f"{''.join(parts)}.{last}" if parts else last


def moodle_worksheet(
    text: str, words: dict[str, str], most: float, comma: bool, before: dict[int, float]
) -> dict[int, float]:
    """Participant → grade after the upload. words: what this Moodle calls its columns and its participants; before:
    grades so far. A column that is missing is an error; grades out of bounds are skipped."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    where = {key: rows[0].index(words[key]) for key in ("identifier", "grade", "modified")}
    after = dict(before)
    for row in rows[1:]:
        number = row[where["identifier"]][len(words["participant"]) :]
        shown = row[where["grade"]].strip().replace("," if comma else "\0", ".")
        if int(number) in before or number.strip().isdigit():
            grade = float(shown) if shown else -1.0
            if 0 <= grade <= most:
                after[int(number)] = grade
    return after


def moodle_grades(text: str, key: str, item: str, bounds: tuple[float, float]) -> dict[str, float]:
    """Identifier → grade, as the grade import reads two mapped columns; one grade out of bounds and nothing is."""
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    grades = {row[key]: float(row[item].replace(",", ".")) for row in rows if row[item].strip() not in ("", "-")}
    return grades if all(bounds[0] <= grade <= bounds[1] for grade in grades.values()) else {}
