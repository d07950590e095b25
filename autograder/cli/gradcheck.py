"""Compare your backward with the numerical derivative of your own forward, gradient by gradient.

Your file is run in this process, as `python` runs it. It is feedback, not a grade.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from autograder.cli import arguments
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.numeric.gradcheck import GradientCheck
    from autograder.render.page import Line, Page, Style


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [NAMES] [--path DIR] [--input FILE.npz] [--entries N] [--seed N] to the parser."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="exercises or their functions (default: all yours)")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    parser.add_argument("--input", type=arguments.path, metavar="FILE", help="inputs of your own: a .npz with x, w …")
    parser.add_argument("--entries", type=int, default=10, metavar="N", help="entries of each gradient (default: 10)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the inputs and entries (default: 0)")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Check the gradients of each exercise and print them; return 0 when all agree, else 1."""
    from autograder.render.terminal import print_lines

    if args.input and len(args.names) != 1:
        raise UsageError("--input goes with one exercise: name it.")
    results = list(_results(args))
    for result in results:
        print_lines(lambda page, result=result: _lines(result, page))  # type: ignore[misc]
    if not results:
        raise UsageError("no gradient to check in your files. Name an exercise that has one, such as dense.")
    return 0 if all(results) else 1


def _results(args: argparse.Namespace) -> Iterator[GradientCheck]:
    from autograder.frontends.gradcheck import check_exercise, find_exercise, read_inputs, run_text
    from autograder.numeric.gradcheck import GradientCheck
    from autograder.submission.folder import read_submission

    course, path = arguments.open_files(args)
    submission, given = read_submission(path, course.functions), read_inputs(args.input) if args.input else None
    named = [find_exercise(course, name) for name in args.names]
    for exercise in named or [each for each in course.exercises() if each.gradients]:
        source, refused = submission.sources.get(exercise.name), submission.refused.get(exercise.name)
        if source is None and not named:
            continue
        names: Mapping[str, Any] = {}
        problem = refused.reason if refused else f"{exercise.name} has no file in {path}."
        if source is not None:
            names, problem = run_text(source.text, source.origin)
        yield (GradientCheck(exercise.name, problems=(problem,)) if problem else
               check_exercise(exercise, names, args.seed, args.entries, given=given))  # fmt: skip


def _lines(result: GradientCheck, page: Page) -> list[Line]:
    from autograder.numeric.gradcheck import SYMBOLS
    from autograder.render.page import Segment

    styles: dict[str, Style] = {"ok": "good", "wrong": "bad", "unchecked": "warn", "": "dim"}
    lines = page.paragraph((), page.ink(f"{result.title}: {result.verdict}"), "strong")
    for status, text in result.lines():
        lead = Segment(page.encode(f"  {SYMBOLS[status]} "), styles[status])
        lines += page.paragraph((lead,), page.ink(text), styles[status])
    return lines
