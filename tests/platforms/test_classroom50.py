"""Classroom 50's result.json against its contract, written down here a second time: the schema and the collector."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from autograder.platforms.graded import NotGraded
from autograder.platforms.single import in_runner, points_of, to_classroom50
from autograder.report.report import Report
from tests.platforms.cases import CASES, reports

ENVIRONMENT = {
    "CLASSROOM": "dl-2026", "ASSIGNMENT": "layers", "SUBMISSION_TAG": "submit/2026-11-20T10-00-00Z-abc1234",
    "PAGES_BASE_URL": "https://x.example", "USERNAME": "alice", "OWNER": "alice", "ASSIGNMENT_TYPE": "individual",
    "COMMIT_URL": "https://x.example/commit/1", "RELEASE_URL": "https://x.example/releases/1",
    "REVIEW_URL": "https://x.example/compare/1", "GITHUB_ACTOR": "alice", "GITHUB_ACTOR_ID": "42",
}  # fmt: skip
COUNT = {"type": "integer", "minimum": 0}
WORDS = {"type": "string", "minLength": 1}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"}
TEST = {
    "type": "object",
    "required": ["test-name", "passed", "score", "max-score"],
    "properties": {"test-name": WORDS, "passed": {"type": "boolean"}, "score": COUNT, "max-score": COUNT},
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review",
        "datetime", "score", "max-score", "tests",
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"}, "classroom": WORDS, "assignment": WORDS,
        "assignment_type": {"enum": ["individual", "group"]}, "owner": WORDS,
        "submission": {"type": "string", "pattern": "^submit/"}, "commit": WORDS, "release": WORDS, "review": WORDS,
        "datetime": INSTANT, "graded_at": INSTANT, "score": COUNT, "max-score": COUNT,
        "tests": {"type": "array", "items": TEST},
        "submitted_by": {
            "type": "object", "additionalProperties": False, "required": ["username"],
            "properties": {"username": WORDS, "id": {"type": ["integer", "null"]}},
        },
    },
}  # fmt: skip


def collect(text: str) -> dict[str, Any]:
    """What the collector takes: the schema, and what no schema can say; a boolean is no number there."""
    result: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    numbers = [result["score"], result["max-score"]]
    numbers += [test[key] for test in result["tests"] for key in ("score", "max-score")]
    assert all(type(number) is int for number in numbers)
    assert result["score"] <= result["max-score"]
    assert all(test["score"] <= test["max-score"] for test in result["tests"])
    return result


def adds_up(points: dict[str, Any]) -> bool:
    """Both totals are the sums over the tests."""
    return all(points[key] == sum(test[key] for test in points["tests"]) for key in ("score", "max-score"))


@pytest.mark.parametrize("case", [name for name in CASES if name != "broken"])
@pytest.mark.parametrize("scale", [1, 100])
def test_every_case_is_accepted(case: str, scale: int) -> None:
    """Fractions, nothing to earn, 300 exercises, any text: valid, and the sums are the totals."""
    result = collect(to_classroom50(CASES[case], ENVIRONMENT, scale=scale))
    assert len(CASES[case].exercises) == len(result["tests"])
    assert adds_up(result) or not result["tests"]


@given(reports())
def test_any_report_is_accepted(report: Report) -> None:
    """The result is valid, lies within a point and the rounding of the maximum, and is full only for full points."""
    result = collect(to_classroom50(report, ENVIRONMENT))
    rounded = abs(result["max-score"] - report.max_score)
    assert rounded <= 0.5
    assert abs(result["score"] - report.score) <= 1 + rounded
    if report.score < report.max_score and result["max-score"]:
        assert result["score"] < result["max-score"]


def test_points_that_are_whole_stay_what_they_are() -> None:
    """Nothing is rounded where nothing has to be."""
    points = points_of(CASES["all right"])
    assert [(7, 7), (10, 10)] == [(test["score"], test["max-score"]) for test in points["tests"]]
    hundredths = points_of(CASES["partly right"], 100)
    assert (1250, 1700) == (hundredths["score"], hundredths["max-score"])


def test_what_the_grader_broke_is_no_result() -> None:
    """Nothing is written, so that the runner makes an error of it and no number."""
    with pytest.raises(NotGraded, match="the grader failed in a part of it"):
        to_classroom50(CASES["broken"], ENVIRONMENT)


def test_the_identity_is_the_runner_s() -> None:
    """All from the environment; the commit's instant in UTC; who pushed."""
    when = datetime(2026, 11, 20, 12, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    result = collect(to_classroom50(CASES["all right"], ENVIRONMENT, when))
    assert "2026-11-20T10:00:30Z" == result["datetime"]
    assert {"username": "alice", "id": 42} == result["submitted_by"]
    assert ("alice", "individual", "https://x.example/compare/1") == (
        result["owner"], result["assignment_type"], result["review"],
    )  # fmt: skip


def test_an_older_runner_sets_less() -> None:
    """Without OWNER, ASSIGNMENT_TYPE, REVIEW_URL and the actor's number there are sound values."""
    less = {key: value for key, value in ENVIRONMENT.items() if key not in ("OWNER", "ASSIGNMENT_TYPE", "REVIEW_URL")}
    result = collect(to_classroom50(CASES["all right"], {**less, "GITHUB_ACTOR_ID": "²"}, datetime.now(UTC)))
    assert ("alice", "individual", ENVIRONMENT["COMMIT_URL"]) == (
        result["owner"], result["assignment_type"], result["review"],
    )  # fmt: skip
    assert {"username": "alice", "id": None} == result["submitted_by"]


def test_outside_of_the_runner_the_missing_variables_are_named() -> None:
    """And the runner is known by its variables."""
    assert in_runner(ENVIRONMENT) and not in_runner({"CLASSROOM": "x"})
    with pytest.raises(NotGraded, match="sets SUBMISSION_TAG, COMMIT_URL, RELEASE_URL; here they are not set"):
        to_classroom50(CASES["all right"], {"CLASSROOM": "x", "ASSIGNMENT": "y"})
