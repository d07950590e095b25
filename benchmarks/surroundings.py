"""One class graded in several surroundings, speed checks included: the points must be the same in all of them."""

from __future__ import annotations

import argparse
import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder.numeric.runtime import ONE_THREAD
from benchmarks.answers import COURSE, TEN
from benchmarks.course_run import answers
from benchmarks.fairness import busy
from benchmarks.table import Table
from benchmarks.usage import ROOT

NAMES = (*TEN, "sigmoid", "l2_penalty", "sgd")
_OUTSIDE = {
    **dict.fromkeys(ONE_THREAD, "2"), "MALLOC_TRIM_THRESHOLD_": "65536",
    "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TOP_PAD_": "0", "MALLOC_PERTURB_": "85",
    "GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=65536",
}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --class-size and --where."""
    parser.add_argument("--class-size", type=int, default=200, metavar="N", help="surroundings: students (200)")
    parser.add_argument("--where", metavar="WORD", help="surroundings: those whose name holds this, beside the first")


def run(args: argparse.Namespace) -> Table:
    """Grade the class in each surrounding and compare all points with those of the first."""
    with tempfile.TemporaryDirectory(prefix="handgrad-") as folder:
        titles = _write_class(Path(folder, "class"), args.class_size)
        first: dict[str, str] | None = None
        rows, found = [], Counter[str]()
        for name in _SURROUNDINGS:
            if args.where and first is not None and args.where not in name:
                continue
            begun = time.perf_counter()
            points = _grade(Path(folder), name)
            first = first or points
            differing = [titles[key] for key, value in first.items() if points.get(key) != value]
            given = sum(map(bool, points.values()))
            rows.append((name, str(given), str(len(differing)), f"{time.perf_counter() - begun:.0f}"))
            found.update(differing)
    notes = (
        f"{args.class_size} students with {', '.join(NAMES)}: right answers, fast and slow, in turn.",
        f"Differing: points of one student in one exercise that are not those of {next(iter(_SURROUNDINGS))}.",
        f"Of these: {', '.join(f'{title} {count}' for title, count in found.most_common()) or 'none'}.",
    )
    columns = ("", "points", "differing", "seconds")
    return Table("surroundings: the same points everywhere?", columns, tuple(rows), notes)


def _write_class(folder: Path, students: int) -> dict[str, str]:
    """Return the title of each student's answer to each exercise."""
    texts = {name: list(dict(answers(COURSE, name, alternatives=True, slow=True)).items()) for name in NAMES}
    titles = {}
    for number in range(students):
        home = folder / f"s{number:03}"
        home.mkdir(parents=True)
        for place, (name, found) in enumerate(texts.items()):
            title, text = found[(number + place) % len(found)]
            titles[f"s{number:03} {name}"] = f"{name} {title}"
            (home / f"{name}.py").write_text(f"{text}\ns{number:03} = True\n", encoding="utf-8")
    return titles


def _grade(folder: Path, name: str) -> dict[str, str]:
    """Return the points of every student in every exercise, from a command of its own."""
    results = folder / name.replace(" ", "_")
    with _SURROUNDINGS[name](results) as words:
        command = [sys.executable, "-m", "autograder", "grade", str(folder / "class"), "-o", str(results), "--course",
                   str(ROOT), "--only", ",".join(NAMES), *words]  # fmt: skip
        outside = name == "variables set outside"
        done = subprocess.run(command, cwd=ROOT, env=os.environ | (_OUTSIDE if outside else {}), capture_output=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{name}: {done.stderr.decode('utf-8', 'replace')[-2000:]}")
    with open(results / "grades.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {f"{row['student']} {exercise}": row[exercise] for row in rows for exercise in NAMES}


@contextmanager
def _plainly(results: Path, *words: str) -> Iterator[tuple[str, ...]]:
    yield words


@contextmanager
def _on_one_core(results: Path) -> Iterator[tuple[str, ...]]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield ()
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _beside_loops(results: Path) -> Iterator[tuple[str, ...]]:
    with busy(2):
        yield ()


@contextmanager
def _on_dask(results: Path) -> Iterator[tuple[str, ...]]:
    """Start a scheduler and two workers as docs/clusters.md says, and end them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    commands = (
        ["scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"],
        ["worker", f"tcp://{address}", "--nworkers", "2", "--nthreads", "1", "--no-dashboard"],
    )
    with ExitStack() as stack:
        for words in commands:
            process = stack.enter_context(subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]], cwd=ROOT,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))  # fmt: skip
            stack.callback(process.terminate)
        yield ("--scheduler", f"tcp://{address}")


_SURROUNDINGS = {
    "sealed": lambda results: _plainly(results, "--tier", "sealed"),
    "guarded": lambda results: _plainly(results, "--tier", "guarded"),
    "local": lambda results: _plainly(results, "--tier", "local"),
    "Dask": _on_dask,
    "variables set outside": _plainly,
    "one core": _on_one_core,
    "two busy loops": _beside_loops,
}
