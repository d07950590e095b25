"""Write assignments/ from solutions/: the stubs that students receive. Never edit them; edit the solution."""

from __future__ import annotations

import argparse
import sys

from autograder.commands import place

HELP = "write assignments/ from solutions/"


def configure(parser: argparse.ArgumentParser) -> None:
    """[--check]."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when assignments/ is out of step")
    place.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Write or compare; exit 0 when in step."""
    from autograder.build.course import compare, write

    root = place.open_course(args).root
    if args.check:
        drift = compare(root)
        print("\n".join(drift) if drift else "assignments/ is in step with solutions/.", file=sys.stderr)
        return 1 if drift else 0
    changed = write(root)
    print("\n".join(f"wrote {path}" for path in changed) or "assignments/ was in step already.")
    return 0
