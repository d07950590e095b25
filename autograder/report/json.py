"""The JSON form of reports (docs/report-schema.md): writing, reading, and the codes by which a change is noticed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import Any

from autograder.report.escape import disarm
from autograder.report.report import SCHEMA, Array, Example, ExerciseReport, Finding, Mark, Report


def to_json(report: Report, indent: int | None = 2) -> str:
    """Return a report as JSON in ASCII with a line end; equal reports give equal bytes.

    ValueError if a number is NaN or infinite, which JSON does not have.
    """
    return written(to_dict(report), indent)


def written(record: object, indent: int | None = None) -> str:
    """Return any value as JSON in ASCII with a line end, without commands to build services. ValueError for NaN."""
    # A command can only be inside a string, where its bracket can be written as an escape.
    return disarm(json.dumps(record, indent=indent, allow_nan=False), "\\u005b") + "\n"


def to_dict(report: Report) -> dict[str, Any]:
    """Return a report as a dict, with the schema first."""
    record = _plain(report)
    return {"schema": record.pop("schema"), **record}


def exercise_to_dict(exercise: ExerciseReport) -> dict[str, Any]:
    """Return an exercise's report as a dict."""
    return dict(_plain(exercise))


def _plain(value: Any) -> Any:
    """Return dataclasses as dicts, recursively. Unlike dataclasses.asdict it copies no numbers, which is faster."""
    if value is None or isinstance(value, str | float | int):
        return value
    if isinstance(value, tuple) and (not value or isinstance(value[0], str | float | int)):
        return value
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def from_dict(record: Mapping[str, Any]) -> Report:
    """Read a report from its JSON form; ValueError names what does not fit."""
    if record.get("schema") != SCHEMA:
        raise ValueError(f"schema is {record.get('schema')!r}, expected {SCHEMA!r}")
    try:
        exercises = tuple(exercise_from_dict(exercise) for exercise in record["exercises"])
        mark = _mark(record["mark"])
        return Report(**{**record, "exercises": exercises, "notes": tuple(record["notes"]), "mark": mark})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a {SCHEMA} record: {error}") from error


def exercise_from_dict(record: Mapping[str, Any]) -> ExerciseReport:
    """Read an exercise's report from its JSON form; KeyError or TypeError if it is invalid."""
    findings = tuple(map(_finding, record["findings"]))
    return ExerciseReport(**{**record, "findings": findings, "mark": _mark(record["mark"])})


def _mark(record: Mapping[str, Any] | None) -> Mark | None:
    return Mark(**{**record, "why": tuple(record["why"]), "notes": tuple(record["notes"])}) if record else None


def _finding(record: Mapping[str, Any]) -> Finding:
    series = {name: tuple(values) for name, values in record["series"].items()}
    example = None if record["example"] is None else _example(record["example"])
    return Finding(**{**record, "series": series, "ladder": tuple(record["ladder"]), "example": example})


def _example(record: Mapping[str, Any]) -> Example:
    inputs = {name: value if isinstance(value, str) else _array(value) for name, value in record["inputs"].items()}
    yours = None if record["yours"] is None else _array(record["yours"])
    arrays = {"expected": _array(record["expected"]), "yours": yours}
    return Example(**{**record, **arrays, "inputs": inputs, "wrong": tuple(record["wrong"])})


def _array(record: Mapping[str, Any]) -> Array:
    return Array(tuple(record["shape"]), tuple(record["values"]))


LABEL = b"handgrad/mac/1"
"""Separates this use of the course's key from the derivation of hidden seeds."""

GRADES = ("sealed", "guarded")
"""The tiers whose results are grades. Results of the local tier are feedback and get no code."""


def stamp(report: Report, key: str) -> Report:
    """Return the report with its code, or with none if there is no key or the report is feedback."""
    return replace(report, mac=_code(to_dict(report), key) if key and report.tier in GRADES else "")


def read_intact(text: str, key: str) -> Report:
    """Read a report and verify its code; ValueError says why it is not as the holder of the key wrote it."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise ValueError("is no report")
    report = from_dict(record)
    if not isinstance(report.mac, str) or not report.mac:
        what = "" if report.tier in GRADES else f": the tier is {report.tier}, so it is feedback and no grade"
        raise ValueError(f"bears no code{what}")
    if not hmac.compare_digest(report.mac.encode("utf-8", "surrogatepass"), _code(record, key).encode()):
        raise ValueError("does not fit its code: it was changed after grading, or graded with another key")
    if text.rstrip("\n") not in (written(record, indent).rstrip("\n") for indent in (None, 2)):
        raise ValueError("holds the right values, written by something else: another reader may see others")
    return report


def _code(record: Mapping[str, object], key: str) -> str:
    """Return HMAC-SHA256, 64 hex digits, of the JSON form without its code: keys sorted, no blanks, ASCII."""
    text = json.dumps({**record, "mac": ""}, sort_keys=True, separators=(",", ":"), allow_nan=False)
    own = hmac.new(key.encode(), LABEL, hashlib.sha256).digest()
    return hmac.new(own, text.encode("ascii"), hashlib.sha256).hexdigest()
