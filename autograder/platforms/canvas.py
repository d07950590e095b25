"""Canvas: filling one column of an exported gradebook.

Canvas sets every cell of an imported file, so the file holds only the columns that identify the student and the filled
one, and only rows with a grade: no newer grade in Canvas is overwritten by the export.
"""

from __future__ import annotations

import argparse
import re

from autograder.errors import UsageError
from autograder.platforms import gradebook
from autograder.platforms.feedback import add_feedback, canvas_places, graded, pack
from autograder.platforms.gradebook import HEADING, GradebookColumn
from autograder.platforms.roster import Roster
from autograder.platforms.sheet import Sheet, has_commas, read_sheet

HELP = "fill a column of an exported Canvas gradebook"

_TOTALS = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_TITLE = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)", re.DOTALL)
_READ_ONLY = re.compile(r"\(.*\)")
_MUTED = re.compile(r"(Muted|Manual Posting.*)?", re.IGNORECASE)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS TEMPLATE -o FILE [--column TITLE|ID] [--students MAP] [--points HOW] [--out-of N]."""
    gradebook.add_arguments(parser)
    add_feedback(parser, "the download of submissions")


def export(args: argparse.Namespace) -> int:
    """Write the file for Canvas to import."""
    if args.feedback:
        return pack(args, *canvas_places(graded(args), args.template))
    sheet = read_sheet(args.template)
    about = _about(sheet)
    possible = next((i for i, row in enumerate(sheet.rows) if "Points Possible" in row[0]), None)
    index = gradebook.find_column(sheet, args.column, _assignments(sheet, about, possible))
    cells = sheet.column(index)
    shown = cells[possible] if possible is not None else ""
    untouched = {row: why for row in range(len(sheet.rows)) if (why := _reason_to_keep(sheet.rows[row], cells[row]))}
    most = gradebook.maximum([shown] * len(cells), args.out_of)
    column = GradebookColumn(index, most, untouched, has_commas([*cells, shown]))
    return gradebook.fill(args, sheet, column, _roster(sheet, about), [*range(about), index])


def _about(sheet: Sheet) -> int:
    """Return the number of columns that identify the student; the last of them is the section."""
    names = sheet.names
    named = len(names) > 3 and ("Student" in names[0] or names[:2] == ["LastName", "FirstName"]) and "ID" in names[:3]
    if not named or "Section" not in names:
        raise UsageError("this is no gradebook of Canvas: its columns begin with Student, ID and end with Section. "
                         "Export it in Canvas with Grades → Export.")  # fmt: skip
    return names.index("Section") + 1


def _assignments(sheet: Sheet, about: int, possible: int | None) -> dict[int, list[str]]:
    """Return column → names by which it can be chosen: header, title, id; without totals and read-only columns."""
    found = {}
    for index, header in list(enumerate(sheet.names))[about:]:
        match = _TITLE.fullmatch(header)
        locked = possible is not None and _READ_ONLY.fullmatch(sheet.column(index)[possible])
        if header and not locked and not _TOTALS.search(header):
            found[index] = [header, *(match.groups() if match else ())]
    return found


def _reason_to_keep(row: list[str], cell: str) -> str:
    if "Points Possible" in row[0]:
        return HEADING
    if all(_MUTED.fullmatch(each.strip()) for each in row):
        return "is no student, but says which assignments are hidden"
    if cell.casefold() == "ex":
        return "is excused in Canvas"
    return "is not assigned this in Canvas" if cell == "N/A" else ""


def _roster(sheet: Sheet, about: int) -> Roster:
    """Return the students, identified in Canvas's order: ID, SIS User ID, SIS Login ID, name."""
    columns = {name: index for index, name in enumerate(sheet.names[:about])}
    roster = Roster(number="ID")
    for kind in ("ID", "SIS User ID", "SIS Login ID", "Integration ID"):
        if kind in columns:
            roster.add(kind, sheet.column(columns[kind]))
    if "LastName" in columns:
        pairs = zip(sheet.column(columns["LastName"]), sheet.column(columns["FirstName"]), strict=True)
        roster.names = [f"{last}, {first}".strip(", ") for last, first in pairs]
    else:
        roster.names = sheet.column(0)
    roster.add("name", roster.names)
    return roster
