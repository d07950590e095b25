"""Write assignments/ from solutions/, the stubs and notebooks that students receive, and docs/mistakes/, the pages of
common mistakes. Edit the solution, never them."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from autograder.cli import arguments

if TYPE_CHECKING:
    from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [--check]."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when assignments/ is out of step")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Write or compare; exit 0 when in step, 1 when it is not or when that cannot be known."""
    from autograder.errors import CourseError

    root = arguments.open_course(args).root
    try:
        return _check(root) if args.check else _write(root)
    except ValueError as error:
        raise CourseError(str(error)) from error


def _check(root: Path) -> int:
    from autograder.authoring.build.course import compare, unwritable

    drift = [*compare(root), *filter(None, [unwritable(root)])]
    print("\n".join(drift) if drift else "assignments/ is in step with solutions/.", file=sys.stderr)
    return 1 if drift else 0


def _write(root: Path) -> int:
    from autograder.authoring.build.course import unwritable, write

    changed = write(root)
    print("\n".join(f"wrote {path}" for path in changed) or "assignments/ was in step already.")
    if left_out := unwritable(root):
        print(f"handgrad: {left_out}", file=sys.stderr)
    return 0
