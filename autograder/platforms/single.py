"""Exports with one file for each submission: the platforms that take such a file, and three of the formats.

- Autolab: two lines of JSON, feedback and scores, which must be the last that a job prints.
- PrairieLearn: `results.json` with a score from 0 to 1, and a test for each exercise.
- Classroom 50: `result.json` in the form `classroom50/result/v1`, in which all points are whole numbers. It refuses a
  score above its maximum, a fraction and an unknown field; the identity comes from its runner's environment.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import cycle
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.platforms.graded import NotGraded, add_results, take_results
from autograder.render.services import to_junit, to_markdown
from autograder.render.view import brief, text, tier_words
from autograder.report.files import write_whole
from autograder.report.json import written
from autograder.report.report import Report
from autograder.submission.source import slug

STAGE = "Exercises"


def to_autolab(report: Report) -> str:
    """Return a report as Autolab's JSON result, with the exercises as problems.

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


def to_prairielearn(report: Report) -> str:
    """Return a report as PrairieLearn's results.json, with the score as a share of the maximum.

    If the grader failed or nothing can be earned, it is not gradable: no attempt and no points are lost.
    """
    if report.status == "broken" or not report.max_score:
        why = "The grader failed, not your answer." if report.status == "broken" else "There is nothing to earn here."
        return written({"gradable": False, "format_errors": [f"{why} It was not graded."]}, 1)
    tests = [{"name": text(exercise.name), "description": exercise.status, "points": exercise.score,
              "max_points": exercise.max_score, "output": "\n".join(brief(exercise))}
             for exercise in report.exercises]  # fmt: skip
    message = text(" ".join((f"{tier_words(report.tier)}.", *report.notes)))
    return written({"gradable": True, "score": report.score / report.max_score, "message": message, "tests": tests}, 1)


_FIELDS = {"classroom": "CLASSROOM", "assignment": "ASSIGNMENT", "submission": "SUBMISSION_TAG",
           "commit": "COMMIT_URL", "release": "RELEASE_URL"}  # fmt: skip
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def in_runner(environ: Mapping[str, str]) -> bool:
    """Return whether this process was started by Classroom 50's runner."""
    return all(environ.get(name) for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG"))


def to_classroom50(report: Report, environ: Mapping[str, str], when: datetime | None = None, scale: int = 1) -> str:
    """Return a report as Classroom 50's result.json. when: time of the commit in UTC; now if unknown.

    NotGraded if the grader failed: the format has no word for that, and the runner reports a missing file as an error.
    """
    if report.status == "broken":
        raise NotGraded("the grader failed in a part of it, and Classroom 50 has no number for that. Grade it again.")
    if missing := [name for name in _FIELDS.values() if not environ.get(name)]:
        raise NotGraded(f"Classroom 50's runner sets {', '.join(missing)}; here they are not set.")
    now, actor, identity = datetime.now(UTC), environ.get("GITHUB_ACTOR", ""), environ.get("GITHUB_ACTOR_ID", "")
    number = int(identity) if identity.isascii() and identity.isdigit() else None
    result = {
        "schema": "classroom50/result/v1",
        **{field: environ[name] for field, name in _FIELDS.items()},
        "assignment_type": environ.get("ASSIGNMENT_TYPE") or "individual",
        "owner": environ.get("OWNER") or environ.get("USERNAME") or environ.get("GITHUB_ACTOR") or "unknown",
        "review": environ.get("REVIEW_URL") or environ["COMMIT_URL"],
        "datetime": (when or now).astimezone(UTC).strftime(_INSTANT),
        "graded_at": now.strftime(_INSTANT),
        **points_of(report, scale),
        **({"submitted_by": {"username": actor, "id": number}} if actor else {}),
    }
    return written(result, 2)


def points_of(report: Report, scale: int = 1) -> dict[str, Any]:
    """Return score, max-score and tests in whole numbers, with the tests' sums as totals.

    The score is below the maximum unless all points were earned.
    """
    got = [exactly(exercise.score) * scale for exercise in report.exercises]
    most = [exactly(exercise.max_score) * scale for exercise in report.exercises]
    everything = sum(most, Fraction(0))
    total = whole(everything, everything)
    score, tops = min(whole(exactly(report.score) * scale, everything), total), apportion(most, total)
    tests = [{"test-name": text(exercise.name), "passed": exercise.status == "passed", "score": mine, "max-score": top}
             for exercise, mine, top in zip(report.exercises, apportion(got, score, tops), tops, strict=True)]
    return {"score": score, "max-score": total, "tests": tests}


def exactly(value: float) -> Fraction:
    """Return a score, rounded to six digits, as the fraction of its decimal notation: 0.1 as 1/10."""
    return Fraction(str(round(value, 6)))


def whole(value: Fraction, most: Fraction) -> int:
    """Round half up to a whole number, at most `most` rounded; a value below `most` never becomes that number."""
    if value >= most:
        return math.floor(most + Fraction(1, 2))
    return min(math.floor(value + Fraction(1, 2)), max(math.floor(most + Fraction(1, 2)) - 1, 0))


def apportion(values: Sequence[Fraction], total: int, caps: Sequence[int] | None = None) -> list[int]:
    """Return whole numbers in proportion to `values`, none above its cap, with the sum `total`.

    Each number is its share rounded down; those with the largest remainders get one more, ties in order, and further
    ones if caps require it. ValueError if the sum of the caps is below the total.
    """
    limits = list(caps) if caps is not None else [total] * len(values)
    if sum(limits) < total:
        raise ValueError(f"{total} do not fit under caps of {sum(limits)}")
    everything = sum(values, Fraction(0))
    shares = [value * total / everything if everything else Fraction(0) for value in values]
    given = [min(math.floor(share), limit) for share, limit in zip(shares, limits, strict=True)]
    for i in cycle(sorted(range(len(given)), key=lambda i: given[i] - shares[i])):
        if sum(given) == total:
            break
        given[i] += given[i] < limits[i]
    return given


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
        """Add RESULTS [-o PATH] to the parser."""
        parser.description = self.HELP
        add_results(parser)
        parser.add_argument("-o", "--output", type=Path, metavar="PATH",
                            help="a folder for many, a file for one (default: one report is printed)")  # fmt: skip
        if self.scales:
            words = "Classroom 50 counts whole numbers: N of them for a point (default: 1; 100 keeps two digits)"
            parser.add_argument("--scale", default="1", metavar="N", choices=("1", "2", "4", "10", "100"), help=words)

    def export(self, args: argparse.Namespace) -> int:
        """Write each report to OUTPUT/<student><suffix>, a single report.json to OUTPUT or stdout."""
        alone, missing = args.results.is_file(), 0
        if not alone and args.output is None:
            raise UsageError("these are many files: name a folder for them with -o.")
        more = {"environ": os.environ, "scale": int(args.scale)} if self.scales else {}
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
