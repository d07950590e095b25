"""What a second core brings: the sample class with one grader and with two."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, mkdtemp

from autograder.batch.grader import Batch
from autograder.grade import Options
from autograder.intake.handed import Handed
from autograder.sandbox import best
from benchmarks.answers import COURSE, sample_class
from benchmarks.batches import grade_class
from benchmarks.repetition import interleave, milliseconds, ratio
from benchmarks.table import Table, digits, times

_COPIES, _ROUNDS = 2, 3


def configure(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace) -> Table:
    """Submissions a second with one and with two graders, their start included."""
    rounds = args.rounds or _ROUNDS
    batch = Batch(COURSE, tuple(COURSE.names), best(), Options(key="benchmark"))
    with TemporaryDirectory(prefix="handgrad-") as name:
        handed = sample_class(Path(name) / "class", _COPIES)
        found = interleave({jobs: milliseconds(_grading(batch, handed, jobs, Path(name))) for jobs in (1, 2)}, rounds)
    rows = tuple(
        (f"--jobs {jobs}", digits(1000 * len(handed) / median(walls)), times(ratio(found[1], walls)))
        for jobs, walls in found.items()
    )
    notes = (
        f"{len(handed)} submissions, {batch.tier} tier, medians of {rounds} interleaved runs. The sample class holds",
        "an endless loop, naive loops and cheats, which cost far more than honest answers do.",
    )
    return Table("scale: the sample class", ("", "submissions\na second", "× one\ngrader"), rows, notes)


def _grading(batch: Batch, handed: list[Handed], jobs: int, folder: Path) -> Callable[[], object]:
    return lambda: [None for _ in grade_class(batch, handed, jobs, Path(mkdtemp(dir=folder)))]
