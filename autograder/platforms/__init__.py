"""Exports of reports to learning platforms: a module for each, or a line in `single.py` or `gradebooks.toml`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

NAMES = ("autolab", "blackboard", "brightspace", "canvas", "classroom50", "gradescope",
         "junit", "markdown", "moodle", "nbgrader", "prairielearn")  # fmt: skip


def load(name: str) -> Any:
    """Import the platform of this name, one of NAMES.

    A platform has HELP, its line in the list, configure(parser), which adds arguments, and export(args), which writes
    results and returns 0 if all were written, 1 if some were left out.
    """
    from autograder.platforms.gradebook import TABLES
    from autograder.platforms.single import SINGLE

    return {**SINGLE, **TABLES}.get(name) or import_module(f"autograder.platforms.{name}")
