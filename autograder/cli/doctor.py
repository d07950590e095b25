"""Say what this machine can do: which sandboxes it has, layer by layer, why not, and how to repair it.

Exit code 0 when it can grade officially, 1 when it gives feedback only, 3 when its best sandbox does not hold.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from autograder.cli import arguments

if TYPE_CHECKING:
    from autograder.sandbox.doctor import Health


def configure(parser: argparse.ArgumentParser) -> None:
    """[--json]."""
    parser.add_argument("--json", action="store_true", help="print all of it for machines instead")


def run(args: argparse.Namespace) -> int:
    """Inspect the machine and print what it can do."""
    from autograder.sandbox.doctor import health

    found = health()
    if args.json:
        from autograder.render.doctor import health_dict

        arguments.print_json(health_dict(found))
    else:
        _show(found)
    if found.official:
        return 0
    return 3 if any(tier.available and tier.name != "local" for tier in found.tiers) else 1


def _show(found: Health) -> None:
    from rich.console import Console

    from autograder.render.doctor import doctor
    from autograder.render.terminal import print_lines
    from autograder.sandbox.selftest import GROUPS

    print_lines(lambda page: doctor(found, GROUPS, page), Console())
