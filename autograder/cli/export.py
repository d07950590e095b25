"""Export results to where grades live: a gradebook, a learning platform, a build service.

`handgrad export --list` names the platforms; `handgrad export PLATFORM --help` shows what each takes.
"""

from __future__ import annotations

import argparse

from autograder.cli.arguments import Parser
from autograder.platforms import NAMES, load


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --list and PLATFORM, with the platform's own arguments, to the parser."""
    parser.add_argument("--list", action="store_true", help="name the platforms")
    parser.add_argument("platform", nargs="?", choices=NAMES, metavar="PLATFORM", help="such as canvas")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="the platform's own arguments")


def run(args: argparse.Namespace) -> int:
    """Export the results to a platform, or list the platforms; return 0, or 1 if some results were left out."""
    if args.list or args.platform is None:
        width = max(map(len, NAMES))
        for name in NAMES:
            print(f"{name:<{width}}  {load(name).HELP}")
        return 0
    platform = load(args.platform)
    parser = Parser(prog=f"handgrad export {args.platform}", description=platform.__doc__)
    platform.configure(parser)
    return platform.export(parser.parse_args(args.rest))
