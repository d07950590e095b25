"""One file, one command: HELP in a line, configure(parser), run(args) → exit code. Their imports are lazy."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Protocol, cast


class Command(Protocol):
    """What a command module offers."""

    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the exit code."""


# Command → its module here, in the order of the help: a student's, an instructor's, an author's.
_MODULES = {
    "check": "check",
    "hint": "hint",
    "watch": "watch",
    "list": "exercises",
    "validate": "validate",
    "grade": "grade",
    "regrade": "regrade",
    "explain": "explain",
    "export": "export",
    "verify": "verify",
    "ci": "ci",
    "gradescope": "gradescope",
    "nbgrader": "nbgrader",
    "doctor": "doctor",
    "release": "release",
    "reveal": "reveal",
    "build": "build",
    "audit": "audit",
    "new": "new",
}
COMMANDS: dict[str, Command] = {
    name: cast(Command, import_module(f"autograder.cli.{module}")) for name, module in _MODULES.items()
}
