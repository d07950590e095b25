"""The steps that the course's long exercises name lead from the inputs to the outputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checks.steps import expected_steps
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.pipeline import run_checks
from autograder.sandbox.inprocess import InProcess

COURSE = Course(Path(__file__).parents[2])
NAMED = ("batchnorm", "batchnorm2d", "softmax_cross_entropy", "mlp_backprop", "cnn_backprop")


def stepped():
    """Function and exercise of every one that names steps."""
    for name in NAMED:
        exercise = COURSE.exercise(name)
        yield from ((exercise, function) for function in exercise.functions if function.steps)


def test_the_long_ones_name_steps():
    """Each of them, in its own statement too."""
    for exercise, function in stepped():
        text = COURSE.solution(exercise.name)
        names = expected_steps(Variant(exercise, 0), function, function.cases[0], inputs(exercise, function))
        assert f"{function.name}_steps" in text
        assert [name for name in names if name not in text.partition(f"{function.name}_steps")[2]] == []


def test_right_steps_beside_a_wrong_answer_are_all_right():
    """In every case, of every exercise that names some."""
    for exercise, function in stepped():
        functions = {function.name: lambda *a, **k: 0.0, function.steps.__name__: function.steps}
        found = [f for f in run_checks(Trial(Variant(exercise, 3), InProcess(functions))) if f.check == "steps"]
        assert {f.status for f in found} == {"passed"}, exercise.name


@pytest.mark.parametrize("name", ["batchnorm", "batchnorm2d"])
def test_the_steps_of_batchnorm_end_in_dx(name):
    """dx from dxhat, dvar and dmean, as the statement says, is the reference's."""
    exercise = COURSE.exercise(name)
    function = exercise.functions[-1]
    for case in function.cases:
        call = Variant(exercise, 5).calls(function, case)[0]
        given = call.inputs
        step = function.steps(given["dout"], given["x"], given["gamma"], given["beta"], eps=given.get("eps", 1e-5))
        std, count = np.sqrt(step["var"] + given.get("eps", 1e-5)), given["x"][..., 0].size
        dx = step["dxhat"] / std + (2 * step["dvar"] * (given["x"] - step["mean"]) + step["dmean"]) / count
        assert np.allclose(dx, call.expected["dx"], rtol=1e-8, atol=1e-9)


def inputs(exercise, function):
    """The first case's."""
    return Variant(exercise, 0).calls(function, function.cases[0])[0].inputs
