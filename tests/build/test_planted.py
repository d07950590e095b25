"""Tests of planted bugs: one text gives what students start from, each bug alone, and the repaired code."""

from __future__ import annotations

import pytest

from autograder.authoring.build.course import plan
from autograder.authoring.build.stub import TOLD, make_stub, partly_repaired, plant, read_planted, read_statement

SOLUTION = '''"""Scale."""

import numpy as np


def scale_backward(dout: np.ndarray, x: np.ndarray, *, by: float = 2.0) -> tuple[np.ndarray, float]:
    """Two bugs."""
    # BEGIN SOLUTION
    return dout * by, float(np.sum(dout * x))
    # END SOLUTION


def given(x):
    return x
'''

PLANTED = '''"""Scale: what students start from."""

import numpy as np


def scale_backward(dout, x, *, by=2.0):
    # BUG by_forgotten: dx = dout * by
    dx = dout
    # two sums
    # BUG mean_taken: dby = np.sum(dout * x)
    dby = np.mean(dout * x)
    return dx, float(dby)
'''

STUB = f'''"""Scale."""

import numpy as np


def scale_backward(dout: np.ndarray, x: np.ndarray, *, by: float = 2.0) -> tuple[np.ndarray, float]:
    """Two bugs."""
    raise NotImplementedError("write scale_backward")
    {TOLD}
    dx = dout
    # two sums
    dby = np.mean(dout * x)
    return dx, float(dby)


def given(x):
    return x
'''


def test_students_start_from_the_code_with_both_bugs() -> None:
    """The code follows a line that raises, so that the exercise counts as not begun, and has no marks."""
    assert make_stub(plant(SOLUTION, PLANTED)) == STUB


def test_without_planted_code_a_solution_stays_as_it_is() -> None:
    """`plant` returns a solution without planted code unchanged."""
    assert plant(SOLUTION, "") == SOLUTION


@pytest.mark.parametrize(
    ("left", "dx", "dby"),
    [
        (("by_forgotten", "mean_taken"), "dx = dout\n", "dby = np.mean(dout * x)"),
        (("by_forgotten",), "dx = dout\n", "dby = np.sum(dout * x)"),
        (("mean_taken",), "dx = dout * by\n", "dby = np.mean(dout * x)"),
        ((), "dx = dout * by\n", "dby = np.sum(dout * x)"),
    ],
)
def test_each_bug_can_be_left_alone(left, dx, dby) -> None:
    """Each bug can be kept alone; the raising line and its comment are removed."""
    text = partly_repaired(SOLUTION, PLANTED, left)
    assert dx in text and dby in text
    assert "raise" not in text and TOLD in text


def test_a_notebook_keeps_the_planted_code_behind_the_answer() -> None:
    """nbgrader, which replaces the answer between the markers, keeps the planted code."""
    (part, _) = read_statement(plant(SOLUTION, PLANTED)).parts
    after = part.code.partition("# END SOLUTION\n")[2]
    assert after.split("\n")[0].strip() == TOLD
    assert "dby = np.mean(dout * x)" in after and "BUG" not in after


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# BUG mean_taken: dby = np.sum(dout * x)\n    ", "", "it plants 1 bugs (by_forgotten), expected 2"),
        ("mean_taken", "by_forgotten", "it plants 2 bugs (by_forgotten, by_forgotten), expected 2 different ones"),
        ("# BUG mean_taken", "# BUG: mean_taken", "is no mark. Write '# BUG name: the right line'."),
        ("dx = dout\n", "dx = dout  # bug\n", "line 8: 'dx = dout  # bug' is no mark."),
        ("    # BUG by_f", "  # BUG by_f", "the mark of by_forgotten is not above a line that is indented like it"),
        ("dx = dout * by\n", "dx = dout *\n", "with no bug in it, line 8 is no Python: invalid syntax"),
        ("dby = np.mean(dout * x)\n", "dby = (\n", "with by_forgotten and mean_taken in it, line 11 is no Python"),
        ("def scale_backward(dout, x, *, by=2.0):", "for dout in ():", "it defines no function."),
        ("*, by=2.0", "by=2.0", "scale_backward(dout, x, by=2.0) is no function of the solution."),
        ("def scale", "def skale", "skale_backward(dout, x, *, by=2.0) is no function of the solution."),
        ("    # BUG by_f", '    """Doc."""\n    # BUG by_f', "scale_backward has a docstring, or its code on its"),
        ("    # two sums", "    # BEGIN SOLUTION", "it holds '# BEGIN SOLUTION' or '# END SOLUTION', which are"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(old, new, words) -> None:
    """Each error names the file, the place and the repair."""
    assert PLANTED.count(old) >= 1
    with pytest.raises(ValueError) as refused:
        plant(SOLUTION, PLANTED.replace(old, new))
    assert words in str(refused.value)
    assert str(refused.value).startswith("planted.py: ")


def test_a_build_names_the_folder(tmp_path) -> None:
    """The build names the folder whose planted.py is wrong."""
    folder = tmp_path / "solutions" / "01_a" / "scale"
    folder.mkdir(parents=True)
    (folder / "solution.py").write_text(SOLUTION)
    (folder / "planted.py").write_text(PLANTED.replace("# BUG mean", "#bug mean"))
    with pytest.raises(ValueError, match=r"^solutions/01_a/scale: planted\.py: line 10: '#bug mean_taken"):
        plan(tmp_path)
    (folder / "planted.py").write_text(PLANTED)
    (text,) = plan(tmp_path).values()
    assert TOLD in text and "# BUG" not in text


def test_the_bugs_know_their_names_and_lines() -> None:
    """Bugs are read with names and lines, in the order of the text."""
    found = read_planted(PLANTED)
    assert [(name, right.strip()) for name, (_, right) in found.bugs.items()] == [
        ("by_forgotten", "dx = dout * by"), ("mean_taken", "dby = np.sum(dout * x)"),
    ]  # fmt: skip
