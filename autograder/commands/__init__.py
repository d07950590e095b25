"""One file, one command: HELP in a line, configure(parser), run(args) → exit code. Their imports are lazy."""

from __future__ import annotations

import argparse
from typing import Protocol, cast

from autograder.commands import (
    audit,
    build,
    check,
    ci,
    doctor,
    exercises,
    export,
    grade,
    gradescope,
    new,
    verify,
    watch,
)


class Command(Protocol):
    """What a command module offers."""

    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the exit code."""


COMMANDS: dict[str, Command] = {
    name: cast(Command, module)
    for name, module in {
        "check": check,
        "watch": watch,
        "grade": grade,
        "export": export,
        "verify": verify,
        "ci": ci,
        "gradescope": gradescope,
        "list": exercises,
        "build": build,
        "audit": audit,
        "new": new,
        "doctor": doctor,
    }.items()
}
