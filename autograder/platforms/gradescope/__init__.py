"""Gradescope: the zip from which it builds an image, with the course and the engine.

Other packages are installed when the image is built; grading needs no network.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from autograder.course.policy.course import course_rules
from autograder.course.policy.policy import Policy
from autograder.errors import UsageError
from autograder.platforms.gradescope.archive import build
from autograder.platforms.gradescope.results import VISIBILITIES, Settings

HELP = "the autograder zip for a Gradescope assignment"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add OUT.zip [--course DIR] [--only EXERCISE] [--visibility WHEN] [--leaderboard] [--allow-local]."""
    parser.add_argument("output", type=Path, metavar="OUT.zip", help="where to write the zip")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the course (default: this folder)")
    parser.add_argument("--only", default="", metavar="NAMES", help="exercises or units, divided by commas")
    parser.add_argument(
        "--visibility", choices=VISIBILITIES, default="visible",
        help="when students see points and advice; until then they see no total (default: visible)",
    )  # fmt: skip
    parser.add_argument("--leaderboard", action="store_true", help="rank by exercises solved and by speed")
    parser.add_argument(
        "--allow-local", action="store_true", help="for practice only: run even where the machine has no sandbox"
    )


def export(args: argparse.Namespace) -> int:
    """Write the zip, which contains the course's key."""
    if not (args.course / "solutions").is_dir():
        raise UsageError(f"{args.course} is no course: it has no solutions/. Name the course's folder with --course.")
    only = tuple(name.strip() for name in args.only.split(",") if name.strip())
    policy = course_rules(args.course) or Policy()
    key = policy.key(os.environ)
    settings = Settings(only, args.visibility, args.leaderboard, args.allow_local, key)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    build(args.output, args.course.resolve(), settings)
    content = "the solutions and the key" if key else "the solutions"
    size = args.output.stat().st_size / 1e6
    print(f"{args.output}: {size:.1f} MB with {content} in it: for Gradescope and nobody else.")
    if not key:
        print(f"handgrad: {policy.keyless}", file=sys.stderr)
    return 0
