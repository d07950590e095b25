"""Fill gradebooks that Blackboard, Brightspace or Canvas exported as tables; `gradebooks.toml` describes them."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from autograder.errors import UsageError
from autograder.platforms.column import HEADING, add_arguments, fill, find_column
from autograder.platforms.feedback import add_feedback, canvas_places, pack
from autograder.platforms.graded import take_results
from autograder.platforms.roster import Roster
from autograder.platforms.sheet import Sheet, read_sheet

_NAMES = ("Last Name", "First Name"), ("LastName", "FirstName")
_READ_ONLY = re.compile(r"\(.*\)")
_MUTED = re.compile(r"(Muted|Manual Posting.*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Platform whose gradebook is a table with a row for each student.

    Canvas sets every cell of an imported file. A file holds only rows with a grade, and overwrites no other one.
    """

    HELP: str
    """Line of `handgrad export --list`."""
    ids: Sequence[str]
    """Columns that identify a student, the first tried first."""
    column: str
    """Regular expression of the header of a column that can be filled: groups `title`, and perhaps `most` and `id`."""
    how: str
    """How to export the table."""
    more: Sequence[str] = ()
    """Further columns that an import needs."""
    number: str = ""
    """Kind of identifier in the names of downloaded files, for a table with names in its first column; "" for none."""
    takes_feedback: bool = False
    """Feedback can be uploaded, too."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add RESULTS TEMPLATE -o FILE [--column TITLE] [--students MAP] [--points HOW] [--out-of N] to the parser."""
        parser.description = self.HELP
        add_arguments(parser)
        if self.takes_feedback:
            add_feedback(parser, "the download of submissions")

    def export(self, args: argparse.Namespace) -> int:
        """Write the file for the platform to import."""
        if self.takes_feedback and args.feedback:
            return pack(args, *canvas_places(take_results(args, lambda report: report.submission), args.template))
        sheet = read_sheet(args.template)
        where = {name: index for index, name in reversed(list(enumerate(sheet.names)))}
        if not where.keys() & set(self.ids):
            raise UsageError(f"this table has none of the columns {', '.join(self.ids)}. {self.how}")
        top = next((row for row in sheet.rows if "Points Possible" in row[0]), [])
        titles = {i: match for i, name in enumerate(sheet.names) if (match := re.fullmatch(self.column, name))
                  and not _READ_ONLY.fullmatch("".join(top[i : i + 1]).strip())}  # fmt: skip
        forms = {i: [sheet.names[i], *filter(None, map(match.groupdict().get, ("title", "id")))]
                 for i, match in titles.items()}  # fmt: skip
        index = find_column(sheet, args.column, forms)
        most = titles[index].groupdict().get("most") or "".join(top[index : index + 1]).strip()
        reasons = map(_reason_to_keep, sheet.rows, sheet.column(index))
        untouched = {row: why for row, why in enumerate(reasons) if why}
        copied = {where[name] for name in (*self.ids, *self.more, *chain(*_NAMES)) if name in where}
        roster = self._roster(sheet, where)
        return fill(args, sheet, index, [most] * len(sheet.rows), roster, sorted({*copied, index}), untouched)

    def _roster(self, sheet: Sheet, where: Mapping[str, int]) -> Roster:
        """Return the students, identified by the columns in their order, then by name."""
        roster = Roster(number=self.number)
        for kind in (kind for kind in self.ids if kind in where):
            roster.add(kind, [cell.removeprefix("#") for cell in sheet.column(where[kind])])
        for last, first in _NAMES:
            if last in where and first in where:
                pairs = zip(sheet.column(where[last]), sheet.column(where[first]), strict=True)
                roster.names = [f"{name}, {given}".strip(", ") for name, given in pairs]
        if self.number and not roster.names:
            roster.names = sheet.column(0)
        roster.add("name", roster.names)
        return roster


def _reason_to_keep(row: list[str], cell: str) -> str:
    if "Points Possible" in row[0]:
        return HEADING
    if all(_MUTED.fullmatch(each.strip()) for each in row):
        return "is no student, but says which assignments are hidden"
    if cell.casefold() == "ex":
        return "is excused there"
    return "is not assigned this there" if cell == "N/A" else ""


_FACTS = Path(__file__).with_name("gradebooks.toml").read_text(encoding="utf-8")
TABLES = {name: Table(**facts) for name, facts in tomllib.loads(_FACTS).items()}
"""Name → platform."""
