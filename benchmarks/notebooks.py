"""Cost of grading twenty notebooks by nbgrader as usually used, by nbgrader on our course, and by our grader.

All grade the same twenty students and the same unit, in one run; the number of equal scores is counted too.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from autograder.frontends.nbgrader.course import init
from benchmarks.answers import COURSE
from benchmarks.cells import PREAMBLE, cells
from benchmarks.classroom import STUDENTS, UNIT, class_of_twenty
from benchmarks.table import Table, digits, times
from benchmarks.usage import ROOT, Usage, measure, missing

_TIMEOUT = 10
ALONE, KERNEL, COURSE_, OURS = (
    "nbgrader, asserts in the cells", "nbgrader, our course, --kernel", "nbgrader, our course", "our grader, exported"
)  # fmt: skip


@dataclass(frozen=True)
class Graded:
    """Result of one way to grade the class: its cost, and student → score."""

    usage: Usage
    scores: dict[str, float]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add no options."""


def run(args: argparse.Namespace) -> Table:
    """Measure CPU and wall time per notebook, the ratio to nbgrader as usually used, and the number of scores equal to
    ours."""
    why = missing(sys.executable, "nbgrader")
    if why:
        return Table("notebooks", ("",), (), (f"nbgrader is not here ({why}): `pip install .[jupyter]`",))
    with TemporaryDirectory(prefix="handgrad-") as name:
        ways = _ways(Path(name), class_of_twenty())
        found = {way: grade() for way, grade in ways.items()}
    return Table(
        f"notebooks: a class of {STUDENTS}, unit {UNIT}",
        ("", "CPU s", "wall s", "CPU ms\na notebook", "× CPU", "× wall", "graded", "scores as\nour grader's"),
        tuple(_row(way, found) for way in found),
        (
            f"{STUDENTS} notebooks: right, stubs, known mistakes; four loop, leave, end the kernel or claim points.",
            f"× is nbgrader with asserts over this. It waits {_TIMEOUT} s for a cell that never ends, times nothing.",
            "Ours measures speed too, which is most of its time. graded: students with a number in `nbgrader export`.",
        ),
    )


def _row(way: str, found: dict[str, Graded]) -> tuple[str, ...]:
    mine, base, ours = found[way], found[ALONE].usage, found[OURS].scores
    used, same = mine.usage, sum(abs(ours[name] - score) < 0.005 for name, score in mine.scores.items())
    ratios = (times(base.cpu / used.cpu), times(base.wall / used.wall))
    figures = map(digits, (used.cpu, used.wall, 1000 * used.cpu / STUDENTS))
    return (way, *figures, *ratios, str(len(mine.scores)), "–" if way == ALONE else f"{same} of {STUDENTS}")


def _ways(folder: Path, books: dict[str, Any]) -> dict[str, Callable[[], Graded]]:
    alone = _course(folder / "alone", books, _asserting)
    kernel = _course(folder / "kernel", books, lambda home: init(COURSE, home, [UNIT], kernel=True))
    course = _course(folder / "course", books, lambda home: init(COURSE, home, [UNIT]))
    return {
        ALONE: lambda: _autograde(alone),
        KERNEL: lambda: _autograde(kernel),
        COURSE_: lambda: _autograde(course),
        OURS: lambda: _grade(course / "submitted", folder / "ours"),
    }


def _course(home: Path, books: dict[str, Any], make: Callable[[Path], object]) -> Path:
    """Create an nbgrader course with the class's submissions and generate its assignment, which is not timed."""
    home.mkdir()
    make(home)
    _nbgrader(home, "generate_assignment", UNIT)
    released = json.loads((home / "release" / UNIT / f"{UNIT}.ipynb").read_text(encoding="utf-8"))
    for student, book in books.items():
        path = home / "submitted" / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(_fitted(book, released)), encoding="utf-8")
    return home


def _fitted(book: dict[str, Any], released: dict[str, Any]) -> dict[str, Any]:
    """Fit the student's cells to the checks of this course, of which an asserting course has more."""
    answers = {cell["id"]: cell for cell in book["cells"]}
    own = [cell for cell in book["cells"] if cell["id"] == "own"]
    cells = [answers.get(cell["id"], cell) if not _is_check(cell) else cell for cell in released["cells"]]
    return {**released, "cells": [*cells[:2], *own, *cells[2:]]}


def _is_check(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("grade"))


def _asserting(home: Path) -> None:
    """Return the source notebook with asserts in its checks: one for every case, compared with the reference."""
    init(COURSE, home, [UNIT])
    tests = cells([e.name for e in COURSE.exercises(COURSE.pick([UNIT]))], exact=True)
    path = home / "source" / UNIT / f"{UNIT}.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell in filter(_is_check, book["cells"]):
        exercise = COURSE.exercise(cell["id"].removesuffix("-check"))
        cell["source"] = "\n\n".join([PREAMBLE, *(tests[function.name] for function in exercise.functions)])
    path.write_text(json.dumps(book), encoding="utf-8")
    lines = ('c.CourseDirectory.course_id = "alone"', f"c.Execute.timeout = {_TIMEOUT}")
    (home / "nbgrader_config.py").write_text("\n".join(("c = get_config()", *lines)) + "\n", encoding="utf-8")


def _autograde(home: Path) -> Graded:
    return Graded(_nbgrader(home, "autograde", UNIT, codes=(0, 1)), _exported(home))


def _grade(submitted: Path, home: Path) -> Graded:
    """Grade with our grader, in one job as nbgrader does, and export the scores to a new gradebook."""
    home.mkdir()
    grader = [sys.executable, "-m", "autograder"]
    only = ("--only", UNIT, "--course", str(ROOT))
    graded = measure([*grader, "grade", str(submitted), "-o", str(home / "results"), "-j", "1", *only], codes=(0, 1))
    book = ("--db", str(home / "gradebook.db"))
    exported = measure([*grader, "export", "nbgrader", str(home / "results"), *book], env=_environment(home))
    usage = Usage(graded.wall + exported.wall, graded.cpu + exported.cpu, "")
    return Graded(usage, _exported(home, f"--db=sqlite:///{home / 'gradebook.db'}"))


def _exported(home: Path, *words: str) -> dict[str, float]:
    """Return student → score, by `nbgrader export`, without students whose grading failed."""
    _nbgrader(home, "export", "--to=grades.csv", *words)
    with (home / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    there = home / "autograded"
    return {name: score for name, score in rows.items() if not there.exists() or (there / name).exists()}


def _nbgrader(home: Path, *words: str, codes: tuple[int, ...] = (0,)) -> Usage:
    return measure([sys.executable, "-m", "nbgrader", *words], home, _environment(home), codes)


def _environment(home: Path) -> dict[str, str]:
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    scratch = dict.fromkeys(places, str(home / "jupyter"))
    path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", "")))
    return {**scratch, "PATH": path, "PYTHONPATH": str(ROOT)}
