"""Gradebooks with plain tables: filling one column of an export of Blackboard or Brightspace.

Both take a file with the columns that identify the student and the filled one, and change nothing else.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass

from autograder.errors import UsageError
from autograder.platforms import gradebook
from autograder.platforms.gradebook import GradebookColumn
from autograder.platforms.roster import Roster
from autograder.platforms.sheet import Sheet, has_commas, read_sheet


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
        cells = sheet.column(index)
        most = gradebook.maximum([titles[index]["most"] or ""] * len(cells), args.out_of)
        about = [where[name] for name in (*known, "Last Name", "First Name") if name in where]
        behind = [where[self.last]] if self.last in where else []
        column = GradebookColumn(index, most, {}, has_commas(cells))
        return gradebook.fill(args, sheet, column, self._roster(sheet, known), [*sorted(about), index, *behind])

    def _roster(self, sheet: Sheet, known: list[str]) -> Roster:
        """Return the students, identified by the columns in their order, then by name."""
        roster, where = Roster(), {name: index for index, name in enumerate(sheet.names)}
        for name in known:
            roster.add(name, [cell.removeprefix("#") for cell in sheet.column(where[name])])
        if {"Last Name", "First Name"} <= where.keys():
            pairs = zip(sheet.column(where["Last Name"]), sheet.column(where["First Name"]), strict=True)
            roster.names = [f"{last}, {first}".strip(", ") for last, first in pairs]
            roster.add("name", roster.names)
        return roster


TABLES = {
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
}  # fmt: skip
"""Name → platform."""
