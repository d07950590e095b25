"""PrairieLearn and Autolab: each format's documents as a schema, and what broken means there."""

from __future__ import annotations

import json
import math
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from autograder.platforms.single import to_autolab, to_prairielearn
from autograder.report.report import Report
from tests.platforms.cases import CASES, reports

POINTS = {"type": "number", "minimum": 0}
PRAIRIELEARN = {
    "type": "object",
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "format_errors": {"type": "array", "items": {"type": "string"}},
        "message": {"type": "string"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "points", "max_points"],
                "properties": {
                    "name": {"type": "string"}, "description": {"type": "string"}, "points": POINTS,
                    "max_points": POINTS, "message": {"type": "string"}, "output": {"type": "string"},
                },
            },
        },
    },
    "if": {"properties": {"gradable": {"const": True}}, "required": ["gradable"]},
    "then": {"required": ["score", "tests"]},
    "else": {"required": ["gradable", "format_errors"], "not": {"required": ["score"]}},
}  # fmt: skip
AUTOLAB = {
    "type": "object",
    "required": ["scores"],
    "additionalProperties": False,
    "properties": {"scores": {"type": "object", "additionalProperties": POINTS},
                   "scoreboard": {"type": "array", "items": {"type": "number"}}},
}  # fmt: skip


def prairielearn(report: Report) -> dict[str, Any]:
    """Valid, and no larger than PrairieLearn takes."""
    text = to_prairielearn(report)
    assert len(text.encode()) <= 1_000_000
    result: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(PRAIRIELEARN).validate(result)
    return result


def autolab(report: Report) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two lines: the stages that the first names are there, with tests that passed or not; the last is valid."""
    feedback, result = map(json.loads, to_autolab(report).splitlines())
    jsonschema.Draft202012Validator(AUTOLAB).validate(result)
    assert "semantic" == feedback["_presentation"]
    for stage in feedback["stages"]:
        assert all(type(test["passed"]) is bool for test in feedback[stage].values())
    return feedback, result


@pytest.mark.parametrize("read", [prairielearn, autolab])
@pytest.mark.parametrize("case", CASES)
def test_every_case_is_valid(case: str, read: Any) -> None:
    """Fractions, zero points, skipped, broken, 300 exercises, any text."""
    read(CASES[case])


@given(reports())
def test_any_report_is_valid(report: Report) -> None:
    """For both, with every exercise in it and its points unchanged."""
    pairs = [(exercise.score, exercise.max_score) for exercise in report.exercises]
    result = prairielearn(report)
    if result["gradable"]:
        assert math.isclose(result["score"], report.score / report.max_score)
        assert pairs == [(test["points"], test["max_points"]) for test in result["tests"]]
    assert [score for score, _ in pairs] == list(autolab(report)[1]["scores"].values())


def test_broken_is_not_gradable_in_prairielearn() -> None:
    """No score, no attempt used, and the reason; nothing to earn is no division by zero either."""
    result = prairielearn(CASES["broken"])
    assert (False, ["The grader failed, not your answer. It was not graded."]) == (
        result["gradable"], result["format_errors"],
    )  # fmt: skip
    assert not prairielearn(CASES["nothing to earn"])["gradable"] and not prairielearn(CASES["empty"])["gradable"]


def test_broken_is_ungraded_in_autolab() -> None:
    """The problem has no score, and no total stands on the scoreboard."""
    _, result = autolab(CASES["broken"])
    assert {"scores": {"relu": 7.0}} == result
    assert [17.0] == autolab(CASES["all right"])[1]["scoreboard"]


def test_autolab_shows_the_advice() -> None:
    """As the hint of an exercise that did not pass."""
    feedback, _ = autolab(CASES["partly right"])
    assert {"passed": True} == feedback["Exercises"]["relu"]
    assert "known mistake: crop with pad zero" in feedback["Exercises"]["conv2d"]["hint"]
