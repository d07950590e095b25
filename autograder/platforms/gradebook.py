"""Filling a column of a gradebook, and the gradebooks that are tables: exports of Blackboard, Brightspace or Canvas.

What is written for them holds the columns that identify the student and the filled one, and changes nothing else.
Archives bring each student's feedback back, in the form of bulk uploads. Moodle takes
`Jane Doe_123_assignfeedback_file_/feedback.html`, with the number of the participant. Canvas takes files that are named
as in its download, `doejane_123_456_feedback.txt`: the upload 456 has to be one of the student 123.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from autograder.course.catalog import find_course
from autograder.course.policy.course import course_rules, rules
from autograder.course.policy.policy import Policy
from autograder.errors import CourseError, UsageError
from autograder.platforms.graded import add_results, take_results
from autograder.platforms.roster import Roster, identifiers, place, read_map
from autograder.platforms.sheet import Sheet, has_commas, number, read_sheet, written
from autograder.render.page import points
from autograder.report.escape import show
from autograder.report.files import packed, write_whole
from autograder.report.report import Mark
from autograder.submission.listing import is_class, list_entries, read_name
from autograder.submission.source import slug


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS TEMPLATE -o FILE and the options of filling."""
    add_results(parser)
    parser.add_argument("template", type=Path, metavar="TEMPLATE", help="the CSV that the platform exported")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", required=True, help="the CSV to import there")
    parser.add_argument("--column", metavar="NAME", help="the column to fill (default: the only one that fits)")
    parser.add_argument("--students", type=Path, metavar="MAP",
                        help="a CSV of two columns: submission, and an identifier in TEMPLATE")  # fmt: skip
    parser.add_argument(
        "--by-number", action="store_true",
        help="the number that the platform gave a file decides alone, whatever name stands before it, such as a team's",
    )  # fmt: skip
    parser.add_argument(
        "--points", choices=("same", "scale", "raw"), default="same",
        help="same: refuse where the maxima differ; scale: in proportion to TEMPLATE's maximum; raw: as they are",
    )  # fmt: skip
    parser.add_argument("--out-of", type=Decimal, metavar="N", help="the column's maximum, where TEMPLATE has none")


def fill(
    args: argparse.Namespace, sheet: Sheet, index: int, maxima: Sequence[str], roster: Roster, columns: Sequence[int],
    untouched: Mapping[int, str] = MappingProxyType({}), bounded: bool = False,
) -> int:  # fmt: skip
    """Fill the column at `index`; write the rows that get a grade, with `columns`; print who gets none.

    Nothing is written if a maximum is wrong. Rows without a grade are left out, so that importing the file changes no
    other grade. maxima: cell with the maximum of each row; untouched: row that is not filled, such as that of an
    excused student → reason; bounded: the platform refuses grades above the maximum.
    """
    if wrong := next((cell for cell in maxima if cell and args.out_of is None and number(cell) is None), ""):
        raise UsageError(f"the maximum {show(wrong)} is no number. Say --out-of N.")
    most = [args.out_of if args.out_of is not None else number(cell) for cell in maxima]
    if bounded and None in most and args.points != "raw":
        raise UsageError("the table does not say what the grade is out of. Say --out-of N, or --points raw.")
    _say_rules(args.course)
    marks = dict(take_results(args, lambda report: (report.submission, report.mark or Mark(
        None if report.status == "broken" else report.score, report.max_score
    ))))  # fmt: skip
    for note, count in Counter(note for each in marks.values() for note in each.notes).items():
        print(f"handgrad: {count} of {len(marks)}: {note}", file=sys.stderr)
    roster.names = () if args.by_number else roster.names
    people = course_rules(args.course).students
    rows, left = place(list(marks), roster, {**identifiers(people, roster), **read_map(args.students)})
    cells: dict[int, str] = {}
    comma = has_commas([*sheet.column(index), *maxima])
    for name, row in ((name, row) for name, several in rows.items() for row in several):
        if row in untouched:
            left[name] = untouched[row]
        elif marks[name].score is None:
            left[name] = "the grader failed in a part of it; grade it again"
        else:
            cells[row] = written(*_points(name, marks[name], most[row], args.points, bounded), comma)
    for row, cell in cells.items():
        sheet.rows[row] += [""] * (index + 1 - len(sheet.rows[row]))
        sheet.rows[row][index] = cell
    head = [row for row in range(len(sheet.rows)) if untouched.get(row) == HEADING]
    write_whole(args.output, sheet.text(columns, [*head, *sorted(cells)]))
    for name, why in left.items():
        print(f"handgrad: not in the file: {name}: {why}", file=sys.stderr)
    if idle := len(set(range(len(sheet.rows))) - set(untouched) - set(chain(*rows.values()))):
        print(f"{idle} of the platform's students have no result and are left out of the file.")
    print(f"{args.output}: {len(cells)} grade{'' if len(cells) == 1 else 's'}.")
    return 1 if left else 0


HEADING = "is no student"
"""The reason of rows above the students, which are part of every import."""


def find_column(sheet: Sheet, wanted: str | None, columns: Mapping[int, Sequence[str]]) -> int:
    """Return the index of the column named `wanted`; without a name that of the only column. UsageError lists all.

    columns: index → names by which it can be chosen.
    """
    if wanted is None:
        fitting = list(columns)
    else:
        fitting = [i for i, forms in columns.items() if wanted.casefold() in (form.casefold() for form in forms)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(sheet.names[i] for i in columns) or "none"
    said = f"{len(fitting)} columns are named {wanted}" if wanted else f"{len(fitting)} columns could be filled"
    raise UsageError(f"{said}. Name one with --column: {names}.")


def _say_rules(course: Path | None) -> None:
    """Print which course's rules apply; without a course the results keep their marks or points."""
    try:
        found = find_course(course or Path())
    except CourseError:
        if course:
            raise
        words = "this folder lies in no course: points count as earned. --course names one"
        print(f"handgrad: {words}. Results that were marked by a course's rules keep their marks.", file=sys.stderr)
        return
    if rules(found) != Policy():
        print(f"What counts follows {found.root / 'course.toml'}.")


def _points(name: str, mark: Mark, most: Decimal | None, how: str, bounded: bool) -> tuple[Decimal, Decimal]:
    """Return the score and its maximum as --points says; UsageError where the column's maximum does not fit."""
    score, ours = Decimal(str(mark.score)), Decimal(str(mark.max_score))
    if most is None and how == "scale":
        raise UsageError("the table does not say what the grade is out of. Nothing was written. Say --out-of N.")
    if most is not None and how == "same" and ours != most:
        raise UsageError(
            f"{name} is graded out of {points(float(ours))} points, the column is out of {points(float(most))}. "
            "Nothing was written. Say --points scale (in proportion), or --points raw (as they are)."
        )
    if most is not None and how == "scale":
        score, ours = (score * most / ours if ours else Decimal(0)), most
    if bounded and most is not None and score > most:
        raise UsageError(
            f"{name} has {points(float(score))} of {points(float(most))} points, and for one grade above the maximum "
            "the platform refuses the whole file. Nothing was written. Raise the maximum there, or say --points scale."
        )
    return score, ours


def add_feedback(parser: argparse.ArgumentParser, where: str) -> None:
    """Add --feedback. where: what TEMPLATE is then."""
    parser.add_argument("--feedback", action="store_true",
                        help=f"write a zip with everybody's feedback instead; TEMPLATE is {where}")  # fmt: skip


def downloaded(path: Path) -> dict[str, list[str]]:
    """Return student → names of the uploads in a download; UsageError if it is none."""
    if not is_class(path):
        raise UsageError(f"{path} is no folder and no zip archive. Name the download of the submissions.")
    try:
        entries = list_entries(path).entries
    except (ValueError, OSError) as error:
        raise UsageError(str(error)) from error
    return {entry.student: [name.rpartition("/")[2] for name, _ in entry.files] for entry in entries}


def canvas_places(names: Iterable[str], download: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return submission → name of its feedback for Canvas, and submission → why it has none."""
    uploads = downloaded(download)
    places, left = dict[str, str](), dict[str, str]()
    for name in names:
        if head := next(filter(None, map(_head, uploads.get(name, ()))), ""):
            places[name] = f"{head}feedback.txt"
        else:
            left[name] = "has no uploaded file in the download, and Canvas takes feedback to an uploaded file only"
    return places, left


def _head(name: str) -> str:
    """Return the beginning of a name in Canvas's download, up to the number of the upload; "" for another name."""
    upload = read_name(name, folder=False)
    plain = unicodedata.normalize("NFC", name)
    head = plain.removesuffix(upload.shown) if upload and upload.numbered else ""
    return head if re.search(r"_\d+_\d+_$", f"_{head}") else ""


def pack(args: argparse.Namespace, places: Mapping[str, str], left: Mapping[str, str]) -> int:
    """Write the archive with each submission's feedback at its place, and print who has none; return 1 if any."""
    if not (args.results / "feedback").is_dir():
        raise UsageError(f"{args.results} holds no feedback/. Name the folder that `handgrad grade` wrote.")
    paths = {name: args.results / "feedback" / f"{slug(name)}{Path(where).suffix}" for name, where in places.items()}
    missing = {name: f"{path} is missing; grade it again" for name, path in paths.items() if not path.is_file()}
    missing |= left
    files = [(places[name], paths[name]) for name in sorted(paths) if name not in missing]
    write_whole(args.output, packed((where, path.read_bytes()) for where, path in files))
    for name, why in missing.items():
        print(f"handgrad: not in the archive: {name}: {why}", file=sys.stderr)
    print(f"{args.output}: the feedback of {len(files)} submission{'' if len(files) == 1 else 's'}.")
    return 1 if missing else 0


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
    ids: tuple[str, ...]
    """Columns that identify a student, the first tried first."""
    column: re.Pattern[str]
    """Header of a column that can be filled, with groups `title` and perhaps `most` and `id`."""
    how: str
    """How to export the table."""
    more: tuple[str, ...] = ()
    """Further columns that an import needs."""
    number: str = ""
    """Kind of identifier in the names of downloaded files; such a table has names in its first column."""
    takes_feedback: bool = False
    """Feedback can be uploaded, too."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add RESULTS TEMPLATE -o FILE [--column TITLE] [--students MAP] [--points HOW] [--out-of N]."""
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
        titles = {i: match for i, name in enumerate(sheet.names) if (match := self.column.fullmatch(name))
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


TABLES = {
    "blackboard": Table(
        "fill a column of a gradebook that Blackboard exported", ("Username", "Student ID"),
        re.compile(r"(?P<title>.*?) \[[^\]:]*:\s*(?:up to )?(?P<most>[\d.,]+)[^\]]*\].*", re.DOTALL),
        "Export it in Blackboard with Work Offline → Download.",
    ),
    "brightspace": Table(
        "fill a column of a gradebook that Brightspace exported", ("OrgDefinedId", "Username", "Email"),
        re.compile(r"(?P<title>.*?) Points Grade(?: <Numeric MaxPoints:(?P<most>[\d.,]+).*>)?", re.DOTALL),
        "Export it in Brightspace with Grades → Export, with points grades and both keys.", ("End-of-Line Indicator",),
    ),
    "canvas": Table(
        "fill a column of an exported Canvas gradebook", ("ID", "SIS User ID", "SIS Login ID", "Integration ID"),
        re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)", re.DOTALL),
        "Export it in Canvas with Grades → Export.", ("Student", "Root Account", "Section"), "ID", True,
    ),
}  # fmt: skip
"""Name → platform."""
