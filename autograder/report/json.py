"""A report as JSON, the form for programs (docs/report-schema.md)."""

from __future__ import annotations

import json

from autograder.report.escape import disarm
from autograder.report.report import Report, to_dict


def to_json(report: Report, indent: int | None = 2) -> str:
    """The record in ASCII with a line end; the same report gives the same bytes.

    Raises ValueError where a number is NaN or infinite, which JSON does not have.
    """
    return written(to_dict(report), indent)


def written(record: object, indent: int | None = None) -> str:
    """Any record as JSON, in ASCII with a line end, inert in a build service's log. ValueError for NaN and infinity."""
    # A command can only stand inside a string, where its bracket may be written in another way.
    return disarm(json.dumps(record, indent=indent, allow_nan=False), "\\u005b") + "\n"
