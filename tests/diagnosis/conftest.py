"""Isolate the import path of each test."""

from __future__ import annotations

import sys

import pytest

from autograder.sandbox.sandbox import Sandbox
from tests.engine.coursework import TINY


@pytest.fixture(autouse=True)
def clean_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore the import path after each test, and keep the tiny oracle on it."""
    monkeypatch.setattr(sys, "path", [*(entry for entry in sys.path if entry != str(TINY)), str(TINY)])


@pytest.fixture(scope="module")
def session():
    """Open a session in which the wrong code runs."""
    with Sandbox("local") as sandbox, sandbox.session() as opened:
        yield opened
