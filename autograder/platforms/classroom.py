"""Results of Classroom 50, whose points are whole numbers.

Classroom 50 reads `result.json` in the form `classroom50/result/v1`, which refuses a score above its maximum, a
fraction and an unknown field; the identity comes from its runner's environment.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from autograder.platforms.graded import NotGraded
from autograder.render.view import text
from autograder.report.json import written
from autograder.report.report import Report

SCHEMA = "classroom50/result/v1"

_FIELDS = {
    "classroom": "CLASSROOM", "assignment": "ASSIGNMENT", "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL", "release": "RELEASE_URL",
}  # fmt: skip


def add_scale(parser: argparse.ArgumentParser) -> None:
    """Add --scale N."""
    parser.add_argument(
        "--scale", type=int, default=1, metavar="N", choices=(1, 2, 4, 10, 100),
        help="Classroom 50 counts whole numbers: N of them for a point (default: 1; 100 keeps two digits)",
    )  # fmt: skip


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
    now, actor, identity = datetime.now(UTC), environ.get("GITHUB_ACTOR", ""), environ.get("GITHUB_ACTOR_ID", "")
    number = int(identity) if identity.isascii() and identity.isdigit() else None
    result = {
        "schema": SCHEMA,
        **{field: environ[name] for field, name in _FIELDS.items()},
        "assignment_type": environ.get("ASSIGNMENT_TYPE") or "individual",
        "owner": environ.get("OWNER") or environ.get("USERNAME") or environ.get("GITHUB_ACTOR") or "unknown",
        "review": environ.get("REVIEW_URL") or environ["COMMIT_URL"],
        "datetime": _instant(when or now),
        "graded_at": _instant(now),
        **points_of(report, scale),
        **({"submitted_by": {"username": actor, "id": number}} if actor else {}),
    }
    return written(result, 2)


def points_of(report: Report, scale: int = 1) -> dict[str, Any]:
    """Return score, max-score and tests in whole numbers, with the tests' sums as totals.

    The score is below the maximum unless all points were earned.
    """
    score, total, scores, tops = in_units(report, Fraction(1, scale))
    tests = [
        {"test-name": text(exercise.name), "passed": exercise.status == "passed", "score": mine, "max-score": top}
        for exercise, mine, top in zip(report.exercises, scores, tops, strict=True)
    ]
    return {"score": score, "max-score": total, "tests": tests}


def in_units(report: Report, unit: Fraction) -> tuple[int, int, list[int], list[int]]:
    """Return score, maximum, and those of each exercise, in whole units; the sums of the latter are the former."""
    most = [exactly(exercise.max_score) / unit for exercise in report.exercises]
    got = [exactly(exercise.score) / unit for exercise in report.exercises]
    everything = sum(most, Fraction(0))
    total = whole(everything, everything)
    score, tops = min(whole(exactly(report.score) / unit, everything), total), apportion(most, total)
    return score, total, apportion(got, score, tops), tops


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exactly(value: float) -> Fraction:
    """Return the decimal number of a score as a fraction: 0.1 is 1/10. Scores are rounded to six digits."""
    return Fraction(str(round(value, 6)))


def whole(value: Fraction, most: Fraction) -> int:
    """Round to the nearest whole number, halves up, at most `most`, and to `most` only for all of it."""
    if value >= most:
        return math.floor(most + Fraction(1, 2))
    return min(math.floor(value + Fraction(1, 2)), max(math.floor(most + Fraction(1, 2)) - 1, 0))


def apportion(values: Sequence[Fraction], total: int, caps: Sequence[int] | None = None) -> list[int]:
    """Return whole numbers in proportion to `values`, none above its cap, with the sum `total`.

    Each is its share rounded down; the largest remainders get one more, ties in order. If caps require it, others get
    more than their share. ValueError if the sum of the caps is below the total.
    """
    limits = list(caps) if caps is not None else [total] * len(values)
    if sum(limits) < total:
        raise ValueError(f"{total} do not fit under caps of {sum(limits)}")
    everything = sum(values, Fraction(0))
    shares = [value * total / everything if everything else Fraction(0) for value in values]
    given = [min(math.floor(share), limit) for share, limit in zip(shares, limits, strict=True)]
    while rest := total - sum(given):
        open_ones = [i for i in range(len(given)) if given[i] < limits[i]]
        open_ones.sort(key=lambda i: given[i] - shares[i])
        for i in open_ones[:rest]:
            given[i] += 1
    return given
