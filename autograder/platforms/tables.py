"""Gradebooks that are tables: filling one column of an export of Blackboard, Brightspace or Canvas.

Each takes a file with the columns that identify the student and the filled one, and changes nothing else.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.errors import UsageError
from autograder.platforms import gradebook
from autograder.platforms.feedback import add_feedback, canvas_places, pack
from autograder.platforms.gradebook import HEADING
from autograder.platforms.graded import take_results
from autograder.platforms.roster import Roster
from autograder.platforms.sheet import Sheet, read_sheet


@dataclass(frozen=True)
class Table:
    """Platform whose gradebook is a table with a row for each student."""

    HELP: str
    """Line of `handgrad export --list`."""
    ids: tuple[str, ...]
    """Columns that identify a student, the first tried first."""
    column: re.Pattern[str]
    """Header of a column that can be filled, with groups `title` and `most`."""
    how: str
    """How to export the table."""
    last: str = ""
    """Column behind all others, which an import needs; "" for none."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add RESULTS TEMPLATE -o FILE [--column TITLE] [--students MAP] [--points HOW] [--out-of N]."""
        parser.description = self.HELP
        gradebook.add_arguments(parser)

    def export(self, args: argparse.Namespace) -> int:
        """Write the file for the platform to import."""
        sheet = read_sheet(args.template)
        where = {name: index for index, name in enumerate(sheet.names)}
        known = [name for name in self.ids if name in where]
        if not known:
            raise UsageError(f"this table has none of the columns {', '.join(self.ids)}. {self.how}")
        titles = {i: match for i, name in enumerate(sheet.names) if (match := self.column.fullmatch(name))}
        forms = {i: [sheet.names[i], match["title"]] for i, match in titles.items()}
        index = gradebook.find_column(sheet, args.column, forms)
        about = [where[name] for name in (*known, "Last Name", "First Name") if name in where]
        behind = [where[self.last]] if self.last in where else []
        maxima = [titles[index]["most"] or ""] * len(sheet.rows)
        columns = [*sorted(about), index, *behind]
        return gradebook.fill(args, sheet, index, maxima, _roster(sheet, known), columns)


def _roster(sheet: Sheet, kinds: Sequence[str], number: str = "") -> Roster:
    """Return the students, identified by the columns in their order, then by name.

    number: see `Roster.number`; a table with such a column has the name in the first one, if in no other.
    """
    where = {name: index for index, name in reversed(list(enumerate(sheet.names)))}
    roster = Roster(number=number)
    for kind in (kind for kind in kinds if kind in where):
        roster.add(kind, [cell.removeprefix("#") for cell in sheet.column(where[kind])])
    for last, first in (("Last Name", "First Name"), ("LastName", "FirstName")):
        if last in where and first in where:
            pairs = zip(sheet.column(where[last]), sheet.column(where[first]), strict=True)
            roster.names = [f"{name}, {given}".strip(", ") for name, given in pairs]
    if number and not roster.names:
        roster.names = sheet.column(0)
    roster.add("name", roster.names)
    return roster


_TOTALS = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_TITLE = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)", re.DOTALL)
_READ_ONLY = re.compile(r"\(.*\)")
_IDS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
"""Columns that identify a student in Canvas, in its own order."""
_MUTED = re.compile(r"(Muted|Manual Posting.*)?", re.IGNORECASE)


class Canvas:
    """Canvas, which sets every cell of an imported file.

    So the file holds only rows with a grade: no newer grade in Canvas is overwritten by the import.
    """

    HELP = "fill a column of an exported Canvas gradebook"

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the arguments of a gradebook, and --feedback."""
        gradebook.add_arguments(parser)
        add_feedback(parser, "the download of submissions")

    def export(self, args: argparse.Namespace) -> int:
        """Write the file for Canvas to import."""
        if args.feedback:
            return pack(args, *canvas_places(take_results(args, lambda report: report.submission), args.template))
        sheet = read_sheet(args.template)
        about = _about(sheet)
        possible = next((i for i, row in enumerate(sheet.rows) if "Points Possible" in row[0]), None)
        index = gradebook.find_column(sheet, args.column, _assignments(sheet, about, possible))
        cells = sheet.column(index)
        shown = cells[possible] if possible is not None else ""
        reasons = map(_reason_to_keep, sheet.rows, cells)
        untouched = {row: why for row, why in enumerate(reasons) if why}
        columns = [*range(about), index]
        return gradebook.fill(args, sheet, index, [shown] * len(cells), _roster(sheet, _IDS, "ID"), columns, untouched)


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


TABLES: dict[str, Table | Canvas] = {
    "blackboard": Table(
        "fill a column of a gradebook that Blackboard exported", ("Username", "Student ID"),
        re.compile(r"(?P<title>.*?) \[[^\]:]*:\s*(?:up to )?(?P<most>[\d.,]+)[^\]]*\].*", re.DOTALL),
        "Export it in Blackboard with Work Offline → Download.",
    ),
    "brightspace": Table(
        "fill a column of a gradebook that Brightspace exported", ("OrgDefinedId", "Username", "Email"),
        re.compile(r"(?P<title>.*?) Points Grade(?: <Numeric MaxPoints:(?P<most>[\d.,]+).*>)?", re.DOTALL),
        "Export it in Brightspace with Grades → Export, with points grades and both keys.", "End-of-Line Indicator",
    ),
    "canvas": Canvas(),
}  # fmt: skip
"""Name → platform."""
