"""Exports with one file for each submission: a table of the platforms whose form is one text, and two of the forms.

- Autolab: two lines of JSON, feedback and scores, which must be the last that a job prints.
- PrairieLearn: `results.json` with a score from 0 to 1, and a test for each exercise.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.batch.results import write_whole
from autograder.errors import UsageError
from autograder.platforms.classroom import add_scale, to_classroom50
from autograder.platforms.graded import NotGraded, add_results, take_results
from autograder.render.services import to_junit, to_markdown
from autograder.render.view import brief, text, tier_words
from autograder.report.json import written
from autograder.report.report import Report
from autograder.submission.source import slug

STAGE = "Exercises"


def to_autolab(report: Report) -> str:
    """Return the result, in which the problems are the exercises.

    An exercise in which the grader failed has no score, so Autolab leaves it ungraded; the scoreboard has no total.
    """
    graded = [exercise for exercise in report.exercises if exercise.status != "broken"]
    result: dict[str, Any] = {"scores": {text(exercise.name): exercise.score for exercise in graded}}
    if len(graded) == len(report.exercises):
        result["scoreboard"] = [report.score]
    stage: dict[str, dict[str, Any]] = {}
    for exercise in report.exercises:
        passed = exercise.status == "passed"
        hint = {"hint": "\n".join(brief(exercise))} if exercise.why or not passed else {}
        stage[text(exercise.name)] = {"passed": passed, **hint}
    return written({"_presentation": "semantic", "stages": [STAGE], STAGE: stage}) + written(result)


LIMIT = 1_000_000
"""Bytes of the file; PrairieLearn accepts 1 MB."""


def to_prairielearn(report: Report) -> str:
    """Return results.json, with the score as a share of the maximum.

    If the grader failed or nothing can be earned, it is not gradable: no attempt and no points are lost.
    """
    if report.status == "broken" or not report.max_score:
        why = "The grader failed, not your answer." if report.status == "broken" else "There is nothing to earn here."
        return written({"gradable": False, "format_errors": [f"{why} It was not graded."]}, 1)
    tests = [
        {
            "name": text(exercise.name),
            "description": exercise.status,
            "points": exercise.score,
            "max_points": exercise.max_score,
            "output": "\n".join(brief(exercise)),
        }
        for exercise in report.exercises
    ]
    message = text(" ".join((f"{tier_words(report.tier)}.", *report.notes)))
    result = {"gradable": True, "score": report.score / report.max_score, "message": message, "tests": tests}
    if len(made := written(result, 1)) > LIMIT:  # in ASCII, where a letter has at most 12 characters
        room = LIMIT // 20 // len(tests)
        made = written({**result, "tests": [{**test, "output": str(test["output"])[:room]} for test in tests]}, 1)
    return made


@dataclass(frozen=True)
class Single:
    """Platform that reads one file for each submission."""

    HELP: str
    """Line of `handgrad export --list`."""
    suffix: str
    """Ending of a file's name."""
    convert: Callable[..., str]
    """Function that returns the text of a report."""
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
            add_scale(parser)

    def export(self, args: argparse.Namespace) -> int:
        """Write each report to OUTPUT/<student><suffix>, a single report.json to OUTPUT or stdout."""
        alone, missing = args.results.is_file(), 0
        if not alone and args.output is None:
            raise UsageError("these are many files: name a folder for them with -o.")
        more = {"environ": os.environ, "scale": args.scale} if self.scales else {}
        for report in take_results(args, lambda report: report):
            try:
                made = self.convert(report, **more)
            except NotGraded as error:
                missing += 1
                print(f"handgrad: {report.submission}: {error}", file=sys.stderr)
                continue
            if args.output is None:
                print(made, end="")
            else:
                write_whole(args.output if alone else args.output / f"{slug(report.submission)}{self.suffix}", made)
        return 1 if missing else 0


SINGLE = {
    "autolab": Single("the last lines that an Autolab job prints", ".txt", to_autolab),
    "classroom50": Single("result.json of Classroom 50; its runner's variables must be set", ".json",
                          to_classroom50, scales=True),
    "junit": Single("JUnit XML, with points as properties", ".xml", to_junit),
    "markdown": Single("a summary in Markdown, for GitHub and GitLab", ".md", to_markdown),
    "prairielearn": Single("results.json of PrairieLearn's external grader", ".json", to_prairielearn),
}  # fmt: skip
"""Name → platform."""
