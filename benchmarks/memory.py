"""Does a grader stay as it was? The sample class many times over, watched at the first and the last submission."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.batch.folder import Batch, grade_folder
from autograder.grade import Options
from autograder.sandbox import best
from benchmarks.answers import COURSE, sample_class
from benchmarks.table import Table, digits

_MIB = 1 << 20


@dataclass(frozen=True)
class Sight:
    """All grader processes together: peak memory in MiB, open files, and child processes."""

    grader: float
    zygote: float
    files: int
    children: int


def configure(parser: argparse.ArgumentParser) -> None:
    """--copies."""
    parser.add_argument(
        "--copies", type=int, default=20, metavar="N", help="memory: how many times the sample class (20)"
    )


def run(args: argparse.Namespace) -> Table:
    """What the grader processes hold after one class and after all of them."""
    with TemporaryDirectory(prefix="handgrad-") as name:
        paths = sample_class(Path(name), args.copies)
        many = len(paths) // args.copies
        rows = tuple(_row(jobs, count, sight) for jobs in (1, 2) for count, sight in _watch(paths, many, jobs))
    columns = ("", "graders,\npeak MiB", "below them,\npeak MiB", "open\nfiles", "child\nprocesses")
    notes = ("Graders: the trusted processes. Below them: zygotes and workers; memory that they share counts for each.",)
    return Table("memory: flat or not", columns, rows, notes)


def _watch(paths: list[Path], first: int, jobs: int) -> list[tuple[int, Sight]]:
    batch = Batch(COURSE, tuple(COURSE.names), best(), Options(key="benchmark"))
    seen = {}
    for count, _ in enumerate(grade_folder(batch, paths, jobs), 1):
        if count in (first, len(paths)):
            seen[count] = _look()
    return list(seen.items())


def _look() -> Sight:
    """The graders are this process's children, less those of the machinery of multiprocessing."""
    import psutil

    graders = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    below = [child for grader in graders for child in grader.children(recursive=True)]
    return Sight(
        sum(map(_peak, (grader.pid for grader in graders))),
        sum(map(_peak, (child.pid for child in below))),
        sum(grader.num_fds() for grader in graders),
        len(below),
    )


def _peak(pid: int) -> float:
    """The most memory that the process ever held, in MiB; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((1024 * int(line.split()[1]) / _MIB for line in lines if line.startswith("VmHWM:")), 0.0)


def _row(jobs: int, count: int, sight: Sight) -> tuple[str, ...]:
    figures = (digits(sight.grader), digits(sight.zygote), str(sight.files), str(sight.children))
    return (f"--jobs {jobs}, after {count} submissions", *figures)
