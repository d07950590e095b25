"""Tell before you hand in what the grader will see: which functions, in which cell and line, what is missing.

Nothing is run, and nothing is said of right or wrong; `handgrad check` does that. Without names: all exercises of the
units that the submission has something of. Exit code 0 when everything is there, 1 when something is missing or not
written yet, 2 when nothing could be read.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from autograder.cli import arguments
from autograder.errors import UsageError
from autograder.render.page import Line, Page, Segment, Style, columns, fill, guard

if TYPE_CHECKING:
    from autograder.course.catalog import Course
    from autograder.submission.definitions import Binding
    from autograder.submission.preview import FoundExercise, FoundFunction, Remark
    from autograder.submission.source import Submission

_NAME = 34
_LINES = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """PATH [NAMES] [--json]."""
    parser.add_argument("path", type=arguments.path, metavar="PATH", help="a notebook, a .py file, a zip or a folder")
    arguments.add_names(parser, "expect")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Read the submission and print what the grader will see."""
    from autograder.submission.folder import read_submission
    from autograder.submission.preview import preview

    if not args.path.exists():
        raise UsageError(f"{args.path} does not exist. Name the file or the folder that you will hand in.")
    course = arguments.open_held(args, args.path)
    submission = read_submission(args.path.resolve(), course.functions)
    if course.functions.keys() <= submission.refused.keys():
        raise UsageError(next(iter(submission.refused.values())).reason)
    seen, remarks = preview(submission, course.functions)
    seen = _expected(args, course, submission, seen)
    counted = {each.origin for each in seen if each.origin}
    remarks = [remark for remark in remarks if remark.origin in counted]
    if args.json:
        arguments.print_json({
            "exercises": [asdict(each) | {"ready": each.ready} for each in seen],
            "remarks": list(map(asdict, remarks)), "notes": list(submission.notes),
        })  # fmt: skip
    else:
        from autograder.render.terminal import print_lines

        print_lines(lambda page: preview_lines(seen, remarks, submission.notes, page))
    return 0 if seen and all(each.ready for each in seen) else 1


def _expected(
    args: argparse.Namespace, course: Course, submission: Submission, seen: list[FoundExercise]
) -> list[FoundExercise]:
    """The exercises that are named; else those of the units that it has something of; of a file that bears an
    exercise's name, that one."""
    wanted = set(arguments.picked(args, course))
    begun = [each for each in seen if each.begun]
    if not wanted and args.path.is_file() and submission.module is None:
        wanted = {each.exercise for each in begun} & (submission.sources.keys() | submission.refused.keys())
    elif not wanted:
        units = {course.folders[each.exercise].parent.name for each in begun}
        wanted = {name for name in course.names if course.folders[name].parent.name in units}
    return [each for each in seen if each.exercise in wanted]


def preview_lines(
    seen: Sequence[FoundExercise], remarks: Sequence[Remark], notes: Sequence[str], page: Page
) -> list[Line]:
    """Return all lines. notes: sentences about files that were not read."""
    names = [page.ink(found.function) for each in seen for found in each.functions]
    width = min(max(map(columns, names), default=0), _NAME)
    lines = [line for each in seen if each.begun for line in _exercise(each, width, page)]
    absent = [each.exercise for each in seen if not each.begun]
    if absent:
        lead = Segment(f"{page.symbol('failed')} nothing of: ", "bad")
        lines += page.paragraph((lead,), page.ink(", ".join(absent)), "bad")
    aside = [line for words in _asides(remarks) for line in _said("  ", words, page, "dim")]
    if aside:
        lines += [(), (Segment("Other than in your notebook or editor", "strong"),), *aside]
    if notes:
        lines += [(), *(line for note in notes for line in _said("note: ", note, page))]
    return guard([*lines, (), *_verdict(seen, page)])


def _said(lead: str, words: str, page: Page, style: Style = "plain") -> list[Line]:
    return page.paragraph((Segment(lead),), page.ink(words), style)


def _exercise(seen: FoundExercise, width: int, page: Page) -> Iterator[Line]:
    style: Style = "good" if seen.ready else "bad"
    mark = page.symbol("passed" if seen.ready else "failed")
    name = Segment(page.ink(seen.exercise), "strong")
    yield Segment(f"{mark} ", style), name, Segment(page.ink(f"  {seen.origin}"), "dim")
    if seen.refused:
        yield from _said("    ", seen.refused, page, "bad")
        return
    for found in seen.functions:
        lead = Segment(f"    {page.encode(fill(page.ink(found.function), width))}  ")
        yield from page.paragraph((lead,), page.ink(_words(found)), "plain" if found.ready else "bad")


def _words(found: FoundFunction) -> str:
    counts = found.counts
    if counts is None:
        return "missing: no line defines it"
    words = _place(counts) + {
        "written": "", "stub": ": not written yet", "broken": f": is not Python: {counts.detail}",
        "result": ": is the result of a call, and no function. Call the result something else",
        "imported": f": is imported from {counts.detail}, which is not there when it is graded. Define it here",
    }[counts.kind]  # fmt: skip
    before = [place for other in found.others if other.kind != "broken" and (place := _place(other))]
    broken = [_place(other) for other in found.others if other.kind == "broken"]
    words += f"; defined before in {_listed(before)}: the last one counts" if before else ""
    return words + (f"; {_listed(broken)} is not Python and does not count" if broken else "")


def _place(where: Binding | Remark) -> str:
    return f"cell {where.cell}, line {where.line}" if where.cell else f"line {where.line}"


def _listed(places: Sequence[str]) -> str:
    return " and ".join(places[:_LINES]) + (f" and {len(places) - _LINES} more" if places[_LINES:] else "")


def _asides(remarks: Sequence[Remark]) -> Iterator[str]:
    for each in remarks:
        why = f"{each.name} is not there when it is graded. Only what uses it fails."
        if each.what == "asks":
            why = "nobody answers input() when it is graded. What needs the answer is left undefined."
        yield f"{each.origin}, {_place(each)}: {why}"


def _verdict(seen: Sequence[FoundExercise], page: Page) -> list[Line]:
    ready = sum(each.ready for each in seen)
    if not seen:
        return page.paragraph((), "No function of the course's exercises was found.", "bad")
    whole = ready == len(seen)
    style: Style = "good" if whole else "bad"
    words = f"{ready} of {len(seen)} exercises are complete."
    words = "All is there. Whether it is right says `handgrad check`." if whole else words
    return page.paragraph((Segment(f"{page.symbol('passed' if whole else 'failed')} ", style),), words, style)
