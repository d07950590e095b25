"""A report as JSON: exact, deterministic, inert, and as docs/report-schema.md says."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.report.json import from_dict, to_json
from autograder.report.report import SCHEMA, STATUSES, ExerciseReport, Finding, Mark, Report

Golden = Callable[[str, str], None]
PAGE = (Path(__file__).parents[2] / "docs" / "report-schema.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
EXAMPLE, WRITTEN = BLOCKS
check = jsonschema.Draft202012Validator(WRITTEN, format_checker=jsonschema.FormatChecker()).validate


def test_a_report_comes_back_as_it_went(situation: str, situations: dict[str, Report]) -> None:
    """Writing and reading lose nothing; the same report gives the same text, in ASCII and without build commands."""
    report = situations[situation]
    text = to_json(report)

    assert from_dict(json.loads(text)) == report
    assert text == to_json(from_dict(json.loads(text)))
    assert text.isascii()
    assert "##[" not in text
    assert not [line for line in text.split("\n") if line.lstrip().startswith("::")]


def test_the_written_form(situations: dict[str, Report], golden: Golden) -> None:
    """The schema's name comes first, then the record field by field."""
    golden("broken.json", to_json(situations["broken"]))


def test_one_line_for_a_journal(situations: dict[str, Report]) -> None:
    """Without indentation a report is one line with its end."""
    assert to_json(situations["partly_right"], indent=None).count("\n") == 1


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_json_cannot_say_is_an_error(situations: dict[str, Report], value: float) -> None:
    """A number that is none is refused instead of written as NaN, which other readers reject."""
    with pytest.raises(ValueError, match="JSON"):
        to_json(replace(situations["all_right"], score=value))


def test_every_report_is_valid(situation: str, situations: dict[str, Report]) -> None:
    """What the engine writes is what the page promises."""
    check(json.loads(to_json(situations[situation])))


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_valid(status: Any) -> None:
    """Each of the six words may stand at a finding and at an exercise."""
    found = Finding("values", "f", status, "out", 0.0, 1.0, "m", "h", "k", "c", {"ratio": 1.5})
    graded = ExerciseReport("e", "u", status, 0.0, 1.0, (found,), "ab" * 32, "cd" * 32)

    check(json.loads(to_json(Report("s", "sealed", 0.0, 1.0, (graded,)))))


def test_the_example_is_a_report() -> None:
    """The page's example is valid, readable by the engine, and written by it in the same way."""
    check(EXAMPLE)

    assert json.loads(to_json(from_dict(EXAMPLE))) == EXAMPLE


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "handgrad/report/1"},
        {"score": -1},
        {"score": None},
        {"extra": 1},
        {"exercises": {}},
        {"exercises": [{"name": "e"}]},
        {"exercises": [{**EXAMPLE["exercises"][0], "status": "ok"}]},
        {"exercises": [{**EXAMPLE["exercises"][0], "source": "abc"}]},
        {"exercises": [{**EXAMPLE["exercises"][0], "findings": [{"check": "values"}]}]},
    ],
)
def test_what_is_no_report_is_invalid(change: dict[str, Any]) -> None:
    """The schema refuses a missing field, an unknown one, and a word it does not know."""
    with pytest.raises(jsonschema.ValidationError):
        check(EXAMPLE | change)


@pytest.mark.parametrize("record", [Report, ExerciseReport, Finding, Mark])
def test_every_field_is_documented(record: type) -> None:
    """Each field of each record stands in the page's tables and in the schema, and nothing else does."""
    name = {"ExerciseReport": "Exercise"}.get(record.__name__, record.__name__)
    section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
    part = WRITTEN if record is Report else WRITTEN["$defs"][name.lower()]
    expected = {field.name for field in fields(record)}

    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == expected
    assert set(part["properties"]) == set(part["required"]) == expected


def test_the_words_are_documented() -> None:
    """All six status words are in the page's table and in the schema, with the name of the version."""
    section = PAGE.split("\n## The six words\n")[1].split("\n## ")[0]

    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == STATUSES
    assert tuple(WRITTEN["$defs"]["status"]["enum"]) == STATUSES
    assert WRITTEN["properties"]["schema"]["const"] == SCHEMA
