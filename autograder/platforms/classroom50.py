"""Classroom 50's result.json: points in whole numbers, with the identity from its runner's environment.

Its form is `classroom50/result/v1`, which refuses a score above its maximum, a fraction and an unknown field.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from autograder.platforms.apportion import apportion, exactly, whole
from autograder.platforms.single import NotGraded, add_output, export_each
from autograder.render.view import text
from autograder.report.json import written
from autograder.report.report import Report

HELP = "result.json of Classroom 50; its runner's variables must be set"
SCHEMA = "classroom50/result/v1"

_FIELDS = {
    "classroom": "CLASSROOM", "assignment": "ASSIGNMENT", "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL", "release": "RELEASE_URL",
}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [-o PATH] [--scale N]."""
    add_output(parser)
    add_scale(parser)


def add_scale(parser: argparse.ArgumentParser) -> None:
    """Add --scale N."""
    parser.add_argument(
        "--scale", type=int, default=1, metavar="N", choices=(1, 2, 4, 10, 100),
        help="Classroom 50 counts whole numbers: N of them for a point (default: 1; 100 keeps two digits)",
    )  # fmt: skip


def export(args: argparse.Namespace) -> int:
    """Write a result.json for each submission."""
    return export_each(args, ".json", lambda report: to_classroom50(report, os.environ, scale=args.scale))


def in_runner(environ: Mapping[str, str]) -> bool:
    """Return whether this process was started by Classroom 50's runner."""
    return all(environ.get(name) for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG"))


def to_classroom50(report: Report, environ: Mapping[str, str], when: datetime | None = None, scale: int = 1) -> str:
    """Return result.json. when: time of the commit in UTC; now if unknown.

    NotGraded if the grader failed: the format has no word for that, and the runner reports a missing file as an error.
    """
    if report.status == "broken":
        raise NotGraded("the grader failed in a part of it, and Classroom 50 has no number for that. Grade it again.")
    missing = [name for name in _FIELDS.values() if not environ.get(name)]
    if missing:
        raise NotGraded(f"Classroom 50's runner sets {', '.join(missing)}; here they are not set.")
    now = datetime.now(UTC)
    result = {
        "schema": SCHEMA,
        **{field: environ[name] for field, name in _FIELDS.items()},
        "assignment_type": environ.get("ASSIGNMENT_TYPE") or "individual",
        "owner": environ.get("OWNER") or environ.get("USERNAME") or environ.get("GITHUB_ACTOR") or "unknown",
        "review": environ.get("REVIEW_URL") or environ["COMMIT_URL"],
        "datetime": _instant(when or now),
        "graded_at": _instant(now),
        **points_of(report, scale),
        **_pusher(environ),
    }
    return written(result, 2)


def points_of(report: Report, scale: int = 1) -> dict[str, Any]:
    """Return score, max-score and tests in whole numbers, with the tests' sums as totals.

    The score is below the maximum unless all points were earned; bonus above it is cut.
    """
    most = [exactly(exercise.max_score) * scale for exercise in report.exercises]
    got = [min(exactly(exercise.score) * scale, top) for exercise, top in zip(report.exercises, most, strict=True)]
    total = whole(sum(most, Fraction(0)), sum(most, Fraction(0)))
    score = whole(exactly(report.score) * scale, sum(most, Fraction(0)))
    tops = apportion(most, total)
    scores = apportion(got, min(score, total), tops)
    tests = [
        {"test-name": text(exercise.name), "passed": exercise.status == "passed", "score": mine, "max-score": top}
        for exercise, mine, top in zip(report.exercises, scores, tops, strict=True)
    ]
    return {"score": min(score, total), "max-score": total, "tests": tests}


def _pusher(environ: Mapping[str, str]) -> dict[str, Any]:
    actor, number = environ.get("GITHUB_ACTOR", ""), environ.get("GITHUB_ACTOR_ID", "")
    known = number.isascii() and number.isdigit()
    return {"submitted_by": {"username": actor, "id": int(number) if known else None}} if actor else {}


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
