"""Audit the course: stubs earn nothing, solutions everything, every known mistake is rejected and named, every right
alternative passes, no page shows an answer; and every bar for speed, measured in the sandbox, is far from right answers
and from loops. Prints the kill matrix and the margins; exits 1 when one cell is wrong or one margin too small."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from autograder.cli import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [NAMES] [--json] [--seeds N] [--first SEED] [--jobs N] to the parser."""
    arguments.add_names(parser, "audit")
    words = "how many different inputs (default: %(default)s)"
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help=words)
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed (default: 0)")
    words = "processes at once (default: one per core)"
    parser.add_argument("-j", "--jobs", type=arguments.positive, metavar="N", help=words)
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Grade and time the exercises' own code, print the results; return 0 if no fault was found, else 1."""
    from autograder.authoring.audit import audit_exercise, summary, to_dict
    from autograder.authoring.margins import measure_margins

    course, seeds = arguments.open_course(args), range(args.first, args.first + args.seeds)
    names = arguments.named(args, course)
    parts = [(course, name, seeds) for name in names]
    rows = [row for each in in_processes(args.jobs, "auditing", audit_exercise, parts) for row in each]
    complete = [(course, name) for name in names if all(row.seeds for row in rows if row.exercise == name)]
    found = [margin for each in in_processes(args.jobs, "timing", measure_margins, complete) for margin in each]
    if args.json:
        bars = [{**vars(margin), "faults": margin.faults} for margin in found]
        arguments.print_json({"summary": summary(rows), "rows": to_dict(rows), "margins": bars})
    else:
        from rich.console import Console

        from autograder.authoring.matrix import print_margins, print_matrix

        print_matrix(rows, summary(rows), Console())
        print_margins(found, Console())
    return 0 if all(row.right for row in rows) and not any(margin.faults for margin in found) else 1


def in_processes(jobs: int | None, words: str, work: Callable[..., Any], parts: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return the result of `work` for each item of `parts`, in order, computed by a pool of `jobs` processes. The code
    is trusted and needs no sandbox."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from autograder.numeric.runtime import cores

    with ProcessPoolExecutor(jobs or cores(), mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(work, *part) for part in parts]
        return [future.result() for future in arguments.progress(words, futures, len(futures))]
