"""Equal wrong answers that nothing explains bear the same mark, whatever hidden inputs each of them met."""

from __future__ import annotations

import pytest

from autograder.course.catalog import Course
from autograder.grading.grader import Answer, Grader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options
from autograder.sandbox import Sandbox

TEXT = """
import numpy as np

def scale_forward(x, w):
    return {formula}

def scale_backward(dout, x, w):
    return dout * w, np.sum(dout * x, axis=0)
"""


@pytest.fixture(scope="module")
def answers(tiny: Course, tmp_path_factory: pytest.TempPathFactory):
    """formula → the marks of the wrong outputs of scale_forward."""
    options = Options(key="k", skip=frozenset({"speed"}))
    with Sandbox() as sandbox:
        grader = Grader(sandbox, options)

        def run(formula: str) -> list[str | None]:
            text = TEXT.format(formula=formula)
            graded = grader.grade_answer(tiny.exercise("scale"), Answer(text, identity(text)))
            return [finding.answer for finding in graded.findings if finding.status == "failed"]

        yield run


def test_the_same_wrong_answer_bears_the_same_mark(answers) -> None:
    """Written another way and asked other questions, it still gives the same numbers."""
    first, second = answers("x * w + 0.25 * x ** 3"), answers("w * x + x * x * x / 4")
    assert first == second
    assert all(first)


def test_other_wrong_answers_bear_other_marks(answers) -> None:
    """One constant makes another answer."""
    assert answers("x * w + 0.25 * x ** 3") != answers("x * w + 0.5 * x ** 3")


@pytest.mark.parametrize("formula", ["x + w", "x * 0.0", "x * w * np.nan"])
def test_what_is_common_bears_no_mark(answers, formula: str) -> None:
    """A known mistake has its name already; zeros and NaN are nobody's own."""
    assert set(answers(formula)) == {None}


def test_right_answers_bear_none(answers) -> None:
    """There is nothing wrong to be compared."""
    assert answers("x * w") == []


