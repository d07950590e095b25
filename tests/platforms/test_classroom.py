"""The legacy result against its reporter, whose formulas are written down here once more, in Python and for node."""

from __future__ import annotations

import base64
import json
import math
import os
import shutil
import subprocess
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from autograder.platforms.classroom import LIMIT, encode
from autograder.report.report import Report
from tests.platforms.cases import CASES, reports

SCHEMA = {
    "type": "object",
    "required": ["version", "status", "max_score", "tests"],
    "properties": {
        "version": {"const": 1},
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": {"type": "number", "minimum": 0},
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "status", "score", "line_no"],
                "properties": {
                    "name": {"type": "string", "minLength": 1}, "status": {"enum": ["pass", "fail", "error"]},
                    "score": {"type": "number", "minimum": 0}, "line_no": {"type": "integer", "minimum": 0},
                    "message": {"type": "string"},
                },
            },
        },
    },
}  # fmt: skip


def decode(encoded: str) -> dict[str, Any]:
    """The result as the reporter parses it from its environment, after a look at the documented shape."""
    assert len(encoded) <= LIMIT and encoded.isascii() and "\n" not in encoded
    result: dict[str, Any] = json.loads(base64.b64decode(encoded, validate=True))
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    return result


def by_passes(result: dict[str, Any]) -> float:
    """The table's total: the share of tests that pass, times the maximum, where no maximum counts as 1."""
    passes = sum(test["status"] == "pass" for test in result["tests"])
    return passes / len(result["tests"]) * (result["max_score"] or 1)


def by_scores(result: dict[str, Any]) -> float:
    """The notice's total: the tests' scores, added one after the other."""
    if not result["max_score"]:
        return 0
    total = 0.0
    for test in result["tests"]:
        total += test["score"]
    return total


def agree(result: dict[str, Any]) -> bool:
    """Both totals, but for the noise of one division."""
    return math.isclose(by_passes(result), by_scores(result), rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_both_totals_are_the_same(case: str) -> None:
    """In every situation; the sum is exact, so it shows no digits of noise."""
    result = decode(encode(CASES[case]))
    assert agree(result)
    assert by_scores(result) * 4 == int(by_scores(result) * 4)


@given(reports())
def test_both_totals_are_the_same_for_any_report(report: Report) -> None:
    """And near the real score; everything only where everything was earned."""
    result = decode(encode(report))
    assert agree(result)
    assert abs(by_scores(result) - report.score) <= 0.25
    assert abs(result["max_score"] - report.max_score) <= 0.125
    if report.score < report.max_score:
        assert by_scores(result) < result["max_score"] or not result["max_score"]


@pytest.mark.parametrize("case", ["all right", "partly right", "zero points", "skipped", "error", "unicode", "drawn"])
def test_quarters_of_points_are_exact(case: str) -> None:
    """Where all points are multiples of a quarter both totals are the real ones."""
    result = decode(encode(CASES[case]))
    assert (CASES[case].score, CASES[case].max_score) == (by_scores(result), result["max_score"])


def test_an_exercise_is_as_many_tests_as_it_is_worth() -> None:
    """5.5 of 10 and 7 of 7 in steps of a half: 25 of 34 tests pass, and the first that fails says why."""
    result = decode(encode(CASES["partly right"]))
    failed = [test for test in result["tests"] if test["status"] == "fail"]
    assert ("fail", 34, 9) == (result["status"], len(result["tests"]), len(failed))
    assert "conv2d 12/20" == failed[0]["name"]
    assert "dx is empty" in failed[0]["message"] and "crop with pad zero" in failed[0]["message"]


def test_what_the_grader_broke_has_no_points() -> None:
    """An error whose maximum is 0, for which the reporter reports no points; `tests` is there, or it would crash."""
    result = decode(encode(CASES["broken"]))
    assert ("error", 0, 0) == (result["status"], result["max_score"], by_passes(result))
    assert "The grader failed, not the answer" in result["tests"][0]["message"]


REPORTER = """
const result = JSON.parse(Buffer.from(process.env.HANDGRAD_RESULTS, 'base64').toString('utf-8'));
const passed = result.tests.filter(test => test.status === 'pass').length;
const table = (passed / result.tests.length) * (result.max_score || 1);
const notice = result.max_score ? result.tests.reduce((sum, {score}) => sum + score, 0) : 0;
console.log(JSON.stringify([table, notice, result.tests.every(test => 'line_no' in test)]));
"""


@pytest.mark.parametrize("case", ["partly right", "thirds", "300 exercises", "broken"])
def test_node_comes_to_the_same_totals(case: str) -> None:
    """In the reporter's own language, out of an environment variable of its size."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed; the formulas are tried in Python above")
    done = subprocess.run(
        [node, "-e", REPORTER], env={"PATH": os.environ["PATH"], "HANDGRAD_RESULTS": encode(CASES[case])},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    table, notice, lines = json.loads(done.stdout)
    assert math.isclose(table, notice, rel_tol=1e-12) and lines
