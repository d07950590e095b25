"""Exports with one file for each submission."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.batch.results import write_whole
from autograder.errors import UsageError
from autograder.platforms.graded import add_results, take_results
from autograder.report.report import Report
from autograder.submission.entry import slug


class NotGraded(Exception):
    """Raised if a platform's format cannot say that the grader failed; nothing is written."""


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS and -o."""
    add_results(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="PATH",
        help="a folder for many, a file for one (default: one report is printed)",
    )  # fmt: skip


def export_each(args: argparse.Namespace, suffix: str, convert: Callable[[Report], str]) -> int:
    """Write each report to OUTPUT/<student><suffix>, a single report.json to OUTPUT or stdout."""
    alone = args.results.is_file()
    if not alone and args.output is None:
        raise UsageError("these are many files: name a folder for them with -o.")
    missing = 0
    for name, text, why in take_results(args, lambda report: _converted(report, convert)):
        if text is None:
            missing += 1
            print(f"handgrad: {name}: {why}", file=sys.stderr)
        elif args.output is None:
            print(text, end="")
        else:
            write_whole(args.output if alone else args.output / f"{slug(name)}{suffix}", text)
    return 1 if missing else 0


def _converted(report: Report, convert: Callable[[Report], str]) -> tuple[str, str | None, str]:
    """Return the submission, its text, and the reason if it has none."""
    try:
        return report.submission, convert(report), ""
    except NotGraded as error:
        return report.submission, None, str(error)
