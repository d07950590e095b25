"""Audit the course: stubs earn nothing, solutions everything, every known mistake is rejected and named, every right
alternative passes. Prints the kill matrix; exits 1 when one cell is wrong."""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING

from autograder.commands import place

if TYPE_CHECKING:
    from autograder.audit import Row

HELP = "prove that every known mistake is rejected and named"


def configure(parser: argparse.ArgumentParser) -> None:
    """[NAMES] [--json] [--seeds N] [--first SEED] [--jobs N]."""
    place.add_names(parser, "audit")
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="how many different inputs (default: 5)")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed (default: 0)")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--json", action="store_true", help="for machines")
    place.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Audit; exit 0 when every row is as it should be."""
    from autograder.audit import summary, to_dict
    from autograder.render.matrix import print_matrix

    rows = _audit(args)
    if args.json:
        print(json.dumps({"summary": summary(rows), "rows": to_dict(rows)}, indent=2))
    else:
        from rich.console import Console

        print_matrix(rows, summary(rows), Console())
    return 0 if all(row.right for row in rows) else 1


def _audit(args: argparse.Namespace) -> list[Row]:
    """All rows, in parallel: this is our own code, so a library's process pool may run it."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from rich.console import Console
    from rich.progress import Progress

    from autograder.audit import audit_exercise, merge

    course = place.open_course(args)
    names = course.pick(args.names) or course.names
    parts = [(name, range(start, min(start + 10, args.first + args.seeds)))
             for name in names for start in range(args.first, args.first + args.seeds, 10)]  # fmt: skip
    console = Console(stderr=True)
    with (
        ProcessPoolExecutor(args.jobs, mp_context=get_context("spawn")) as pool,
        Progress(console=console, disable=not console.is_terminal, transient=True) as progress,
    ):
        futures = [pool.submit(audit_exercise, course, name, seeds, seeds.start == args.first) for name, seeds in parts]
        return merge(row for future in progress.track(futures, description="auditing") for row in future.result())
