"""Soundness: a spec that would check nothing, or fail in the middle of a batch, is refused when it is loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.checks import CHECKS
from autograder.errors import CourseError
from autograder.spec.draw import normal
from autograder.spec.exercise import Exercise, alternative, layer, mistake, plain
from autograder.spec.function import Function, Speed, case
from autograder.spec.lint import check_exercise
from tests.engine.coursework import copy_scale, edit
from tests.engine.desks import SQUARE, double, drift, square_backward, square_forward

FOLDER = Path("solutions/01_a/b")
ONE = case("one", x=normal(2))


def refuse(exercise: Exercise, words: str) -> None:
    """The spec is refused with exactly these words."""
    with pytest.raises(CourseError, match=f"^{re.escape(f'{FOLDER}/spec.py: {words}')}$"):
        check_exercise(exercise, FOLDER, ["dense", "relu"], CHECKS)


def test_every_tiny_spec_is_sound(tiny):
    """Loading an exercise checks it."""
    for name in tiny.names:
        check_exercise(tiny.exercise(name), FOLDER, tiny.names, CHECKS)


def test_a_function_without_cases_is_refused():
    """It would be skipped for every student."""
    refuse(plain(Function(double, {"out": 1})), "double has no cases, so nothing checks it. Add some to cases=[...].")


def test_points_that_nothing_can_earn_are_refused():
    """Stability without a stable case would be a gift, speed without a ladder a loss."""
    refuse(
        plain(Function(double, {"out": 1}, stability=1), cases=[ONE]),
        "double has points for stability and no stable cases. Add some to stable=[...].",
    )
    refuse(
        plain(Function(double, {"out": 1}, speed=1), cases=[ONE]),
        "double has points for speed and nothing is timed. Add speed=Speed(...).",
    )


def test_two_cases_of_one_name_are_refused():
    """An answer is remembered by the case's name: the second would never be asked. Stable cases count too."""
    words = "double has two cases named “one”, and only one would be asked. Rename one."
    refuse(plain(Function(double, {"out": 1}), cases=[ONE, case("one", x=normal(3))]), words)
    refuse(plain(Function(double, {"out": 1}, stability=1), cases=[ONE], stable=[case("one", x=normal(3))]), words)


def test_a_draw_that_no_function_takes_is_refused():
    """A hyperparameter misspelt would silently keep its default."""
    state = {"w": normal(2), "v": normal(2)}
    refuse(
        plain(Function(drift, {"w": 1, "v": 1}), cases=[case("one", **state, rl=0.1)]),
        "case “one” draws rl, which no function takes. Did you mean lr?",
    )


def test_a_missing_draw_is_refused():
    """In a case, and in a size that is timed."""
    refuse(
        plain(Function(drift, {"w": 1, "v": 1}), cases=[case("one", w=normal(2))]),
        "case “one” does not draw v, which drift takes. Add v=… to it.",
    )
    refuse(
        plain(Function(double, {"out": 1}, speed=1), cases=[ONE], speed=Speed((case("large"),))),
        "case “large” does not draw x, which double takes. Add x=… to it.",
    )


def test_dout_is_drawn_for_a_backward_and_for_nobody_else():
    """A layer's case needs no dout; a plain function's does."""
    check_exercise(SQUARE, FOLDER, [], CHECKS)
    refuse(
        plain(Function(square_backward, {"dx": 1}), cases=[ONE]),
        "case “one” does not draw dout, which square_backward takes. Add dout=… to it.",
    )


def test_a_judge_of_no_output_is_refused():
    """Misspelt, it would never be asked, and right answers at a kink would fail."""
    cases = [case("kink", accept={"dX": lambda inputs, dx: None}, x=normal(2))]
    exercise = layer(Function(square_forward, {"out": 1}), Function(square_backward, {"dx": 1}), cases=cases)
    refuse(exercise, "case “kink” accepts a dX, which no function returns. Did you mean dx?")


def test_an_unknown_requirement_is_refused():
    """With the nearest exercise."""
    refuse(
        plain(Function(double, {"out": 1}), cases=[ONE], requires=("relu", "dens")),
        "it requires dens, which is no exercise. Did you mean dense?",
    )


@pytest.mark.parametrize("mark", [mistake, alternative])
def test_code_for_another_function_is_refused(mark):
    """A mistake in a function that is not there would never run, nor would an alternative be tried."""

    @mark("square_forwrad")
    def odd(x):
        """A hint."""

    field = "mistakes" if mark is mistake else "alternatives"
    exercise = Exercise(SQUARE.functions, **{field: (odd,)})
    words = f"{FOLDER}: odd answers square_forwrad, which the exercise does not have. Did you mean square_forward?"
    with pytest.raises(CourseError, match=f"^{re.escape(words)}$"):
        check_exercise(exercise, FOLDER, [], CHECKS)


def test_the_catalog_asks(tmp_path):
    """A fault in a file stops the loading, with the file's path."""
    course = copy_scale(tmp_path)
    edit(course, "spec.py", "x=normal(1, 4), w=normal(4)", "x=normal(1, 4), W=normal(4)")
    with pytest.raises(CourseError, match=r"spec\.py: case “batch of one” draws W, which .+ Did you mean w\?$"):
        course.exercise("scale")
    edit(course, "spec.py", "W=normal(4)", "w=normal(4)")
    edit(course, "mistakes.py", '@mistake("scale_forward")\ndef adds', '@mistake("scale")\ndef adds')
    with pytest.raises(CourseError, match=r"scale: adds answers scale, which the exercise does not have\."):
        course.exercise("scale")
