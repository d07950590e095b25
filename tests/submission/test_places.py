"""Lines of a notebook's source are reported as cells and lines in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.catalog import Course
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.implementation import Absent, Raised, Stopped
from autograder.report.report import Finding
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.folder import read_submission
from autograder.submission.places import CellMap, LocatedImplementation, joined
from tests.engine.scripted import Scripted
from tests.submission.papers import notebook

TEXT = joined([(1, "a = 1"), (3, ""), (4, "b = 2\nc = 3")])


@pytest.mark.parametrize(
    ("line", "place"),
    [(0, (None, 0)), (1, (None, 1)), (2, (1, 1)), (3, (1, 2)), (4, (3, 1)), (5, (3, 2)), (6, (4, 1)), (7, (4, 2)),
     (9, (4, 4))],
)
def test_a_line_is_found_in_its_cell(line: int, place: tuple[int | None, int]) -> None:
    """A line is found in its cell; the line after a cell belongs to that cell."""
    assert place == CellMap(TEXT).place(line)


@given(st.lists(st.text(st.sampled_from("a\n# %[]"), max_size=9), max_size=5))
def test_every_line_of_every_cell_is_found(cells: list[str]) -> None:
    """Every line of every cell is found, unless a cell imitates a mark."""
    text = joined(enumerate(cells, 1))
    lines = text.split("\n")

    for number, cell in enumerate(cells, 1):
        for line, words in enumerate(cell.split("\n"), 1):
            assert (number, line) in {CellMap(text).place(i) for i, found in enumerate(lines, 1) if found == words}


def test_answers_speak_of_cells() -> None:
    """Lines in exceptions, syntax errors and messages become lines of cells; all else is unchanged."""
    raised = Raised("ValueError", "no", 7)
    absent = Absent("syntax", "expected an indented block after function definition on line 6", 7)
    answers = {"f": raised, "g": Stopped("time"), "h": Raised("ValueError")}
    implementation = LocatedImplementation(Scripted(answers, {"f": absent}), TEXT, "a.ipynb")

    assert implementation.call("f", (), {}, names=(), seconds=1) == Raised("ValueError", "no", 2, cell=4)
    assert implementation.call("g", (), {}, names=(), seconds=1) == Stopped("time")
    assert implementation.call("h", (), {}, names=(), seconds=1) == Raised("ValueError")
    words = "expected an indented block after function definition in cell 4, line 1"
    assert implementation.describe("f") == Absent("syntax", words, 2, 4)
    assert implementation.call_many.__self__ is implementation and implementation.timing_fault() == ""


def test_a_file_s_lines_are_its_own() -> None:
    """Comments that look like marks are ignored in a .py file."""
    raised = Raised("ValueError", "no", 7)

    assert LocatedImplementation(Scripted({"f": raised}), TEXT, "a.py").call("f", (), {}, names=(), seconds=1) == raised


@pytest.mark.parametrize("origin", ["a.py", "a.ipynb"])
def test_a_line_that_is_not_there_is_not_told(origin: str) -> None:
    """A line beyond the text is removed, because the student's process can report any number."""
    forged = Raised("ValueError", "no", 271_828)

    found = LocatedImplementation(Scripted({"f": forged}), TEXT, origin).call("f", (), {}, names=(), seconds=1)

    assert found == Raised("ValueError", "no")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("local", Limits(call_seconds=0.3, import_seconds=0.3)) as opened:
        yield opened


FORWARD = "def scale_forward(x, w):\n    return x * w"
BACKWARD = "def scale_backward(dout, x, w):\n    return dout * w, (dout * x).sum(axis=0)"


@pytest.fixture
def grade(sandbox: Sandbox, tiny: Course, tmp_path):
    """Return grade(*cells): the findings on scale, without speed."""

    def run(*cells: object) -> tuple[Finding, ...]:
        (tmp_path / "alice.ipynb").write_bytes(notebook(*cells))  # type: ignore[arg-type]
        submission = read_submission(tmp_path / "alice.ipynb", {"scale": ("scale_forward", "scale_backward")})
        options = Options(skip=frozenset({"speed"}))
        return Grader(sandbox, options).grade(submission, [tiny.exercise("scale")]).exercises[0].findings

    return run


def statuses(findings: tuple[Finding, ...]) -> dict[str, set[str]]:
    """Return the statuses of the findings of each function."""
    return {name: {f.status for f in findings if f.function == name} for name in ("scale_forward", "scale_backward")}


RIGHT = {"scale_forward": {"passed"}, "scale_backward": {"passed"}}


@pytest.mark.parametrize(
    "noise",
    [
        "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()",
        "from autograder import check, plots",
        "check('scale')\n%check scale",
        "from autograder import (\n    check,\n)\n"
        "from autograder.frontends.notebook import grade as check\ncheck('scale')",
        "name = input('your name? ')",
        "raise ValueError('not yet')",
        "assert scale_forward(1, 2) == 3",
        "def broken(:\n    '''",
        "1 / 0",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "display(scale_forward)",
        "import sys; sys.exit()",
        "files = !ls\nfiles[0]",
        "%%bash\nrm -rf *",
        "### BEGIN HIDDEN TESTS\nassert scale_forward is None\n### END HIDDEN TESTS",
        "print('x' * 1000)",
        "while True:\n    pass",
        "raise NotImplementedError",
        "await x",
        "exit()",
    ],
)
def test_what_else_stands_in_a_notebook_costs_nothing(noise: str, grade) -> None:
    """Other cells before, between and after the answers change nothing."""
    assert statuses(grade(noise, FORWARD, noise, BACKWARD, noise)) == RIGHT


def test_the_last_of_two_definitions_is_graded(grade) -> None:
    """A later definition replaces an earlier one, as in the notebook."""
    wrong = FORWARD.replace("*", "+")

    assert statuses(grade(wrong, BACKWARD, FORWARD)) == RIGHT
    assert "failed" in statuses(grade(FORWARD, BACKWARD, wrong))["scale_forward"]


def test_a_finding_names_the_cell(grade) -> None:
    """An exception and a syntax error are reported at the student's cell and line."""
    findings = grade("import numpy as np", "", "%time x = 1\n" + FORWARD + " @ 'x'", BACKWARD + " +\n")

    raised = next(f for f in findings if f.function == "scale_forward" and f.status == "error")
    absent = next(f for f in findings if f.function == "scale_backward" and f.status == "error")
    assert (raised.cell, raised.line) == (2, 3)
    assert "in cell 2, line 3" in raised.message
    assert (absent.cell, absent.line) == (3, 2)
    assert absent.message.endswith("in cell 3, line 2. The other functions were graded.")
