"""`handgrad hint` as a student meets it: step by step, remembered, and forgotten on request."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from autograder.course.catalog import Course
from autograder.diagnosis.hint import speed_steps
from autograder.report.report import Finding
from tests.cli.forked import run

COURSE = Course(Path(__file__).parents[2])
TINY = Path(__file__).parents[1] / "tiny"
WRONG = """
def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, (dout * x).mean(0)
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A student's folder with a wrong answer in it."""
    (tmp_path / "scale.py").write_text(WRONG, encoding="utf-8")
    return tmp_path


def hint(files: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run("hint", *words, "--course", TINY, "--path", files)


def steps(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The titles of the steps that were shown."""
    return [line[3:] for line in done.stdout.splitlines() if line[:1].isdigit() and line[1:3] == "  "]


def test_hints_come_one_at_a_time_and_are_remembered(files: Path) -> None:
    """Each call adds a step; --reset begins again; another mistake has a ladder of its own; a right answer has none."""
    first = hint(files, "scale")
    assert first.returncode == 0, first.stderr
    assert steps(first) == ["What differs", "Which term"]
    assert "→ handgrad hint scale   2 more steps" in first.stdout
    assert steps(hint(files, "scale"))[-1] == "The formula, with a hole"
    assert steps(hint(files, "scale"))[-1] == "A case for paper"
    assert json.loads((files / ".handgrad" / "hints.json").read_text(encoding="utf-8"))["scale"]["told"] == 4
    assert (files / ".handgrad" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert len(steps(hint(files, "scale", "--reset"))) == 2
    (files / "scale.py").write_text(WRONG.replace("mean(0)", "sum(1)"), encoding="utf-8")
    assert steps(hint(files, "scale")) == ["What differs", "The formula, with a hole"]
    (files / "scale.py").write_text(WRONG.replace("mean(0)", "sum(0)"), encoding="utf-8")
    assert hint(files, "scale").stdout == "scale passes: there is nothing to hint at.\n"


def test_all_at_once_and_a_record_that_is_damaged(files: Path) -> None:
    """A damaged record costs a repetition; a folder that cannot be written to costs the memory."""
    (files / ".handgrad").mkdir()
    (files / ".handgrad" / "hints.json").write_text("[" * 5000, encoding="utf-8")
    assert len(steps(hint(files, "scale"))) == 2
    assert len(steps(hint(files, "scale", "--all"))) == 4


def test_before_anything_is_written(files: Path) -> None:
    """The formula first, and no word of a failure."""
    (files / "scale.py").write_text("def scale_forward(x, w):\n    raise NotImplementedError\n", encoding="utf-8")
    done = hint(files, "scale")
    assert done.stdout.startswith("scale_forward is not written yet.\n\n1  The formula, with a hole\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tiny"], "tiny is a unit of 6 exercises. Name one of them: "),
        (["scal"], "there is no exercise or unit named scal. Did you mean scale?"),
        ([], "the following arguments are required: NAME"),
    ],
)
def test_what_cannot_be_hinted_at_is_refused(files: Path, words: list[str], message: str) -> None:
    """Exit code 2 and the repair."""
    done = hint(files, *words)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_slow_answer_has_steps_too() -> None:
    """How loops are replaced, and for a function with windows how all of them are had at once."""
    found = Finding("speed", "f", "slow", message="f is right and slow.")
    plain = speed_steps(found, COURSE.exercise("dense").function("dense_forward"))
    windows = speed_steps(found, COURSE.exercise("conv2d").function("conv2d_forward"))
    titles = [step.partition("\n")[0] for step in windows]
    assert titles == ["What differs", "Where the time goes", "All windows at once"]
    assert plain == windows[:2]
