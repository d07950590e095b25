"""Speed of the real command on classes of several sizes, and whether the cost per submission is constant."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.answers import COURSE, right_answers
from benchmarks.classes import write_class
from benchmarks.table import Table, digits
from benchmarks.usage import ONE_THREAD, ROOT, Failed, peak

OWN = 0.7
PROGRAMS = re.compile(r"([\d,]+) different programs?")
"""What the command says of the class; the number is that of the programs."""


@dataclass(frozen=True)
class Run:
    """One run of the command: seconds of wall and CPU time, MiB of the command and of its largest worker, its output.
    """

    wall: float
    cpu: float
    command: float
    grader: float
    words: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --sizes, --jobs, --exercises, --with-speed and --right."""
    parser.add_argument("--sizes", default="1000", metavar="N,N", help="scale: submissions in each class (1000)")
    parser.add_argument("--jobs", default="1,2", metavar="N,N", help="scale: graders at once (1,2)")
    parser.add_argument("--exercises", default="relu,dense", metavar="NAMES", help="scale: names or all (relu,dense)")
    parser.add_argument("--with-speed", action="store_true", help="scale: with the speed checks")
    parser.add_argument("--right", action="store_true", help="scale: all answers are right, each a program of its own")


def run(args: argparse.Namespace) -> Table:
    """Measure submissions per second, time and memory for each size and number of workers; and a run with nothing to
    do."""
    rows = []
    names = tuple(COURSE.folders) if args.exercises == "all" else tuple(args.exercises.split(","))
    for size in map(int, args.sizes.split(",")):
        with TemporaryDirectory(prefix="handgrad-") as name:
            folder = Path(name)
            if args.right:
                right_answers(folder / "class", size, names)
            else:
                write_class(folder / "class", COURSE, names, size, OWN)
            skip = [] if args.with_speed else ["--skip", "speed"]
            for jobs in args.jobs.split(","):
                words = ["-o", folder / f"results_{jobs}", "--jobs", jobs, "--only", ",".join(names), *skip]
                rows.append(_row(size, jobs, *(grade(folder, words) for _ in range(3))))
    columns = ("submissions", "graders", "programs", "a second", "wall ms\neach", "CPU ms\neach", "command\nMiB",
               "grader\nMiB", "again,\nCPU ms each", "once more,\nCPU s")  # fmt: skip
    speed = "with" if args.with_speed else "without"
    kinds = f"solutions, alternatives and mistakes, {OWN:.0%} of them with names of their own."
    notes = (
        f"{args.exercises}, {speed} speed checks. From the submissions on disk to all results on disk.",
        f"Every answer is {'right and a program of its own.' if args.right else 'drawn from the course: ' + kinds}",
        "MiB: the most that the process ever held. Again: the same command, with nothing left to grade. Once more: the",
        "whole command when nothing has changed, with its start; before it, files as young as a run are compared.",
    )
    return Table("scale: a class by the command", columns, tuple(rows), notes)


def grade(folder: Path, words: Sequence[str | Path]) -> Run:
    """Run `handgrad grade` on folder/class and watch it."""
    command = [sys.executable, "-m", "autograder", "grade", folder / "class", "--course", ROOT, *words]
    output, largest, before, start = folder / "output", (0.0, 0.0), _cpu(), perf_counter()
    with output.open("wb") as file:
        environment = {**os.environ, **ONE_THREAD, "HANDGRAD_KEY": "benchmark"}
        process = subprocess.Popen(list(map(str, command)), stdout=file, stderr=file, env=environment)
        while process.poll() is None:
            seen = _sizes(process.pid)
            largest = max(largest[0], seen[0]), max(largest[1], seen[1])
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
    said = output.read_text(encoding="utf-8")
    if process.returncode not in (0, 1):
        raise Failed(said[-2000:])
    return Run(perf_counter() - start, _cpu() - before, *largest, said)


def _cpu() -> float:
    """Return the CPU seconds of all processes that this one has waited for."""
    used = os.times()
    return used.children_user + used.children_system


def _sizes(pid: int) -> tuple[float, float]:
    """Return the command's peak memory, and that of its largest child."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        children = []
    return peak(pid), max(map(peak, children), default=0.0)


def _row(size: int, jobs: str, first: Run, again: Run, more: Run) -> tuple[str, ...]:
    (programs,) = PROGRAMS.findall(first.words)
    figures = (size / first.wall, 1000 * first.wall / size, 1000 * first.cpu / size, first.command, first.grader)
    return (f"{size:,}", jobs, programs, *map(digits, (*figures, 1000 * again.cpu / size, more.cpu)))
