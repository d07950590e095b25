"""Exports of reports to learning platforms: a module for each, or a line in `single.py` or `tables.py`."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Protocol, cast

NAMES = (
    "autolab", "blackboard", "brightspace", "canvas", "classroom", "classroom50", "gradescope",
    "junit", "markdown", "moodle", "nbgrader", "prairielearn",
)  # fmt: skip


class Platform(Protocol):
    """The interface of a platform."""

    @property
    def HELP(self) -> str: ...

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the platform's arguments."""

    def export(self, args: argparse.Namespace) -> int:
        """Write the results; return 0 if all were written, 1 if some were left out."""


def load(name: str) -> Platform:
    """Import the platform of this name, one of NAMES."""
    from autograder.platforms.single import SINGLE
    from autograder.platforms.tables import TABLES

    listed: dict[str, Platform] = {**SINGLE, **TABLES}
    return listed.get(name) or cast(Platform, import_module(f"autograder.platforms.{name}"))
