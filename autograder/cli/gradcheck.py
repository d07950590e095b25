"""Compare your backward with the numerical derivative of your own forward, gradient by gradient.

Your file is run in this process, as `python` runs it. It is feedback, not a grade.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograder.cli import arguments

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.course.catalog import Course
    from autograder.numeric.gradients import GradientCheck
    from autograder.render.page import Line, Page, Style
    from autograder.submission.source import Source


def configure(parser: argparse.ArgumentParser) -> None:
    """[NAMES] [--path DIR] [--input FILE.npz] [--entries N] [--seed N]."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="exercises or their functions (default: all yours)")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    parser.add_argument("--input", type=arguments.path, metavar="FILE", help="inputs of your own: a .npz with x, w …")
    parser.add_argument("--entries", type=int, default=10, metavar="N", help="entries of each gradient (default: 10)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the inputs and entries (default: 0)")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Check each exercise; exit 0 when every gradient agrees, 1 when one does not."""
    from rich.console import Console

    from autograder.errors import UsageError
    from autograder.render.terminal import print_lines

    course, path = arguments.open_files(args)
    given = _read(args.input) if args.input else None
    if given is not None and len(args.names) != 1:
        raise UsageError("--input goes with one exercise: name it.")
    results = list(_results(course, path, args, given))
    if not results:
        raise UsageError(f"no gradient to check in {path}. Name an exercise that has one, such as dense.")
    for result in results:
        print_lines(lambda page, result=result: _lines(result, page), Console())  # type: ignore[misc]
    return 0 if all(results) else 1


def _results(course: Course, path: Path, args: argparse.Namespace, given: Any) -> Iterator[GradientCheck]:
    from autograder.frontends.gradcheck import check_exercise, find_exercise
    from autograder.numeric.gradients import GradientCheck
    from autograder.submission.folder import read_submission

    submission = read_submission(path, course.functions)
    named = [find_exercise(course, name) for name in args.names]
    for exercise in named or [each for each in course.exercises() if each.gradients]:
        source = submission.sources.get(exercise.name)
        if source is None:
            if named:
                refused = submission.refused.get(exercise.name)
                words = refused.reason if refused else f"{exercise.name} has no file in {path}."
                yield GradientCheck(exercise.name, problems=(words,))
            continue
        names, problem = _run(source)
        if problem:
            yield GradientCheck(exercise.name, problems=(problem,))
        else:
            yield check_exercise(exercise, names, args.seed, args.entries, given=given)


def _run(source: Source) -> tuple[dict[str, Any], str]:
    """The names that the text defines, and why it could not be run; "" where it was."""
    import linecache

    names: dict[str, Any] = {"__name__": "handin"}
    linecache.cache[source.origin] = len(source.text), None, source.text.splitlines(keepends=True), source.origin
    try:
        exec(compile(source.text, source.origin, "exec"), names)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too
        return names, f"{source.origin} does not run: {type(error).__name__}: {error}."
    return names, ""


def _read(path: Path) -> dict[str, Any]:
    """The arrays of a .npz by name, those without axes as numbers; UsageError where it is none."""
    import numpy as np

    from autograder.errors import UsageError

    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] if file[name].ndim else file[name].item() for name in file.files}
    except Exception as error:
        words = f"{path} is no .npz of arrays: {error}"
        raise UsageError(f"{words}. Write one with np.savez({path.name!r}, x=x).") from error


def _lines(result: GradientCheck, page: Page) -> list[Line]:
    from autograder.numeric.gradients import SYMBOLS
    from autograder.render.page import Segment

    styles: dict[str, Style] = {"ok": "good", "wrong": "bad", "unchecked": "warn", "": "dim"}
    lines = page.paragraph((), page.ink(f"{result.title}: {result.verdict}"), "strong")
    for status, text in result.lines():
        lead = Segment(page.encode(f"  {SYMBOLS[status]} "), styles[status])
        lines += page.paragraph((lead,), page.ink(text), styles[status])
    return lines
