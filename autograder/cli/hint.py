"""Show the next hint for an exercise: what differs, which term, the formula with a hole, a case for paper.

One step at a time: each call adds one, after a check of your file if it has changed. Nothing of the solution is shown.
"""

from __future__ import annotations

import argparse

from autograder.cli import arguments
from autograder.errors import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add NAME [--all] [--reset] [--path DIR] to the parser."""
    parser.add_argument("name", metavar="NAME", help="the exercise")
    parser.add_argument("--all", action="store_true", help="every step at once")
    parser.add_argument("--reset", action="store_true", help="begin again with the first step")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Check the exercise if it changed; print its hints and one more. Return 0, or 3 when the grader failed."""
    from autograder.course.policy.course import hints_open
    from autograder.frontends.watch.hints import kept_hint, next_hint, state_of
    from autograder.frontends.watch.progress import look
    from autograder.frontends.watch.screen import hint_lines
    from autograder.render.terminal import print_lines

    course, folder = arguments.open_files(args)
    name, *others = course.pick([args.name])
    if others:
        raise UsageError(f"{args.name} is a unit of {1 + len(others)} exercises. Name one of them: "
                         f"{', '.join((name, *others))}.")  # fmt: skip
    if when := hints_open(course).get(name):
        raise UsageError(f"Hints on {name} are shown from {when:%Y-%m-%d %H:%M %Z}.")
    home, broken = folder if folder.is_dir() else folder.parent, False
    state, asked = state_of(course, look(folder, course), name), {"reset": args.reset, "every": args.all}
    hint = kept_hint(home, name, state, **asked)
    if hint is None:
        from autograder.grading.grader import grade
        from autograder.grading.pipeline import Options
        from autograder.sandbox.sandbox import Sandbox

        exercise = course.exercise(name)
        with Sandbox("local") as sandbox:
            (graded,) = grade(folder, course, [exercise], sandbox, Options(reveal=True)).exercises
        hint, broken = next_hint(home, exercise, graded, state, **asked), graded.status == "broken"
    print_lines(lambda page: hint_lines(hint, name, page))
    return 3 if broken else 0
