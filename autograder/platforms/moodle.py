"""Moodle: filling the grades into an offline grading worksheet or a grade export.

Headers are in the language of the person who exported, so columns are found by words of a few languages, by their
cells, and by --column, --match and --out-of. A grade out of bounds is an error, because Moodle refuses the whole file.
"""

from __future__ import annotations

import argparse
import re

from autograder.errors import UsageError
from autograder.platforms import gradebook
from autograder.platforms.gradebook import GradebookColumn
from autograder.platforms.roster import Roster
from autograder.platforms.sheet import Sheet, has_commas, read_sheet

HELP = "fill a Moodle grading worksheet or grade export"

_GRADE = {"grade", "bewertung", "calificación", "note"}
_MOST = {"maximum grade", "bestwertung", "calificación máxima", "note maximale"}
_NUMBER = {"id number", "id-nummer", "número de id", "numéro d’identification", "numéro d'identification"}
_USER = {"username", "anmeldename", "nombre de usuario", "nom d’utilisateur", "nom d'utilisateur"}
_NAME = {"full name", "vollständiger name", "nombre completo", "nom complet"}
_FIRST = {"first name", "vorname", "nombre", "prénom"}
_LAST = {"last name", "surname", "nachname", "apellido(s)", "nom", "nom de famille"}
_PARTICIPANT = re.compile(r"(\D*?)\s*(\d+)")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS TEMPLATE -o FILE [--column NAME] [--match NAME] [--students MAP] [--points HOW] [--out-of N]."""
    gradebook.add_arguments(parser)
    parser.add_argument("--match", action="append", default=[], metavar="NAME", help="match students by this column")


def export(args: argparse.Namespace) -> int:
    """Write the file for Moodle to import."""
    sheet = read_sheet(args.template)
    index = gradebook.find_column(sheet, args.column, _grades(sheet, args.column))
    top = _index(sheet, _MOST)
    most = gradebook.maximum(sheet.column(top) if top is not None else [""] * len(sheet.rows), args.out_of)
    if None in most and args.points != "raw":
        raise UsageError("the table does not say what the grade is out of. Say --out-of N, or --points raw.")
    cells = [cell for i in {index, index if top is None else top} for cell in sheet.column(i)]
    column = GradebookColumn(index, most, {}, has_commas(cells), bounded=True)
    return gradebook.fill(args, sheet, column, _roster(sheet, args.match), range(len(sheet.header)))


def _grades(sheet: Sheet, wanted: str | None) -> dict[int, list[str]]:
    """Return the columns that can hold grades by their name; if a name is wanted, all columns."""
    columns = {i: [name] for i, name in enumerate(sheet.names) if name}
    return columns if wanted else {i: names for i, names in columns.items() if names[0].casefold() in _GRADE}


def _index(sheet: Sheet, words: set[str]) -> int | None:
    return next((i for i, name in enumerate(sheet.names) if name.casefold() in words), None)


def _roster(sheet: Sheet, wanted: list[str]) -> Roster:
    """Return the students, identified by the wanted columns, else by number, ID number, user name, e-mail and name."""
    roster = Roster()
    if wanted:
        for name in wanted:
            roster.add(name, sheet.column(gradebook.find_column(sheet, name, _grades(sheet, name))))
        return roster
    first = sheet.column(0)
    found = list(filter(None, map(_PARTICIPANT.fullmatch, first)))
    if len(found) == len(first):
        roster.add("participant", first)
        roster.add("participant's number", [each[2] for each in found])
    if found and len(found) == len(first) and all(each[1] for each in found):
        roster.number, roster.nameless = "participant's number", found[0][1]
    for kind, words in (("ID number", _NUMBER), ("user name", _USER)):
        index = _index(sheet, words)
        if index is not None:
            roster.add(kind, sheet.column(index))
    for index in range(len(sheet.header)):
        cells = [cell for cell in sheet.column(index) if cell]
        if cells and all("@" in cell and " " not in cell for cell in cells):
            roster.add("e-mail address", sheet.column(index))
    roster.names = _names(sheet)
    roster.add("name", roster.names)
    return roster


def _names(sheet: Sheet) -> list[str]:
    whole, first, last = _index(sheet, _NAME), _index(sheet, _FIRST), _index(sheet, _LAST)
    if whole is not None:
        return sheet.column(whole)
    if first is None or last is None:
        return []
    return [f"{mine} {theirs}" for mine, theirs in zip(sheet.column(first), sheet.column(last), strict=True)]
