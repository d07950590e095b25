"""A report as JSON, the form for programs (docs/report-schema.md)."""

from __future__ import annotations

import json

from autograder.report import Report, to_dict


def to_json(report: Report, indent: int | None = 2) -> str:
    """The record in ASCII with a line end; the same report gives the same bytes.

    Raises ValueError where a number is NaN or infinite, which JSON does not have.
    """
    text = json.dumps(to_dict(report), indent=indent, allow_nan=False)
    # It can only stand inside a string; some build services obey it anywhere in their log.
    return text.replace("##[", "##\\u005b") + "\n"
