"""Courses of one test do not stay on the import path."""

from __future__ import annotations

import sys

import pytest

from tests.engine.coursework import TINY


@pytest.fixture(autouse=True)
def clean_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the path back afterwards; the tiny oracle is always found."""
    monkeypatch.setattr(sys, "path", [*(entry for entry in sys.path if entry != str(TINY)), str(TINY)])
