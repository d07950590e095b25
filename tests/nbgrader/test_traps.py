"""Tests of seven traps: the real nbgrader alone is caught, and our course is not (docs/nbgrader.md)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import grammars
from tests.nbgrader.conftest import UNIT, Alone, Released, grades, with_cell, with_copy, with_new

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

DOUBLE = "def double(x):\n    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION"
TEST = "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(0.1234) == 0.2468\n### END HIDDEN TESTS"
NBGRADER = f"{grammars.WITHOUT}from nbgrader.apps.nbgraderapp import main\nmain()"
FULL = {"mean_square-check": 7.5, "scale-check": 8.5, "softplus-check": 3.0}


def points(course: Released) -> dict[str, float]:
    """Return check → its points."""
    facts = [cell["metadata"].get("nbgrader", {}) for cell in course.stub["cells"]]
    return {fact["grade_id"]: fact["points"] for fact in facts if fact.get("grade")}


def test_numpy_s_numbers(alone: Alone, ours: Released) -> None:
    """In nbgrader an np.float64 counts as full marks; ours is a plain float with the right value."""
    naive = alone(DOUBLE, "import numpy as np\nnp.mean([1.0, 0.0]) * 2")
    naive.submit("half", naive.right)
    assert naive.autograde("half")["success"]
    assert {"test": 2.0} == naive.scores("half")  # np.float64(1.0) was meant

    ours.submit("half", with_cell(ours.right, "scale-scale_forward", lambda code: code.replace("x * w", "x + w")))
    assert ours.autograde("half")["success"]
    assert {**points(ours), "scale-check": 5.5} == ours.scores("half")


def test_warnings(alone: Alone, ours: Released) -> None:
    """In nbgrader a right answer that warns gets nothing, because stderr is an error; ours suppresses the warning."""
    warning = "import numpy as np\ndef double(x):\n    np.log(np.zeros(1))\n    return 2 * x"
    naive = alone(DOUBLE, TEST)
    naive.submit("warns", with_cell(naive.stub, "answer", lambda _: warning))
    assert naive.autograde("warns")["success"]
    assert {"test": 0.0} == naive.scores("warns")

    noisy = "np.log(np.zeros(1))\n    return"
    ours.submit("warns", with_cell(ours.right, "scale-scale_forward", lambda code: code.replace("return", noisy)))
    assert ours.autograde("warns")["success"]
    assert points(ours) == ours.scores("warns")


def test_a_kill(alone: Alone, tmp_path: Path) -> None:
    """After a kill nbgrader exports a zero like any other."""
    started = tmp_path / "started"
    os.mkfifo(started)
    naive = alone(DOUBLE, TEST)
    wait = f"open({str(started)!r}, 'w').close()\nimport signal\nsignal.pause()"
    naive.submit("killed", with_cell(naive.right, "answer", lambda code: f"{code}\n{wait}"))
    command = [sys.executable, "-W", "ignore", "-c", NBGRADER, "autograde", naive.assignment]
    process = subprocess.Popen(
        command, cwd=naive.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    with started.open():  # until the student's cell has been reached
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    from nbgrader.plugins import CsvExportPlugin

    naive.export(CsvExportPlugin, tmp_path / "grades.csv")
    assert (0.0, 2.0) == grades(tmp_path / "grades.csv")["killed"]


def test_a_copied_cell(alone: Alone, ours: Released) -> None:
    """A copied test cell stops nbgrader with a message about old formats; ours grades the last copy."""
    naive = alone(DOUBLE, TEST)
    naive.submit("twice", with_copy(naive.right, "test"))
    done = naive.autograde("twice")
    assert not done["success"] and "old version" in done["log"]

    ours.submit("twice", with_copy(with_copy(ours.right, "scale-check"), "scale-scale_forward"))
    done = ours.autograde("twice")
    assert done["success"] and "scale-check is there twice; the last one counts." in done["log"]
    assert points(ours) == ours.scores("twice")


def test_hidden_tests(alone: Alone, ours: Released, tiny_course) -> None:
    """nbgrader's feedback shows the hidden tests; our notebooks contain none."""
    naive = alone(DOUBLE, TEST)
    naive.submit("curious", naive.stub)
    naive.autograde("curious")
    assert "0.2468" in naive.feedback("curious")

    wrong = "def scale_forward(x, w):\n    return x"
    ours.submit("curious", with_cell(ours.stub, "scale-scale_forward", lambda _: wrong))
    ours.autograde("curious")
    page = ours.feedback("curious")
    assert "scale_forward" in page and "failed" in page
    secrets = [line.strip() for path in tiny_course.root.rglob("*.py") for line in path.read_text().splitlines()]
    given = "".join("".join(cell["source"]) for cell in ours.stub["cells"])
    telling = {line for line in secrets if len(line) > 25 and line not in given and not line.startswith('"""')}
    hints = {line for line in telling if line.rstrip('"') in page}
    assert len(telling) > 50 and hints == set()


def test_modules_of_the_student(alone: Alone, ours: Released) -> None:
    """nbgrader replaces a student's module by the instructor's file of that name; ours grades the student's."""
    naive = alone("from answers import double", "assert double(2) == 4")
    home = naive.folder / "source" / naive.assignment
    (home / "answers.py").write_text("def double(x):\n    return 2 * x\n")
    naive.submit("wrong", naive.right, {"answers.py": "def double(x):\n    return 3 * x\n"})
    assert naive.autograde("wrong")["success"]
    assert {"test": 2.0} == naive.scores("wrong")

    ours.submit("wrong", ours.right, {"softplus.py": "def softplus(x):\n    return x\n"})
    assert ours.autograde("wrong")["success"]
    assert {**points(ours), "softplus-check": 0.0} == ours.scores("wrong")


def test_a_dead_kernel(alone: Alone, ours: Released) -> None:
    """In nbgrader a cell that ends its kernel leaves no score; ours runs no kernel."""
    naive = alone(DOUBLE, TEST)
    naive.submit("dead", with_new(naive.right, "import os\nos._exit(1)", place=0))
    assert not naive.autograde("dead")["success"]
    assert {"test": None} == naive.scores("dead")

    ours.submit("dead", with_new(ours.right, "import os\nos._exit(1)"))
    assert ours.autograde("dead")["success"]
    assert points(ours) == ours.scores("dead")


def test_the_unit_is_what_the_traps_assume(ours: Released) -> None:
    """The unit has three checks with their points."""
    assert {f"{name}-check" for name in ("mean_square", "scale", "softplus")} == set(points(ours))
    assert ours.assignment == UNIT
