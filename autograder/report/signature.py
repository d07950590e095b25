"""Tamper evidence: a code on a graded record that only the holder of the course's key can make."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace

from autograder.report.json import to_json
from autograder.report.report import Report, from_dict, to_dict

LABEL = b"handgrad/mac/1"
"""Keeps this use of the course's key apart from the seeds of the hidden inputs."""

GRADES = ("sealed", "guarded")
"""The tiers whose results are grades. What ran on a student's machine is feedback and bears no code."""


def stamp(report: Report, key: str) -> Report:
    """The report with its code; with none where there is no key, or where it is feedback."""
    return replace(report, mac=_code(report, key) if key and report.tier in GRADES else "")


def read_intact(text: str, key: str) -> Report:
    """The report that `text` holds; ValueError says why it is not just as the holder of the key wrote it."""
    report = from_dict(_parse(text))
    if not isinstance(report.mac, str) or not report.mac:
        what = "" if report.tier in GRADES else f": the tier is {report.tier}, so it is feedback and no grade"
        raise ValueError(f"bears no code{what}")
    if not hmac.compare_digest(report.mac.encode("utf-8", "surrogatepass"), _code(report, key).encode()):
        raise ValueError("does not fit its code: it was changed after grading, or graded with another key")
    if text.rstrip("\n") != to_json(report).rstrip("\n"):
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


def _code(report: Report, key: str) -> str:
    """HMAC-SHA256, 64 hex digits, over the JSON form without its code: keys sorted, no blanks, ASCII."""
    record = to_dict(replace(report, mac=""))
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False)
    own = hmac.new(key.encode(), LABEL, hashlib.sha256).digest()
    return hmac.new(own, text.encode("ascii"), hashlib.sha256).hexdigest()
