"""Does a grader stay as it was? The sample class many times over, watched during the first class and the last."""

from __future__ import annotations

import argparse
from dataclasses import astuple, dataclass
from multiprocessing import active_children
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.batch.folder import Batch, grade_folder
from autograder.grade import Options
from autograder.intake.handed import Handed
from autograder.sandbox import best
from benchmarks.answers import COURSE, sample_class
from benchmarks.table import Table, digits

_MIB = 1 << 20


@dataclass(frozen=True)
class Sight:
    """The most that all grader processes together were seen with: memory in MiB, open files, processes below them."""

    grader: float = 0.0
    below: float = 0.0
    files: int = 0
    children: int = 0

    def most(self, other: Sight) -> Sight:
        """The larger figure of each."""
        return Sight(*map(max, astuple(self), astuple(other)))


def configure(parser: argparse.ArgumentParser) -> None:
    """--copies."""
    parser.add_argument(
        "--copies", type=int, default=20, metavar="N", help="memory: how many times the sample class (20)"
    )


def run(args: argparse.Namespace) -> Table:
    """What the grader processes hold after one class and after all of them."""
    with TemporaryDirectory(prefix="handgrad-") as name:
        handed = sample_class(Path(name), args.copies)
        size = len(handed) // args.copies
        seen = {jobs: _watch(handed, size, jobs) for jobs in (1, 2)}
    rows = tuple(_row(jobs, last, size, sight) for jobs in seen for last, sight in seen[jobs].items())
    columns = ("", "graders,\npeak MiB", "below them,\npeak MiB", "open\nfiles", "processes\nbelow")
    notes = (
        f"The most that was seen in {size} submissions, looking after each; all graders of a row added up.",
        "Below them: their zygotes and workers; memory that these share counts for each.",
    )
    return Table("memory: flat or not", columns, rows, notes)


def _watch(handed: list[Handed], size: int, jobs: int) -> dict[int, Sight]:
    """How many submissions were done by the end of the first and the last class → what was seen in that class."""
    batch = Batch(COURSE, tuple(COURSE.names), best(), Options(key="benchmark"))
    seen = {size: Sight(), len(handed): Sight()}
    for count, _ in enumerate(grade_folder(batch, handed, jobs), 1):
        for last in seen:
            if last - size < count <= last:
                seen[last] = seen[last].most(_look())
    return seen


def _look() -> Sight:
    """The graders and all processes below them; multiprocessing calls them children as long as they live."""
    import psutil

    graders = [psutil.Process(child.pid) for child in active_children() if child.pid]
    below = [child for grader in graders for child in grader.children(recursive=True)]
    files = sum(grader.num_fds() for grader in graders)
    return Sight(sum(_peak(each.pid) for each in graders), sum(_peak(each.pid) for each in below), files, len(below))


def _peak(pid: int) -> float:
    """The most memory that the process ever held, in MiB; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((1024 * int(line.split()[1]) / _MIB for line in lines if line.startswith("VmHWM:")), 0.0)


def _row(jobs: int, last: int, size: int, sight: Sight) -> tuple[str, ...]:
    figures = (digits(sight.grader), digits(sight.below), str(sight.files), str(sight.children))
    return (f"--jobs {jobs}, submissions {last - size + 1} to {last}", *figures)
