"""Filling of a column in a platform's table: the options, the points, and the students who get none.

The written file holds the columns that identify students and the filled column, and changes no other column.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
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
from autograder.platforms.sheet import Sheet, has_commas, number, written
from autograder.render.page import points
from autograder.report.escape import show
from autograder.report.files import write_whole
from autograder.report.report import Mark


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS TEMPLATE -o FILE, --points HOW and the other options of a filled column to a parser."""
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
"""Reason for leaving out a row above the students, such as one with maxima; every import keeps these rows."""


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
    """Print which course's rules apply, or that without a course results keep their marks or points."""
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
    """Return the score and its maximum, converted as --points says; UsageError if the column's maximum does not fit."""
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
