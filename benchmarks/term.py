"""A term of one assignment: a class list, late answers, adjustments, a regrade, the export and the return.

`python -m benchmarks term` prints what each step took; `run_term` is the same for tests, which look at its result.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.cli.main import main
from autograder.course.catalog import Course
from benchmarks.classes import answer
from benchmarks.table import Table, digits

ROOT = Path(__file__).parents[1]
EXERCISES = (
    "dense", "relu", "sigmoid", "flatten", "conv2d", "softmax", "momentum", "adagrad", "perceptron", "dropout", "sgd",
)  # fmt: skip
_TEXTS = 3
_RULES = """\
title = "Deep learning by hand"

[assignments.ps1]
title = "Problem set 1"
exercises = [{names}]
points = 50
due = 2026-01-10T12:00:00Z
closes = "2 weeks"

[late]
per_day = 10
cap = 40
"""
_CHANGED = "\n[extensions]\ns0003 = \"1 week\"\n"


@dataclass
class Term:
    """A course of its own and a class, in one folder, and what the steps took."""

    folder: Path
    students: int
    exercises: tuple[str, ...] = EXERCISES
    skip: tuple[str, ...] = ("speed",)
    course: Path = ROOT
    seconds: dict[str, float] = field(default_factory=dict)
    """Step → wall time."""
    said: dict[str, str] = field(default_factory=dict)
    """Step → what the command printed."""

    def run(self, step: str, *words: object) -> int:
        """Run a command as a step; return its exit code."""
        out, begun = StringIO(), time.perf_counter()
        with redirect_stdout(out), redirect_stderr(out):
            code = main([str(word) for word in words])
        self.seconds[step] = time.perf_counter() - begun
        self.said[step] = out.getvalue()
        return code

    @property
    def names(self) -> list[str]:
        """Return the ids of the class."""
        return [f"s{number:04}" for number in range(self.students)]


def run_term(term: Term) -> None:
    """Write course and class, then grade, adjust, grade again after a change of the rules, regrade and export."""
    course = _course(term)
    _class(term, Course(course))
    results, common = term.folder / "results", ("--course", course)
    grade = ("grade", term.folder / "class", "-o", results, *common, "--assignment", "ps1")
    grade += tuple(word for check in term.skip for word in ("--skip", check))
    term.run("grade", *grade)
    (course / "adjustments.csv").write_text(
        f"student,exercise,points,reason\ns0001,{term.exercises[0]},2.5,read again by a tutor\n"
        f"s0002,{term.exercises[1]},excused,ill\n", encoding="utf-8",
    )  # fmt: skip
    with (course / "course.toml").open("a", encoding="utf-8") as rules:
        rules.write(_CHANGED)
    term.run("grade again", *grade)
    spec = course / "solutions" / _unit(course, term.exercises[0]) / term.exercises[0] / "spec.py"
    spec.write_text(spec.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    term.run("regrade --diff", "regrade", results, "--diff", *common)
    term.run("regrade --apply", "regrade", results, "--apply", *common)
    term.run("grade one exercise", *grade, "--only", term.exercises[1])
    _gradebook(term)
    term.run("export", "export", "canvas", results, term.folder / "gradebook.csv", "-o", term.folder / "import.csv",
             "--course", course, "--points", "raw")  # fmt: skip
    term.run("verify", "verify", results, *common)


def _unit(course: Path, name: str) -> str:
    return Course(course).folders[name].parent.name


def _course(term: Term) -> Path:
    """Copy the course, with rules and a class list in which the last two students handed in nothing."""
    course = term.folder / "course"
    for name in ("solutions", "reference"):
        if (term.course / name).is_dir():
            shutil.copytree(term.course / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in term.course.glob("*.py"):
        shutil.copy(path, course)
    names = ", ".join(f'"{name}"' for name in term.exercises)
    (course / "course.toml").write_text(_RULES.format(names=names), encoding="utf-8")
    lines = [f"{name};Student {name[1:]};{'AB'[number % 2]};login{number}" for number, name in enumerate(term.names)]
    (course / "students.csv").write_text("\ufeffid;name;section;login\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return course


def _class(term: Term, course: Course) -> None:
    """Write the class, in which an exercise has few distinct texts; every fifth student is late."""
    due = 1768046400  # 2026-01-10T12:00:00Z
    forms = {
        name: [answer(course, name, random.Random(f"{name} {form}"), "") for form in range(_TEXTS)]
        for name in term.exercises
    }
    for number, student in enumerate(term.names[:-2]):
        folder, chance = term.folder / "class" / student, random.Random(student)
        folder.mkdir(parents=True)
        when = due + (86400 * (number % 7) + 60 if number % 5 == 0 else -3600)
        for name in term.exercises:
            if chance.random() < 0.93:
                path = folder / f"{name}.py"
                path.write_text(chance.choice(forms[name]), encoding="utf-8")
                os.utime(path, (when, when))
        if number % 23 == 4:
            (folder / "homework.docx").write_bytes(b"PK")
            os.utime(folder / "homework.docx", (when, when))


def _gradebook(term: Term) -> None:
    """Write what Canvas would export for this class."""
    with (term.folder / "gradebook.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Problem set 1 (77)"])
        writer.writerow(["    Points Possible", "", "", "", "", "50.00"])
        for number, name in enumerate(term.names):
            writer.writerow([f"{name[1:]}, Student", 9000 + number, name, f"login{number}", "A", ""])


def exported(term: Term) -> dict[str, float]:
    """Return student → points in the exported file."""
    with (term.folder / "import.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["SIS User ID"]: float(row["Problem set 1 (77)"]) for row in csv.DictReader(file) if row["ID"]}


def seen(term: Term) -> dict[str, str]:
    """Return student → the line with the total in the feedback."""
    feedback = term.folder / "results" / "feedback"
    texts = {name: (feedback / f"{name}.txt").read_text(encoding="utf-8") for name in term.names}
    lines = {name: text.split("\n")[::-1] for name, text in texts.items()}
    return {name: next(each for each in found if each.startswith("Total")) for name, found in lines.items()}


def records(term: Term) -> dict[str, dict[str, object]]:
    """Return student → the line of grades.jsonl."""
    lines = (term.folder / "results" / "grades.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["student"]: record for record in map(json.loads, lines)}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the size of the class."""
    parser.add_argument("--term-students", type=int, default=300, metavar="N", help="term: students (default: 300)")


def run(args: argparse.Namespace) -> Table:
    """Run a term and return its times."""
    os.environ.setdefault("HANDGRAD_KEY", "the key of this benchmark")
    with TemporaryDirectory() as folder:
        term = Term(Path(folder), args.term_students)
        run_term(term)
        total, lines = exported(term), seen(term)
    told = {name: float(line.split()[1].partition("/")[0]) for name, line in lines.items()}
    equal = sum(abs(told[name] - points) < 0.00501 for name, points in total.items())
    rows = tuple((step, digits(seconds)) for step, seconds in term.seconds.items())
    note = f"{equal} of {args.term_students} totals in the feedback are those of the exported file"
    return Table(f"{args.term_students} students, {len(EXERCISES)} exercises", ("step", "seconds"), rows, (note,))
