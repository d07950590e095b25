"""Notebooks in every usual state are graded as their code deserves."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course.catalog import Course
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.report.report import ExerciseReport
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.folder import read_submission
from tests.submission.papers import code, graded, notebook, text

FORWARD = "def scale_forward(x, w):\n    return times(x, w)"
HELPER = "def times(x, w):\n    return x * w"
BACKWARD = "def scale_backward(dout, x, w):\n    return times(dout, w), (dout * x).sum(0)"
WRONG = FORWARD.replace("times(x, w)", "x + w")
RIGHT = (
    text("# scale"), "import numpy as np", graded("scale-helper", HELPER), graded("scale-scale_forward", FORWARD),
    graded("scale-scale_backward", BACKWARD), graded("scale-check", 'check("scale")'),
)  # fmt: skip
PLOT = "import matplotlib.pyplot as plt\nplt.plot(scale_forward(np.ones((2, 2)), np.ones(2)))\nplt.show()"
ASKS = "n = int(input('how many? '))\nfor i in range(n):\n    print(i)"
IMAGE = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 1000}}]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("local") as sandbox:
        yield sandbox


def verdict(path: Path, tiny: Course, sandbox: Sandbox) -> ExerciseReport:
    """Return the verdict on `scale`, without speed."""
    submission = read_submission(path, tiny.functions)
    return Grader(sandbox, Options(skip=frozenset({"speed"}))).grade(submission, [tiny.exercise("scale")]).exercises[0]


def write(root: Path, *cells: Any, name: str = "02_layers.ipynb") -> Path:
    (root / name).write_bytes(notebook(*cells))
    return root / name


def stripped(cells: tuple[Any, ...]) -> list[Any]:
    """Return the notebook's sources without ids, metadata and headings."""
    sources = [cell if isinstance(cell, str) else cell["source"] for cell in cells if cell is not RIGHT[0]]
    return [{"cell_type": "code", "source": source} for source in sources]


@pytest.mark.parametrize(
    "cells",
    [
        RIGHT, stripped(RIGHT), RIGHT[::-1], (*RIGHT, *RIGHT), (RIGHT[0], RIGHT[4], RIGHT[3], RIGHT[2]),
        ("%matplotlib inline\n!pip install x\n%load_ext autograder", *RIGHT, "%timeit scale_forward(1, 2)\n?times"),
        (f"%%time\n{HELPER}\n{FORWARD}\n%pip list\n{BACKWARD}", "%%bash\nrm -r x", "%%writefile a.py\nx = ("),
        (ASKS, *RIGHT), (*RIGHT[:2], PLOT, *RIGHT[2:], code(PLOT, outputs=IMAGE)),
        ("1 / 0", "undefined(3)", "raise SystemExit(1)", *RIGHT), (WRONG, *RIGHT), (f"{WRONG}\n{FORWARD}", *RIGHT[2:]),
        (*RIGHT[:3], WRONG, *RIGHT[3:], "def scale_forward(x, w:\n    return x"), ("x = (", *RIGHT, "for"),
        ("class Stop(BaseException): ...\nraise Stop", *RIGHT),
        ("import torch\nfrom google.colab import drive\ndrive.mount('/x')", *RIGHT),
    ],
    ids=[
        "as handed out", "metadata stripped", "moved: backwards", "duplicated", "helper last, no check",
        "magics", "cell magics", "input()", "plots", "raises before", "defined twice", "defined twice in a cell",
        "wrong between, broken last", "not Python around it", "raises what nobody catches",
        "modules that are not there",
    ],
)  # fmt: skip
def test_right_stays_right(cells: Any, tmp_path: Path, tiny: Course, sandbox: Sandbox) -> None:
    """A right notebook gets full points in every state."""
    found = verdict(write(tmp_path, *cells), tiny, sandbox)

    assert (found.status, found.score) == ("passed", found.max_score), found.findings


@pytest.mark.parametrize("name", ["Untitled (1).ipynb", "übung ２.ipynb", "scale.ipynb", "x-Copy1.ipynb", "a.IPYNB"])
def test_renamed(name: str, tmp_path: Path, tiny: Course, sandbox: Sandbox) -> None:
    """A renamed notebook is found by its content."""
    write(tmp_path, *RIGHT, name=name)

    assert verdict(tmp_path, tiny, sandbox).status == "passed"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([*RIGHT, WRONG], "scale_forward"), ((*RIGHT[:3], RIGHT[4]), "scale_forward"),
        ((*RIGHT[:3], code(f"%%html\n{FORWARD}"), RIGHT[4]), "scale_forward"),
        ((*RIGHT, "scale_forward = input()"), ""),
    ],
    ids=["the last is wrong", "its cell is deleted", "its cell is no Python", "asked for"],
)  # fmt: skip
def test_only_what_is_wrong_is_lost(cells: Any, message: str, tmp_path: Path, tiny: Course, sandbox: Sandbox) -> None:
    """A wrong function loses only its own points, and a failing line keeps earlier definitions."""
    found = verdict(write(tmp_path, *cells), tiny, sandbox)

    wrong = {finding.function for finding in found.findings if finding.status != "passed"}
    assert wrong == ({message} if message else set()), found.findings
    assert all(f.score == f.max_score for f in found.findings if f.function == "scale_backward")


def test_outputs_of_a_hundred_megabytes(tmp_path: Path, tiny: Course, sandbox: Sandbox) -> None:
    """Large outputs take at most twice the file's bytes of memory and do not change the hash."""
    small = write(tmp_path, *RIGHT, name="small.ipynb")
    head, mark, tail = json.dumps(json.loads(notebook(*RIGHT, code("x = 1", outputs=["HERE"])))).partition('"HERE"')
    assert mark
    large = tmp_path / "large.ipynb"
    with large.open("w", encoding="ascii") as file:
        file.write(head + '{"data": {"image/png": "')
        for _ in range(100):
            file.write("iVBORw0K" * (1 << 17))
        file.write('"}}' + tail)

    tracemalloc.start()
    found = read_submission(large, tiny.functions)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found.module is not None
    assert found.module.text.startswith(read_submission(small, tiny.functions).module.text)  # type: ignore[union-attr]
    assert large.stat().st_size > 100 << 20 and peak < 2.2 * large.stat().st_size
    assert verdict(large, tiny, sandbox).status == "passed"
