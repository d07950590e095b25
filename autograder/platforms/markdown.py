"""Export as Markdown, for the summary of a step on GitHub."""

from __future__ import annotations

import argparse

from autograder.platforms.single import add_output, export_each
from autograder.render.markdown import to_markdown

HELP = "a summary in Markdown, for GitHub and GitLab"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [-o PATH]."""
    add_output(parser)


def export(args: argparse.Namespace) -> int:
    """Write a Markdown file for each submission."""
    return export_each(args, ".md", to_markdown)
