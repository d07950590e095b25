"""Tell before you hand in what the grader will see: which functions, in which cell and line, what is missing.

Nothing is run, and nothing is said of right or wrong; `handgrad check` does that. Without names: all exercises of the
units that the submission has something of. Exit code 0 when everything is there, 1 when something is missing or not
written yet, 2 when nothing could be read.
"""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.cli import arguments
from autograder.course.catalog import Course
from autograder.errors import UsageError
from autograder.render.page import Line, Page, Segment, Style, columns, fill, guard
from autograder.render.terminal import print_lines
from autograder.submission.definitions import Binding, read
from autograder.submission.folder import read_submission
from autograder.submission.modules import AVAILABLE, kind_of
from autograder.submission.places import CellMap
from autograder.submission.source import Source, Submission

_NAME = 34
_LINES = 12


@dataclass(frozen=True)
class FoundFunction:
    """A function that an exercise asks for, with its definitions in a submission."""

    function: str
    """Name of the function."""
    counts: Binding | None = None
    """Definition that is graded, None if there is none."""
    others: tuple[Binding, ...] = ()
    """Other definitions, which are not graded."""

    @property
    def ready(self) -> bool:
        """Return whether there is something to grade."""
        return self.counts is not None and self.counts.kind == "written"


@dataclass(frozen=True)
class FoundExercise:
    """Functions of one exercise that a submission holds."""

    exercise: str
    """Name of the exercise."""
    origin: str
    """File that counts for the exercise, "" if there is none."""
    functions: tuple[FoundFunction, ...]
    """Functions that the exercise asks for."""
    refused: str = ""
    """Why the file is refused, "" if it is not."""

    @property
    def begun(self) -> bool:
        """Return whether a function of the exercise, or a refused file for it, was found."""
        return bool(self.refused) or any(found.counts for found in self.functions)

    @property
    def ready(self) -> bool:
        """Return whether every function is written."""
        return not self.refused and all(found.ready for found in self.functions)


@dataclass(frozen=True)
class Remark:
    """Top-level line that behaves differently when it is graded than in the student's notebook."""

    origin: str
    """Path inside the submission."""
    cell: int | None
    """Cell of a notebook, else None."""
    line: int
    """Line in the cell or file."""
    what: str
    """Difference: "asks" for a call of `input()`, "module" for an import that the sandbox lacks, "broken" for lines
    that are not Python and define no function of an exercise."""
    name: str = ""
    """Function that is called, module that is imported, or what is wrong with the lines."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add PATH [NAMES] to the parser."""
    parser.add_argument("path", type=arguments.path, metavar="PATH", help="a notebook, a .py file, a zip or a folder")
    arguments.add_names(parser, "expect")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Read the submission and print what the grader will see; return 0, 1 or 2, as the module says."""
    if not args.path.exists():
        raise UsageError(f"{args.path} does not exist. Name the file or the folder that you will hand in.")
    course = arguments.open_held(args, args.path)
    submission = read_submission(args.path.resolve(), course.functions)
    if course.functions.keys() <= submission.refused.keys():
        raise UsageError(next(iter(submission.refused.values())).reason)
    seen, remarks = preview(submission, course.functions)
    seen = _expected(args, course, submission, seen)
    remarks = [remark for remark in remarks if remark.origin in {each.origin for each in seen}]
    print_lines(lambda page: _preview_lines(seen, remarks, submission.notes, page))
    return 0 if seen and all(each.ready for each in seen) else 1


def preview(submission: Submission, functions: Mapping[str, Iterable[str]]) -> tuple[list[FoundExercise], list[Remark]]:
    """Return what the submission holds of each exercise, and remarks on lines. functions: exercise → its functions."""
    remarks: dict[Remark, None] = {}
    previews = []
    asked = {name for names in functions.values() for name in names}
    for exercise, names in functions.items():
        refused = submission.refused.get(exercise)
        source = None if refused else submission.sources.get(exercise) or submission.module
        found = tuple(_find(source, name) if source else FoundFunction(name) for name in names)
        remarks |= dict.fromkeys(_remarks(source, asked) if source else ())
        place = refused.origin if refused else source.origin if source else ""
        previews.append(FoundExercise(exercise, place, found, refused.reason if refused else ""))
    return previews, list(remarks)


def _find(source: Source, name: str) -> FoundFunction:
    """Return the definition of a function that counts in a source, and the others."""
    content, cells = read(source.text), CellMap(source.text, source.origin)
    placed = {each: replace(each, cell=cell, line=line, end=each.end - each.line + line)
              for each in content.all(name) for cell, line in [cells.place(each.line)]}  # fmt: skip
    last, kind = content.last(name), kind_of(content, name, source.modules)
    counts = placed.pop(last) if last else Binding(name, kind, 1, 1) if kind else None
    return FoundFunction(name, replace(counts, kind=kind) if counts and kind else None, tuple(placed.values()))


def _remarks(source: Source, asked: Container[str]) -> list[Remark]:
    """Return the calls of `input()` that run when the text is loaded, the imports of modules that are not there, and
    the pieces that do not parse. asked: functions of exercises; what is wrong with theirs is said beside their names.
    """
    content, cells = read(source.text), CellMap(source.text, source.origin)
    there = {"", *AVAILABLE, *source.modules} - {"autograder"}
    found = [(line, "asks", "input()") for line in content.asks]
    tops = ((each, each.module.lstrip(".").partition(".")[0]) for each in content.imports if each.at_once)
    found += [(each.line, "module", top) for each, top in tops if top not in there]
    found += [(line, "broken", detail) for line, detail, names in content.broken
              if not any(name in asked for name in names)]  # fmt: skip
    return [Remark(source.origin, *cells.place(line), what, name) for line, what, name in sorted(found)]


def _expected(
    args: argparse.Namespace, course: Course, submission: Submission, seen: list[FoundExercise]
) -> list[FoundExercise]:
    """Return the exercises of `seen` that are expected: those named in `args`; without names the exercise that the file
    is named after, else all exercises of the units of which one is begun."""
    wanted = set(arguments.picked(args, course))
    begun = {each.exercise for each in seen if each.begun}
    if not wanted and args.path.is_file() and submission.module is None:
        wanted = begun & (submission.sources.keys() | submission.refused.keys())
    elif not wanted:
        units = {course.folders[name].parent for name in begun}
        wanted = {name for name in course.names if course.folders[name].parent in units}
    return [each for each in seen if each.exercise in wanted]


def _preview_lines(
    seen: Sequence[FoundExercise], remarks: Sequence[Remark], notes: Sequence[str], page: Page
) -> list[Line]:
    """Return the lines of the output of `handgrad validate`. notes: sentences about files that were not read."""
    names = [page.ink(found.function) for each in seen for found in each.functions]
    width = min(max(map(columns, names), default=0), _NAME)
    lines = [line for each in seen if each.begun for line in _exercise(each, width, page)]
    absent = [each.exercise for each in seen if not each.begun]
    if absent:
        lead = Segment(f"{page.symbol('failed')} nothing of: ", "bad")
        lines += page.paragraph((lead,), page.ink(", ".join(absent)), "bad")
    aside = [line for each in remarks for line in _said("  ", _remark(each), page, "dim")]
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
    flaws = {
        "written": "",
        "stub": ": not written yet",
        "broken": f": is not Python: {counts.detail}",
        "result": ": is the result of a call, and no function. Call the result something else",
        "imported": f": is imported from {counts.detail}, which is not there when it is graded. Define it here",
    }
    words = _place(counts) + flaws[counts.kind]
    before = [_place(other) for other in found.others if other.kind != "broken"]
    broken = [_place(other) for other in found.others if other.kind == "broken"]
    words += f"; defined before in {_listed(before)}: the last one counts" if before else ""
    return words + (f"; {_listed(broken)} is not Python and does not count" if broken else "")


def _place(where: Binding | Remark) -> str:
    return f"cell {where.cell}, line {where.line}" if where.cell else f"line {where.line}"


def _listed(places: Sequence[str]) -> str:
    return " and ".join(places[:_LINES]) + (f" and {len(places) - _LINES} more" if places[_LINES:] else "")


def _remark(each: Remark) -> str:
    why = f"{each.name} is not there when it is graded. Only what uses it fails."
    if each.what == "asks":
        why = "nobody answers input() when it is graded. What needs the answer is left undefined."
    elif each.what == "broken":
        why = f"is not Python: {each.name}. It is left out when it is graded; what uses it fails."
    return f"{each.origin}, {_place(each)}: {why}"


def _verdict(seen: Sequence[FoundExercise], page: Page) -> list[Line]:
    if not seen:
        return page.paragraph((), "No function of the course's exercises was found.", "bad")
    ready = sum(each.ready for each in seen)
    if ready == len(seen):
        words = "All is there. Whether it is right says `handgrad check`."
        return page.paragraph((Segment(f"{page.symbol('passed')} ", "good"),), words, "good")
    words = f"{ready} of {len(seen)} exercises are complete."
    return page.paragraph((Segment(f"{page.symbol('failed')} ", "bad"),), words, "bad")
