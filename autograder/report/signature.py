"""Message authentication codes of reports, which only the holder of the course's key can compute."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace

from autograder.report.json import from_dict, to_dict, written
from autograder.report.report import Report

LABEL = b"handgrad/mac/1"
"""Separates this use of the course's key from the derivation of hidden seeds."""

GRADES = ("sealed", "guarded")
"""The tiers whose results are grades. Results of the local tier are feedback and get no code."""


def stamp(report: Report, key: str) -> Report:
    """Return the report with its code, or with none if there is no key or the report is feedback."""
    return replace(report, mac=_code(to_dict(report), key) if key and report.tier in GRADES else "")


def read_intact(text: str, key: str) -> Report:
    """Read a report and verify its code; ValueError says why it is not as the holder of the key wrote it."""
    record = _parse(text)
    report = from_dict(record)
    if not isinstance(report.mac, str) or not report.mac:
        what = "" if report.tier in GRADES else f": the tier is {report.tier}, so it is feedback and no grade"
        raise ValueError(f"bears no code{what}")
    if not hmac.compare_digest(report.mac.encode("utf-8", "surrogatepass"), _code(record, key).encode()):
        raise ValueError("does not fit its code: it was changed after grading, or graded with another key")
    if text.rstrip("\n") != written(record, 2).rstrip("\n"):
        raise ValueError("holds the right values, written by something else: another reader may see others")
    return report


def _parse(text: str) -> dict[str, object]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise ValueError("is no report")
    return record


def _code(record: Mapping[str, object], key: str) -> str:
    """Return HMAC-SHA256, 64 hex digits, of the JSON form without its code: keys sorted, no blanks, ASCII."""
    text = json.dumps({**record, "mac": ""}, sort_keys=True, separators=(",", ":"), allow_nan=False)
    own = hmac.new(key.encode(), LABEL, hashlib.sha256).digest()
    return hmac.new(own, text.encode("ascii"), hashlib.sha256).hexdigest()
