"""Audit the course: stubs earn nothing, solutions everything, every known mistake is rejected and named, every right
alternative passes; and every bar for speed, measured in the sandbox, is far from right answers and from loops. Prints
the kill matrix and the margins; exits 1 when one cell is wrong or one margin too small.

With --mutants instead: every small defect made from a solution by rule is seen by some case, or is listed with a
reason in solutions/equivalent_mutants.toml.

With --confusion instead: what is said of known mistakes, of two at once and of mutants, and whether it is true on other
inputs; exits 1 when one sentence is false."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from autograder.cli import arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.authoring.audit import Row
    from autograder.authoring.margins import BarMargin
    from autograder.authoring.survivors import Survivors


def configure(parser: argparse.ArgumentParser) -> None:
    """[NAMES] [--mutants | --confusion] [--json] [--seeds N] [--first SEED] [--jobs N]."""
    arguments.add_names(parser, "audit")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--mutants", action="store_true", help="small defects of the solutions instead")
    instead.add_argument("--confusion", action="store_true", help="is what hints say true? (one seed, five to test it)")
    parser.add_argument("--seeds", type=int, metavar="N", help="how many different inputs (default: 5; mutants: 3)")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed (default: 0)")
    parser.add_argument(
        "-j", "--jobs", type=arguments.positive, metavar="N", help="processes at once (default: one per core)"
    )
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Audit; exit 0 when every row is as it should be."""
    if args.confusion:
        return _run_confusion(args)
    return _run_mutants(args) if args.mutants else _run_matrix(args)


def _run_matrix(args: argparse.Namespace) -> int:
    from autograder.authoring import margins
    from autograder.authoring.audit import summary, to_dict
    from autograder.authoring.matrix import print_margins, print_matrix

    rows = _audit(args)
    found = _measure(args, {row.exercise for row in rows if not row.seeds})
    if args.json:
        arguments.print_json({"summary": summary(rows), "rows": to_dict(rows), "margins": margins.to_dict(found)})
    else:
        from rich.console import Console

        print_matrix(rows, summary(rows), Console())
        print_margins(found, Console())
    return 0 if all(row.right for row in rows) and not any(margin.faults for margin in found) else 1


def _run_mutants(args: argparse.Namespace) -> int:
    from autograder.authoring.matrix import print_survivors
    from autograder.authoring.survivors import summary, to_dict

    rows = _count_mutants(args)
    if args.json:
        arguments.print_json({"summary": summary(rows), "rows": to_dict(rows)})
    else:
        from rich.console import Console

        print_survivors(rows, summary(rows), Console())
    return 1 if any(row.faults for row in rows) else 0


def _run_confusion(args: argparse.Namespace) -> int:
    from autograder.authoring.hint_audit import audit_hints, summary

    course = arguments.open_course(args)
    parts = [(course, name, args.first) for name in arguments.named(args, course)]
    found = [verdict for part in _parallel(args, audit_hints, parts, "doubting") for verdict in part]
    if args.json:
        arguments.print_json(summary(found))
    else:
        from rich.console import Console

        from autograder.authoring.matrix import print_hint_audit

        print_hint_audit(found, Console())
    return 1 if any(verdict.outcome == "false" for verdict in found) else 0


def _audit(args: argparse.Namespace) -> list[Row]:
    """Yield all rows, audited in parts of ten seeds."""
    from autograder.authoring.audit import audit_exercise, merge

    course = arguments.open_course(args)
    seeds = _seeds(args, 5)
    parts = [(course, name, seeds[start : start + 10], start == 0)
             for name in arguments.named(args, course) for start in range(0, len(seeds), 10)]  # fmt: skip
    return merge(row for rows in _parallel(args, audit_exercise, parts, "auditing") for row in rows)


def _measure(args: argparse.Namespace, incomplete: set[str]) -> list[BarMargin]:
    """Measure the margins of every bar for speed, but of exercises that are not complete yet."""
    from autograder.authoring.margins import measure_margins

    course = arguments.open_course(args)
    parts = [(course, name) for name in arguments.named(args, course) if name not in incomplete]
    return [margin for part in _parallel(args, measure_margins, parts, "timing") for margin in part]


def _count_mutants(args: argparse.Namespace) -> list[Survivors]:
    """Count the surviving mutants of each exercise, after checking the list of accepted ones."""
    from autograder.authoring.survivors import find_survivors, strays

    course = arguments.open_course(args)
    found = strays(course)
    parts = [(course, name, _seeds(args, 3)) for name in arguments.named(args, course)]
    return [*found, *_parallel(args, find_survivors, parts, "mutating")]


def _seeds(args: argparse.Namespace, usual: int) -> range:
    return range(args.first, args.first + (usual if args.seeds is None else args.seeds))


def _parallel(
    args: argparse.Namespace, work: Callable[..., Any], parts: list[tuple[Any, ...]], words: str
) -> list[Any]:
    """Yield results in order, from several processes. Trusted code needs no sandbox, so a library's pool runs it."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from autograder.numeric.runtime import cores

    with ProcessPoolExecutor(args.jobs or cores(), mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(work, *part) for part in parts]
        return [future.result() for future in arguments.progress(words, futures, len(futures))]
