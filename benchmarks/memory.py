"""Growth of the graders' resources between one run of the sample class and many copies of it."""

from __future__ import annotations

import argparse
from dataclasses import astuple, dataclass
from multiprocessing import active_children
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.batch.worker import Batch
from autograder.grading.pipeline import Options
from autograder.sandbox.tiers import best
from autograder.submission.source import Entry
from benchmarks.answers import COURSE, sample_class
from benchmarks.batches import grade_class
from benchmarks.table import Table, digits

_MIB = 1 << 20


@dataclass(frozen=True)
class Sight:
    """Peak of all worker processes together: memory in MiB, open files, child processes."""

    grader: float = 0.0
    below: float = 0.0
    files: int = 0
    children: int = 0

    def most(self, other: Sight) -> Sight:
        """Return the larger figure of each."""
        return Sight(*map(max, astuple(self), astuple(other)))


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --copies."""
    parser.add_argument(
        "--copies", type=int, default=20, metavar="N", help="memory: how many times the sample class (20)"
    )


def run(args: argparse.Namespace) -> Table:
    """Measure the worker processes' resources in one class and in all of them."""
    seen: dict[tuple[int, int], Sight] = {}
    for jobs in (1, 2):
        for copies in (1, args.copies):
            with TemporaryDirectory(prefix="handgrad-") as name:
                entries = sample_class(Path(name) / "class", copies)
                seen[jobs, len(entries)] = _watch(entries, jobs, Path(name) / "results")
    rows = tuple(_row(jobs, size, sight) for (jobs, size), sight in seen.items())
    columns = ("", "graders,\npeak MiB", "below them,\npeak MiB", "open\nfiles", "processes\nbelow")
    notes = (
        "The most that was seen, looking after each answer; all graders of a row added up.",
        "Below them: their zygotes and workers; memory that these share counts for each.",
    )
    return Table("memory: flat or not", columns, rows, notes)


def _watch(entries: list[Entry], jobs: int, results: Path) -> Sight:
    batch = Batch(COURSE, tuple(COURSE.names), best(), Options(key="benchmark"))
    seen = Sight()
    for _ in grade_class(batch, entries, jobs, results):
        seen = seen.most(_look())
    return seen


def _look() -> Sight:
    """Measure the workers and all processes below them, which multiprocessing lists while they live."""
    import psutil

    graders = [psutil.Process(child.pid) for child in active_children() if child.pid]
    below = [child for grader in graders for child in grader.children(recursive=True)]
    files = sum(grader.num_fds() for grader in graders)
    return Sight(sum(_peak(each.pid) for each in graders), sum(_peak(each.pid) for each in below), files, len(below))


def _peak(pid: int) -> float:
    """Return the process's peak memory in MiB; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((1024 * int(line.split()[1]) / _MIB for line in lines if line.startswith("VmHWM:")), 0.0)


def _row(jobs: int, size: int, sight: Sight) -> tuple[str, ...]:
    figures = (digits(sight.grader), digits(sight.below), str(sight.files), str(sight.children))
    return (f"--jobs {jobs}, {size} submissions", *figures)
