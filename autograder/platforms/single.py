"""Exports with one file for each submission: a table of the platforms whose form is one text, and three of the forms.

- Autolab: two lines of JSON, feedback and scores, which must be the last that a job prints.
- check50: JSON in which a result is true, false, or null if it is unknown.
- PrairieLearn: `results.json` with a score from 0 to 1, and a test for each exercise.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.platforms.classroom import add_scale, encode, to_classroom50
from autograder.platforms.graded import NotGraded, add_results, take_results
from autograder.render.services import to_junit, to_markdown
from autograder.render.view import brief, problems, text, tier_words
from autograder.report.files import write_whole
from autograder.report.json import written
from autograder.report.report import ExerciseReport, Report
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
    stage = {text(exercise.name): _outcome(exercise) for exercise in report.exercises}
    return written({"_presentation": "semantic", "stages": [STAGE], STAGE: stage}) + written(result)


def _outcome(exercise: ExerciseReport) -> dict[str, Any]:
    passed = exercise.status == "passed"
    needs_hint = exercise.why or not passed
    return {"passed": passed, **({"hint": "\n".join(brief(exercise))} if needs_hint else {})}


def to_check50(report: Report) -> str:
    """Return a result for each exercise, with points in `data`; a broken or skipped one is null, with the reason."""
    results = [_check(exercise) for exercise in report.exercises]
    record = {"slug": "handgrad", "results": results, "version": report.engine}
    return written(record, 2)


def _check(exercise: ExerciseReport) -> dict[str, Any]:
    broken = exercise.status == "broken"
    return {
        "name": text(exercise.name),
        "description": text(f"{exercise.unit}/{exercise.name}" if exercise.unit else exercise.name),
        "passed": None if exercise.status in ("broken", "skipped") else exercise.status == "passed",
        "log": [text(exercise.why)] if exercise.why else [],
        "cause": None if exercise.status == "passed" else _cause(exercise),
        "data": {} if broken else {"points": exercise.score, "max_points": exercise.max_score},
        "dependency": None,
    }


def _cause(exercise: ExerciseReport) -> dict[str, Any]:
    found = problems(exercise)
    if not found:
        said = [text(finding.message) for finding in exercise.findings if finding.message]
        return {"rationale": said[0] if said else "not examined", "help": None}
    worst = max(found, key=lambda problem: problem.lost)
    rationale = " ".join(text(line) for line in worst.first.message.split("\n")) or worst.title
    cause: dict[str, Any] = {"rationale": rationale, "help": text(worst.first.hint) or None}
    if exercise.status == "broken":
        cause["error"] = {"type": "GraderFault", "value": rationale, "traceback": [], "data": {}}
    return cause


LIMIT = 1_000_000
"""Bytes of the file; PrairieLearn accepts 1 MB."""
_WORDS = 1_500


def to_prairielearn(report: Report) -> str:
    """Return results.json, with the score as a share of the maximum; bonus is cut, because 1 is the largest score.

    If the grader failed or nothing can be earned, it is not gradable: no attempt and no points are lost.
    """
    if report.status == "broken" or not report.max_score:
        why = "The grader failed, not your answer." if report.status == "broken" else "There is nothing to earn here."
        return written({"gradable": False, "format_errors": [f"{why} It was not graded."]}, 1)
    said = [brief(exercise) for exercise in report.exercises]
    room = _WORDS
    while len(made := written(_prairie(report, said, room), 1)) > LIMIT and room:  # in ASCII
        room //= 2
    return made


def _prairie(report: Report, said: Sequence[Sequence[str]], room: int) -> dict[str, Any]:
    return {
        "gradable": True,
        "score": min(report.score / report.max_score, 1.0),
        "message": text(" ".join((f"{tier_words(report.tier)}.", *report.notes))),
        "tests": [_test(exercise, lines, room) for exercise, lines in zip(report.exercises, said, strict=True)],
    }


def _test(exercise: ExerciseReport, lines: Sequence[str], room: int) -> dict[str, Any]:
    return {
        "name": text(exercise.name),
        "description": exercise.status,
        "points": exercise.score,
        "max_points": exercise.max_score,
        "output": "\n".join(line[:room] for line in lines) if room else "",
    }


@dataclass(frozen=True)
class Single:
    """Platform that reads one file for each submission."""

    HELP: str
    """Line of `handgrad export --list`."""
    suffix: str
    """Ending of a file's name."""
    convert: Callable[..., str]
    """Function that returns the text of a report."""
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
            add_scale(parser)

    def export(self, args: argparse.Namespace) -> int:
        """Write each report to OUTPUT/<student><suffix>, a single report.json to OUTPUT or stdout."""
        alone, missing = args.results.is_file(), 0
        if not alone and args.output is None:
            raise UsageError("these are many files: name a folder for them with -o.")
        more = {"environ": os.environ, "scale": args.scale} if self.scales else {}
        for name, made in take_results(args, lambda report: self._converted(report, more)):
            if isinstance(made, NotGraded):
                missing += 1
                print(f"handgrad: {name}: {made}", file=sys.stderr)
            elif args.output is None:
                print(made, end="")
            else:
                write_whole(args.output if alone else args.output / f"{slug(name)}{self.suffix}", made)
        return 1 if missing else 0

    def _converted(self, report: Report, more: Mapping[str, Any]) -> tuple[str, str | NotGraded]:
        """Return the submission, and its text or why it has none."""
        try:
            return report.submission, self.convert(report, **more) + self.end
        except NotGraded as error:
            return report.submission, error


SINGLE = {
    "autolab": Single("the last lines that an Autolab job prints", ".txt", to_autolab),
    "check50": Single("JSON as check50 prints it", ".json", to_check50),
    "classroom": Single("the base64 result of GitHub Classroom's graders, for its reporter", ".b64", encode, "\n"),
    "classroom50": Single("result.json of Classroom 50; its runner's variables must be set", ".json",
                          to_classroom50, scales=True),
    "junit": Single("JUnit XML, with points as properties", ".xml", to_junit),
    "markdown": Single("a summary in Markdown, for GitHub and GitLab", ".md", to_markdown),
    "prairielearn": Single("results.json of PrairieLearn's external grader", ".json", to_prairielearn),
}  # fmt: skip
"""Name → platform."""
