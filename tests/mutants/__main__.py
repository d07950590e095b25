"""Show that the cases of a course see small defects: `python -m tests.mutants [NAME …] [--course DIR]`.

Every small defect made from a solution by rule is rejected by some case, or is listed with a reason in
solutions/equivalent_mutants.toml of the course. Exits 1 when one is neither.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from autograder.cli import arguments
from autograder.cli.audit import in_processes
from tests.proof import parser_of, run

if TYPE_CHECKING:
    from rich.console import Console

    from tests.mutants.survivors import Survivors


def prove(args: argparse.Namespace) -> int:
    """Count the surviving mutants of each exercise and print them; exit 0 when all survivors are listed."""
    from tests.mutants.survivors import find_survivors, strays, summary, to_dict

    course = arguments.open_course(args)
    seeds = range(args.first, args.first + args.seeds)
    parts = [(course, name, seeds) for name in arguments.named(args, course)]
    rows = [*strays(course), *in_processes(args.jobs, "mutating", find_survivors, parts)]
    if args.json:
        arguments.print_json({"summary": summary(rows), "rows": to_dict(rows)})
    else:
        from rich.console import Console

        print_survivors(rows, Console())
    return 1 if any(row.faults for row in rows) else 0


def print_survivors(rows: list[Survivors], console: Console) -> None:
    """Print one line per exercise, then the faults, then the counts."""
    from autograder.authoring.matrix import empty_table, print_faults
    from tests.mutants.survivors import summary

    table, counts = empty_table("exercise", "mutants", "killed", "survive", "listed"), summary(rows)
    for row in rows:
        numbers = (row.generated, row.killed, len(row.survivors), row.equivalent)
        table.add_row(row.exercise, *map(str, numbers), style="red" if row.faults else "")
    console.print(table)
    words = (
        f"{counts['mutants']:g} mutants: {counts['killed']:g} killed, {counts['equivalent']:g} known to be equivalent; "
        f"{counts['faults']:g} faults"
    )
    print_faults([f"{row.exercise}: {fault}" for row in rows for fault in row.faults], console, words)


if __name__ == "__main__":
    raise SystemExit(run(parser_of("tests.mutants", __doc__, 3), prove))
