"""Where results go: one file a platform, and one line here for each."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Protocol, cast

NAMES = (
    "autolab", "canvas", "check50", "classroom", "classroom50", "gradescope", "junit", "markdown", "moodle",
    "nbgrader", "prairielearn",
)  # fmt: skip


class Platform(Protocol):
    """What a platform offers: HELP in a line, its arguments, and what it writes."""

    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the platform's arguments."""

    def export(self, args: argparse.Namespace) -> int:
        """Write; 0 when every result has found its place, 1 when some have not."""


def load(name: str) -> Platform:
    """The platform of this name, one of NAMES."""
    return cast(Platform, import_module(f"autograder.platforms.{name}"))
