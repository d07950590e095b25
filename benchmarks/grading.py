"""Cost of grading one submission: ten checks, all right, from the files to the verdict on disk.

Whole-process CPU time, children included, one BLAS thread everywhere.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.answers import right_answers
from benchmarks.cells import PREAMBLE, cells
from benchmarks.nbgrader_course import NotebookCourse
from benchmarks.repetition import interleave
from benchmarks.table import Table, digits, times
from benchmarks.usage import ROOT, Usage, measure, missing

_ROUNDS = 3
NBGRADER, PYTEST = "nbgrader autograde", "pytest, a process each"
Grade = Callable[[int], Usage]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of a submission: CPU of the whole run divided by all, CPU and wall time of one additional student.
    """

    whole: float
    cpu: float
    wall: float


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --students and --nbgrader-python."""
    parser.add_argument("--students", type=int, default=20, metavar="N", help="grading: size of the class (20)")
    parser.add_argument(
        "--nbgrader-python", default=sys.executable, metavar="PATH", help="grading: a Python with nbgrader (this one)"
    )


def run(args: argparse.Namespace) -> Table:
    """Measure CPU and wall time per submission, and the ratios to nbgrader and pytest."""
    rounds = args.rounds or _ROUNDS
    why = missing(args.nbgrader_python, "nbgrader")
    with TemporaryDirectory(prefix="handgrad-") as name:
        graders = _ours(Path(name), args.students) | {PYTEST: _pytest(Path(name))}
        if not why:
            graders[NBGRADER] = NotebookCourse(Path(name) / "course", args.students, args.nbgrader_python).grade
        costs = _measure(graders, args.students, rounds)
    notes = [
        f"Class: the whole run of {args.students} students, shared by all. Next: one student more, without the start.",
        f"× pytest, × nbgrader: their CPU time over this one's. Medians of {rounds} interleaved runs.",
    ]
    if why:
        notes.append(f"nbgrader is not here ({why}): install the extra with `pip install .[jupyter]`,")
        notes.append("or name a Python that has it with --nbgrader-python.")
    columns = ("ten checks, all right", "CPU ms\nclass", "CPU ms\nnext", "wall ms\nnext", "per second\nand core")
    ratios = ("× nbgrader\nclass", "× nbgrader\nnext", "× pytest\nnext")
    return Table("grading: one submission", columns + ratios, tuple(_row(costs, each) for each in costs), tuple(notes))


def _ours(folder: Path, students: int) -> dict[str, Grade]:
    right_answers(folder / "class", students)

    def grader(tier: str, *skip: str) -> Grade:
        command = [sys.executable, "-m", "benchmarks.grader", str(folder / "class")]
        return lambda count: measure([*command, str(count), tier, *skip], ROOT)

    return {
        "sealed, without speed": grader("sealed", "speed"),
        "sealed, with speed": grader("sealed"),
        "guarded, without speed": grader("guarded", "speed"),
    }


def _pytest(folder: Path) -> Grade:
    """Run one process per submission, so that every student costs as much as the first."""
    home = right_answers(folder / "pytest", 1)[0]
    tests = [f"def test_{name}():\n    from answers import {name}\n{_indent(code)}" for name, code in cells().items()]
    joined = "\n".join(path.read_text(encoding="utf-8") for path in sorted(home.glob("*.py")))
    (home / "answers.py").write_text(joined, encoding="utf-8")
    (home / "test_ten.py").write_text("\n\n".join((PREAMBLE, *tests)), encoding="utf-8")
    (home / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n", encoding="utf-8")
    env = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return lambda count: measure([sys.executable, "-m", "pytest", "-q", "test_ten.py"], home, env)


def _indent(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.splitlines())


def _measure(graders: dict[str, Grade], students: int, rounds: int) -> dict[str, Cost]:
    """Measure each grader with one student, and with all of them."""
    actions = {
        (name, count): lambda grade=grade, count=count: grade(count)
        for name, grade in graders.items()
        for count in ([1] if name == PYTEST else [1, students])
    }
    found = interleave(actions, rounds)
    return {name: _cost(found[name, 1], found.get((name, students)), students) for name in graders}


def _cost(alone: list[Usage], whole: list[Usage] | None, students: int) -> Cost:
    cpu, wall = 1000 * median(use.cpu for use in alone), 1000 * median(use.wall for use in alone)
    if whole is None:
        return Cost(cpu, cpu, wall)
    all_cpu, all_wall = 1000 * median(use.cpu for use in whole), 1000 * median(use.wall for use in whole)
    further = students - 1
    return Cost(all_cpu / students, (all_cpu - cpu) / further, (all_wall - wall) / further)


def _row(costs: dict[str, Cost], name: str) -> tuple[str, ...]:
    mine, nbgrader, pytest = costs[name], costs.get(NBGRADER), costs[PYTEST]
    over = (times(nbgrader.whole / mine.whole), times(nbgrader.cpu / mine.cpu)) if nbgrader else ("–", "–")
    spent = map(digits, (mine.whole, mine.cpu, mine.wall, 1000 / mine.cpu))
    return (name, *spent, *over, times(pytest.cpu / mine.cpu))
