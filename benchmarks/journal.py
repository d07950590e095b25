"""Cost of a batch besides grading: CPU time for each submission, and memory, in a small class and in a large one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import Table, digits
from benchmarks.usage import measure

_STEPS = ("enter", "plan", "add", "post", "write", "again")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --classes."""
    parser.add_argument("--classes", default="1000,20000", metavar="N,N", help="journal: submissions (1000,20000)")


def run(args: argparse.Namespace) -> Table:
    """Measure the microseconds of each step, the process's memory and the journal's size, for each class."""
    rows = tuple(_row(int(size)) for size in args.classes.split(","))
    columns = ("submissions", *(f"{step},\nµs each" for step in _STEPS), "peak\nMiB", "journal,\nKiB each")
    notes = (
        "CPU time of the one process that keeps the journal, for each submission; two answers each, all of them",
        "programs of their own and wrong. enter: into the journal; plan: what is to be graded; add: two verdicts;",
        "post: grades that stand; write: report, feedback and rows; again: the last two when nothing is left to do.",
    )
    return Table("journal: all but grading", columns, rows, notes)


def _row(size: int) -> tuple[str, ...]:
    with TemporaryDirectory(prefix="handgrad-") as name:
        used = measure([sys.executable, "-m", "benchmarks.bookkeeping", str(size), str(Path(name) / "results")])
    found = json.loads(used.text.splitlines()[-1])
    steps = (digits(1e6 * found["seconds"][step] / size) for step in _STEPS)
    return (f"{size:,}", *steps, digits(found["peak"]), digits(found["bytes"] / size / 1024))
