"""Notebooks and archives as bytes, the way tools and people make them."""

from __future__ import annotations

import io
import json
import stat
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from autograder.submission.source import Submission


def code(source: str | list[str], **facts: Any) -> dict[str, Any]:
    """A code cell as Jupyter writes it."""
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source} | facts


def text(source: str) -> dict[str, Any]:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def graded(grade_id: str, source: str) -> dict[str, Any]:
    """A code cell that nbgrader knows."""
    return code(source, metadata={"nbgrader": {"grade_id": grade_id, "schema_version": 3}})


def notebook(*cells: dict[str, Any] | str) -> bytes:
    """A notebook; a string is a code cell."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(*members: tuple[str | ZipInfo, bytes | str]) -> bytes:
    """A zip archive of these members, in this order; a name may come twice."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def linked(name: str, target: str) -> tuple[ZipInfo, str]:
    """A member that an archiver on Unix would make a link."""
    member = ZipInfo(name)
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member, target


def origins(submission: Submission) -> dict[str, str]:
    """Exercise → the file that was taken."""
    return {name: source.origin for name, source in submission.sources.items()}


def reasons(submission: Submission) -> dict[str, str]:
    """Exercise → why it was refused."""
    return {name: refused.reason for name, refused in submission.refused.items()}
