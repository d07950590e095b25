"""Moodle: filling the grades into an offline grading worksheet or a grade export.

Headers are in the language of the person who exported, so columns are found by words of some languages, by their cells,
and by --column, --match and --out-of. A grade out of bounds is an error, because Moodle refuses the whole file.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

from autograder.errors import UsageError
from autograder.platforms.column import add_arguments, fill, find_column
from autograder.platforms.feedback import add_feedback, downloaded, pack
from autograder.platforms.graded import take_results
from autograder.platforms.roster import Roster, place, read_map
from autograder.platforms.sheet import Sheet, number, read_sheet
from autograder.submission.listing import is_class, name_and_number

HELP = "fill a Moodle grading worksheet or grade export"

_WORDS = tomllib.loads(Path(__file__).with_name("moodle.toml").read_text(encoding="utf-8"))
"""Headers of each kind of column in some languages."""
_PARTICIPANT = re.compile(r"(\D*?)\s*(\d+)")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS TEMPLATE -o FILE [--column NAME] [--match NAME] [--students MAP] [--points HOW] [--out-of N]."""
    add_arguments(parser)
    add_feedback(parser, "the worksheet, or the download of submissions")
    parser.add_argument("--match", action="append", default=[], metavar="NAME", help="match students by this column")


def export(args: argparse.Namespace) -> int:
    """Write the file for Moodle to import."""
    if args.feedback:
        return _feedback(args)
    sheet = read_sheet(args.template)
    top = _index(sheet, "maximum")
    top = _maximum(sheet) if top is None else top
    if not (grades := _grades(sheet, args.column, top)):
        raise UsageError(
            f"no column is called as grades are in a language known here. The columns are {', '.join(sheet.names)}. "
            "Say --column (of the grades), --match (who the student is) and --out-of (the maximum)."
        )
    index = find_column(sheet, args.column, grades)
    maxima = sheet.column(top) if top is not None else [""] * len(sheet.rows)
    roster, columns = _roster(sheet, args.match), range(len(sheet.header))
    return fill(args, sheet, index, maxima, roster, columns, bounded=True)


def _feedback(args: argparse.Namespace) -> int:
    """Write the archive for Moodle's upload of feedback files."""
    names = take_results(args, lambda report: report.submission)
    if is_class(args.template):
        known = downloaded(args.template)
        people = {name: name_and_number(name) for name in names if name in known and name_and_number(name)[1]}
        left = {name: "has no participant's number there" if name in known else "is not in the download"
                for name in names if name not in people}  # fmt: skip
    else:
        sheet = read_sheet(args.template)
        numbers = [match[2] if (match := _PARTICIPANT.fullmatch(cell)) else "" for cell in sheet.column(0)]
        if not all(numbers):
            raise UsageError("this is no grading worksheet: its first column does not name participants by number.")
        rows, left = place(names, _roster(sheet, args.match), read_map(args.students))
        called = _names(sheet) or [""] * len(numbers)
        people = {name: (called[row], numbers[row]) for name, several in rows.items() for row in several}
    plain = {key: re.sub("[_/]", " ", name).strip() or "Participant" for key, (name, _) in people.items()}
    places = {key: f"{plain[key]}_{number}_assignfeedback_file_/feedback.html" for key, (_, number) in people.items()}
    return pack(args, places, left)


def _grades(sheet: Sheet, wanted: str | None, top: int | None = None) -> dict[int, list[str]]:
    """Return the columns that may be filled: those named like grades, else the one before `top`; all if one is wanted.

    top: column of the maximum.
    """
    columns = {i: [name] for i, name in enumerate(sheet.names) if name}
    named = columns if wanted else {i: names for i, names in columns.items() if names[0].casefold() in _WORDS["grade"]}
    return named or ({top - 1: [sheet.names[top - 1]]} if top and _is_worksheet(sheet) else {})


def _is_worksheet(sheet: Sheet) -> bool:
    return bool(sheet.rows) and all(map(_PARTICIPANT.fullmatch, sheet.column(0)))


def _maximum(sheet: Sheet) -> int | None:
    """Return the column of the maximum in a worksheet of any language: one number in all rows, behind the grades."""
    for index in range(2, len(sheet.header)) if _is_worksheet(sheet) else ():
        before = [cell for cell in sheet.column(index - 1) if cell]
        if len(most := set(sheet.column(index))) == 1 and all(number(cell) is not None for cell in [*most, *before]):
            return index
    return None


def _index(sheet: Sheet, kind: str) -> int | None:
    return next((i for i, name in enumerate(sheet.names) if name.casefold() in _WORDS[kind]), None)


def _roster(sheet: Sheet, wanted: list[str]) -> Roster:
    """Return the students, identified by the wanted columns, else by number, ID number, user name, e-mail and name."""
    roster = Roster()
    if wanted:
        for name in wanted:
            roster.add(name, sheet.column(find_column(sheet, name, _grades(sheet, name))))
        return roster
    first = sheet.column(0)
    found = list(filter(None, map(_PARTICIPANT.fullmatch, first)))
    if found and len(found) == len(first):
        roster.add("participant", first)
        roster.add("participant's number", [each[2] for each in found])
        if all(each[1] for each in found):
            roster.number, roster.nameless = "participant's number", found[0][1]
    for kind in ("ID number", "user name"):
        if (index := _index(sheet, kind)) is not None:
            roster.add(kind, sheet.column(index))
    for index in range(len(sheet.header)):
        cells = [cell for cell in sheet.column(index) if cell]
        if cells and all("@" in cell and " " not in cell for cell in cells):
            roster.add("e-mail address", sheet.column(index))
    roster.names = _names(sheet)
    roster.add("name", roster.names)
    return roster


def _names(sheet: Sheet) -> list[str]:
    whole, first, last = (_index(sheet, kind) for kind in ("name", "first name", "last name"))
    if whole is not None:
        return sheet.column(whole)
    if first is None or last is None:
        second = sheet.column(1) if _is_worksheet(sheet) and len(sheet.header) > 4 else []
        return second if second and not any(number(cell) or "@" in cell for cell in second) else []
    return [f"{mine} {theirs}" for mine, theirs in zip(sheet.column(first), sheet.column(last), strict=True)]
