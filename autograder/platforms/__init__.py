"""Exports of reports to learning platforms, one module for each."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Protocol, cast

NAMES = (
    "autolab", "canvas", "check50", "classroom", "classroom50", "gradescope", "junit", "markdown", "moodle",
    "nbgrader", "prairielearn",
)  # fmt: skip


class Platform(Protocol):
    """The interface of a platform's module."""

    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the platform's arguments."""

    def export(self, args: argparse.Namespace) -> int:
        """Write the results; return 0 if all were written, 1 if some were left out."""


def load(name: str) -> Platform:
    """Import the platform of this name, one of NAMES."""
    return cast(Platform, import_module(f"autograder.platforms.{name}"))
