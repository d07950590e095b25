"""Tests of the mark of an unexplained wrong answer, which does not depend on the hidden inputs."""

from __future__ import annotations

import pytest

from autograder.course.catalog import Course
from autograder.grading.grader import Answer, Grader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options
from autograder.sandbox.sandbox import Sandbox

TEXT = """
import numpy as np

def scale_forward(x, w):
    return {formula}

def scale_backward(dout, x, w):
    return dout * w, np.sum(dout * x, axis=0)
"""


@pytest.fixture(scope="module")
def answers(tiny: Course, tmp_path_factory: pytest.TempPathFactory):
    """Return formula → marks of the wrong outputs of scale_forward."""
    options = Options(key="k", skip=frozenset({"speed"}))
    with Sandbox() as sandbox:
        grader = Grader(sandbox, options)

        def run(formula: str) -> list[str | None]:
            text = TEXT.format(formula=formula)
            graded = grader.grade_answer(tiny.exercise("scale"), Answer(text, identity(text)))
            return [finding.answer for finding in graded.findings if finding.status == "failed"]

        yield run


def test_the_same_wrong_answer_bears_the_same_mark(answers) -> None:
    """Two programs with equal outputs have equal marks, although their hidden inputs differ."""
    first, second = answers("x * w + 0.25 * x ** 3"), answers("w * x + x * x * x / 4")
    assert first == second
    assert all(first)


def test_other_wrong_answers_bear_other_marks(answers) -> None:
    """Another constant gives another mark."""
    assert answers("x * w + 0.25 * x ** 3") != answers("x * w + 0.5 * x ** 3")


@pytest.mark.parametrize("formula", ["x + w", "x * 0.0", "x * w * np.nan"])
def test_what_is_common_bears_no_mark(answers, formula: str) -> None:
    """Known mistakes, zeros and NaN have no mark."""
    assert set(answers(formula)) == {None}


def test_right_answers_bear_none(answers) -> None:
    """A right answer has no mark."""
    assert answers("x * w") == []


