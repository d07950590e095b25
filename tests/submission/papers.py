"""Build notebooks and archives as bytes."""

from __future__ import annotations

import io
import json
import stat
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from autograder.submission.source import Submission


def code(source: str | list[str], **facts: Any) -> dict[str, Any]:
    """Return a code cell as Jupyter writes it."""
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source} | facts


def text(source: str) -> dict[str, Any]:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def graded(grade_id: str, source: str) -> dict[str, Any]:
    """Return a code cell with nbgrader's metadata."""
    return code(source, metadata={"nbgrader": {"grade_id": grade_id, "schema_version": 3}})


def notebook(*cells: dict[str, Any] | str) -> bytes:
    """Return a notebook; a string becomes a code cell."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(*members: tuple[str | ZipInfo, bytes | str]) -> bytes:
    """Return a zip archive of these members in this order; a name may occur twice."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def linked(name: str, target: str) -> tuple[ZipInfo, str]:
    """Return a member that an archiver on Unix unpacks as a link."""
    member = ZipInfo(name)
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member, target


def origins(submission: Submission) -> dict[str, str]:
    """Return the file that counts for each exercise."""
    return {name: source.origin for name, source in submission.sources.items()}


def reasons(submission: Submission) -> dict[str, str]:
    """Return the reason why each exercise is refused."""
    return {name: refused.reason for name, refused in submission.refused.items()}
