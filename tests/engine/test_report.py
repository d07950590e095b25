"""The record: there and back again, and which status wins."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.json import from_dict, to_dict
from autograder.report.report import SCHEMA, STATUSES, ExerciseReport, Finding, Report, total, worst

words = st.text(max_size=8)
points = st.floats(0, 100)
statuses = st.sampled_from(STATUSES)
optional = st.none() | words
findings = st.builds(
    Finding, words, words, statuses, optional, points, points, words, words, optional, optional,
    st.dictionaries(words, points, max_size=2),
)  # fmt: skip
exercises = st.builds(
    ExerciseReport, words, words, statuses, points, points,
    st.lists(findings, max_size=3).map(tuple), optional, optional,
)  # fmt: skip
reports = st.builds(
    Report, words, words, points, points,
    st.lists(exercises, max_size=2).map(tuple), st.lists(words, max_size=2).map(tuple), words,
)  # fmt: skip


@given(reports)
def test_a_report_survives_its_json(report):
    """Every field of every record comes back equal, through real JSON text."""
    assert from_dict(json.loads(json.dumps(to_dict(report)))) == report


def test_the_schema_comes_first():
    """A reader sees at once what it holds."""
    record = to_dict(Report("ann", "local", 0.0, 0.0, ()))
    assert next(iter(record.items())) == ("schema", SCHEMA)


EXERCISE = ExerciseReport("a", "u", "passed", 0.0, 0.0, (Finding("c", "f", "passed"),))
GOOD = to_dict(Report("ann", "local", 0.0, 0.0, (EXERCISE,)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "handgrad/report/0"}, "schema is 'handgrad/report/0', expected 'handgrad/report/3'"),
        ({"schema": None}, "schema is None, expected 'handgrad/report/3'"),
        ({"exercises": None}, "not a handgrad/report/3 record: "),
        ({"exercises": [{}]}, "not a handgrad/report/3 record: 'findings'"),
        ({"exercises": [{"findings": [{"check": "values"}]}]}, "not a handgrad/report/3 record: "),
        ({"notes": None}, "not a handgrad/report/3 record: "),
        ({"surprise": 1}, "not a handgrad/report/3 record: .*surprise"),
    ],
)
def test_what_is_no_report_is_refused_by_name(change, words):
    """A ValueError says what does not fit."""
    assert from_dict(GOOD)
    with pytest.raises(ValueError, match=f"^{words}"):
        from_dict({**GOOD, **change})


@pytest.mark.parametrize("field", ["exercises", "notes", "submission", "schema"])
def test_a_missing_field_is_refused(field):
    """Nothing is filled in by a guess."""
    with pytest.raises(ValueError, match=field):
        from_dict({key: value for key, value in GOOD.items() if key != field})


ORDER = ["broken", "error", "failed", "slow", "skipped", "passed"]


@given(st.lists(statuses))
def test_the_worst_status_wins(found):
    """Broken outranks all that a student did; nothing at all is skipped, never passed."""
    expected = min(found, key=ORDER.index) if found else "skipped"
    assert worst(found) == expected


def test_the_order_holds_every_status():
    """No status is without a rank."""
    assert sorted(ORDER) == sorted(STATUSES)


def test_totals_leave_no_trail_of_digits():
    """Three thirds are one."""
    thirds = [ExerciseReport("a", "u", "passed", 0.1, 0.7)] * 3
    assert total(thirds) == (0.3, 2.1)
    assert total([]) == (0, 0)
