"""Export as JUnit XML, which Jenkins, GitLab, Artemis and most build services read."""

from __future__ import annotations

import argparse

from autograder.platforms.single import add_output, export_each
from autograder.render.junit import to_junit

HELP = "JUnit XML, with points as properties"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [-o PATH]."""
    add_output(parser)


def export(args: argparse.Namespace) -> int:
    """Write an XML file for each submission."""
    return export_each(args, ".xml", to_junit)
