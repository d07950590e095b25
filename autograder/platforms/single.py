"""Exports with one file for each submission: a table of the platforms whose form is one text."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from autograder.batch.results import write_whole
from autograder.errors import UsageError
from autograder.platforms.graded import NotGraded, add_results, take_results
from autograder.report.report import Report
from autograder.submission.entry import slug


@dataclass(frozen=True)
class Single:
    """Platform that reads one file for each submission."""

    HELP: str
    """Line of `handgrad export --list`."""
    suffix: str
    """Ending of a file's name."""
    convert: str
    """Module and function that returns the text of a report."""
    end: str = ""
    """What stands behind the text."""
    scales: bool = False
    """Points may be scaled to whole numbers, and the environment says who is graded."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add RESULTS [-o PATH]."""
        parser.description = self.HELP
        add_results(parser)
        parser.add_argument(
            "-o", "--output", type=Path, metavar="PATH",
            help="a folder for many, a file for one (default: one report is printed)",
        )  # fmt: skip
        if self.scales:
            from autograder.platforms.classroom import add_scale

            add_scale(parser)

    def export(self, args: argparse.Namespace) -> int:
        """Write a file for each submission."""
        module, _, name = self.convert.partition(":")
        make = cast(Callable[..., str], getattr(import_module(f"autograder.{module}"), name))
        more = {"environ": os.environ, "scale": args.scale} if self.scales else {}
        return export_each(args, self.suffix, lambda report: make(report, **more) + self.end)


SINGLE = {
    "autolab": Single("the last lines that an Autolab job prints", ".txt", "platforms.services:to_autolab"),
    "check50": Single("JSON as check50 prints it", ".json", "platforms.services:to_check50"),
    "classroom": Single("the base64 result of GitHub Classroom's graders, for its reporter", ".b64",
                        "platforms.classroom:encode", "\n"),
    "classroom50": Single("result.json of Classroom 50; its runner's variables must be set", ".json",
                          "platforms.classroom:to_classroom50", scales=True),
    "junit": Single("JUnit XML, with points as properties", ".xml", "render.services:to_junit"),
    "markdown": Single("a summary in Markdown, for GitHub and GitLab", ".md", "render.services:to_markdown"),
    "prairielearn": Single("results.json of PrairieLearn's external grader", ".json",
                           "platforms.services:to_prairielearn"),
}  # fmt: skip
"""Name → platform."""


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
