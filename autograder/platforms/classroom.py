"""The result of GitHub Classroom's graders, for templates with its reporter: base64 of JSON.

That reporter has two totals: the share of passed tests times the maximum, and the sum of the tests' scores. They are
equal only if all tests have equal points. So an exercise is many equal tests, of which as many pass as points were
earned. The points of a test are a multiple of 1/4, which floating point adds without error.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from autograder.platforms.apportion import apportion, exactly, whole
from autograder.platforms.single import add_output, export_each
from autograder.render.view import brief, text
from autograder.report.report import ExerciseReport, Report

HELP = "the base64 result of GitHub Classroom's graders, for its reporter"
LIMIT = 120_000
"""Characters of base64. The reporter reads an environment variable, which Linux limits to 128 KiB."""

_QUARTER = Fraction(1, 4)
_COARSER = [_QUARTER * n for n in (1, 2, 4, 8, 20, 40, 80, 200, 400, 800, 2000, 4000, 8000, 20_000, 40_000)]
_NAME, _MESSAGE = 40, 300


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [-o PATH]."""
    add_output(parser)


def export(args: argparse.Namespace) -> int:
    """Write a line of base64 for each submission."""
    return export_each(args, ".b64", lambda report: encode(report) + "\n")


def encode(report: Report) -> str:
    """Return the result as one line of base64, exact if that fits, else in the finest steps that fit.

    If the grader failed, it holds no points, and the reporter shows an error.
    """
    if report.status == "broken":
        return _encoded(_only("error", "could not be graded", "The grader failed, not the answer. Grade it again."))
    exact = _common(report)
    for worth in [exact, *_COARSER] if exact else _COARSER:
        for messages in (True, False):
            encoded = _encoded(_result(report, worth, messages))
            if len(encoded) <= LIMIT:
                return encoded
    raise AssertionError("the coarsest step has few tests")


def _common(report: Report) -> Fraction | None:
    """Return the largest number of quarters that divides all scores and maxima; None if there is none."""
    values = [exactly(value) / _QUARTER for e in report.exercises for value in (min(e.score, e.max_score), e.max_score)]
    values.append(exactly(report.score) / _QUARTER)
    if any(value.denominator > 1 for value in values):
        return None
    divisor = math.gcd(*(value.numerator for value in values))
    return divisor * _QUARTER if divisor else None


def _result(report: Report, worth: Fraction, messages: bool) -> dict[str, Any]:
    most = [exactly(exercise.max_score) / worth for exercise in report.exercises]
    got = [min(exactly(exercise.score) / worth, top) for exercise, top in zip(report.exercises, most, strict=True)]
    everything = sum(most, Fraction(0))
    total = whole(everything, everything)
    if not total:
        return _only("pass" if report.status == "passed" else "fail", "nothing to earn", "")
    counts = apportion(most, total)
    passes = apportion(got, min(whole(exactly(report.score) / worth, everything), total), counts)
    rows = zip(report.exercises, counts, passes, strict=True)
    tests = [test for exercise, count, right in rows for test in _tests(exercise, count, right, worth, messages)]
    status = "pass" if report.status == "passed" else "fail"
    return {"version": 1, "status": status, "max_score": _number(total * worth), "tests": tests}


def _tests(
    exercise: ExerciseReport, count: int, right: int, worth: Fraction, messages: bool
) -> Sequence[dict[str, Any]]:
    name = text(exercise.name, _NAME)
    tests = [_test(f"{name} {i + 1}/{count}", i < right, worth) for i in range(count)]
    if messages and right < count:
        tests[right]["message"] = text(" ".join(brief(exercise)), _MESSAGE)
    return tests


def _test(name: str, right: bool, worth: Fraction) -> dict[str, Any]:
    status = "pass" if right else "fail"
    return {"name": name, "status": status, "score": _number(worth) if right else 0, "line_no": 0}


def _only(status: str, name: str, message: str) -> dict[str, Any]:
    """Return a result without points. Its one test is failed; without a test the reporter would divide by 0."""
    test = {"name": name, "status": "fail", "score": 0, "line_no": 0, "message": message}
    return {"version": 1, "status": status, "max_score": 0, "tests": [test]}


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _encoded(result: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(result, separators=(",", ":"), allow_nan=False).encode()).decode()
