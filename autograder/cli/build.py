"""Write assignments/ from solutions/, the stubs and notebooks that students receive, and docs/mistakes/, the pages of
common mistakes. Edit the solution, never them."""

from __future__ import annotations

import argparse
import sys

from autograder.cli import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [--check] to the parser."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when assignments/ is out of step")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Write the files that differ, and return 0; with --check print the differences, and return 1 if there are any."""
    from autograder.authoring.build.course import compare, write
    from autograder.errors import CourseError

    root = arguments.open_course(args).root
    try:
        found = compare(root) if args.check else [f"wrote {path}" for path in write(root)]
    except ValueError as error:
        raise CourseError(str(error)) from error
    if args.check:
        print("\n".join(found) or "assignments/ is in step with solutions/.", file=sys.stderr)
        return 1 if found else 0
    print("\n".join(found) or "assignments/ was in step already.")
    return 0
