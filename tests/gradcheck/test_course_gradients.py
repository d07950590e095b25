"""`gradcheck("name")` and the command on every exercise with gradients: right code passes, wrong backwards do not."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import gradcheck
from autograder.checks.gradient import faults
from autograder.checks.variant import Variant
from autograder.cli.main import main
from autograder.course.catalog import Course
from autograder.frontends.gradcheck import check_exercise
from autograder.frontends.notebook.checking import CheckError
from autograder.sandbox import inprocess
from autograder.spec.draw import literal
from autograder.spec.exercise import layer
from autograder.spec.function import Function, case
from tests.engine.desks import SQUARE, square_forward
from tests.house.sources import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the mistakes

COURSE = Course(ROOT)
CASES = SQUARE.functions[0].cases
EXERCISES = {exercise.name: exercise for exercise in COURSE.exercises() if exercise.gradients}

# Mistakes that a comparison with one's own forward cannot see, and why.
UNSEEN = {
    ("cnn_backprop", "relu_forgotten"): "the loss forgets it too",
    ("cnn_backprop", "pool_averages"): "the loss averages too",
    ("cnn_backprop", "kernel_flipped"): "the loss flips it too",
    ("cnn_backprop", "flattened_channels_first"): "the loss flattens so too",
    ("max_pool2d", "every_tied_maximum_gets_all"): "at a tie each entry's number is a slope, only their sum is none",
}


def solution(name):
    return inprocess.load(COURSE.solution(name), f"{name}/solution.py").functions


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_agrees_with_its_own_derivative(name):
    """Every gradient of every exercise's solution is compared in its cases and is right."""
    found = check_exercise(EXERCISES[name], solution(name), entries=2)
    assert found.ok, repr(found)
    outputs = [output for function in EXERCISES[name].gradients for output in function.outputs]
    assert len(found.gradients) == len([output for output in outputs if output != "loss"])


@pytest.mark.parametrize("name", EXERCISES)
def test_a_wrong_backward_does_not_agree(name):
    """Every known mistake of a backward is refused, but those that no numerical derivative can see."""
    exercise, right = EXERCISES[name], solution(name)
    backwards = {function.name for function in exercise.gradients}
    passed = {
        mistake.name
        for mistake in exercise.mistakes
        if mistake.function in backwards
        and check_exercise(exercise, {**right, mistake.function: mistake.code}, entries=2).ok
    }
    assert passed == {mistake for owner, mistake in UNSEEN if owner == name}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_is_the_derivative_of_its_forward(name):
    """Every gradient of the reference has a case with a numerical derivative, and agrees in all that have."""
    variant = Variant(EXERCISES[name], 5)
    assert list(faults(variant)) == []


@pytest.mark.parametrize("factor", [1 + 1e-6, 2.0, -1.0])
def test_a_wrong_reference_is_a_fault(factor):
    """A reference whose gradient is off by a millionth is named by the audit's question."""

    def square_backward(dout, x):
        return factor * 2 * x * dout

    wrong = layer(Function(square_forward, {"out": 2}), Function(square_backward, {"dx": 3}), cases=[*CASES])
    assert list(faults(Variant(SQUARE, 0))) == []
    (said,) = faults(Variant(wrong, 0))
    assert said.startswith("the reference's dx is not the derivative of its forward: relative error ")


def test_a_gradient_that_no_case_measures_is_a_fault():
    """Where every case lies at a corner, nothing guards the reference."""

    def bend_forward(x):
        return np.maximum(x, 0)

    def bend_backward(dout, x):
        return dout * (x > 0)

    corner = layer(Function(bend_forward, {"out": 2}), Function(bend_backward, {"dx": 3}), cases=[
        case("at 0", x=literal([0.0, 0.0])), case("at 0 as well", x=literal([0.0]))])  # fmt: skip
    words = "the reference's dx can be compared with a numerical derivative in no case"
    assert list(faults(Variant(corner, 0))) == [words]


def test_a_name_takes_the_functions_that_are_defined_here():
    """gradcheck("dense") takes the caller's functions, on the course's inputs or on given ones."""
    dense_forward, dense_backward = (solution("dense")[f"dense_{half}"] for half in ("forward", "backward"))
    assert callable(dense_forward) and callable(dense_backward)
    assert gradcheck("dense", entries=2).ok and gradcheck("dense_backward", entries=2).ok
    assert gradcheck("dense", np.ones((2, 3)), np.ones((3, 4)), np.ones(4)).ok
    assert "relu_backward is not defined here: run its cell or import it." in repr(gradcheck("relu"))


@pytest.mark.parametrize(("name", "words"), [("sgd", "has no gradient to check"), ("denze", "Did you mean dense?"),
                                             ("02_layers", "is a unit")])  # fmt: skip
def test_a_name_without_gradients_is_refused(name, words):
    """An exercise without gradients, an unknown name and a unit are refused in words."""
    with pytest.raises(CheckError, match=words.replace("?", r"\?")):
        gradcheck(name)


@pytest.fixture
def files(tmp_path):
    """Return a folder with a right relu and a wrong dense."""
    (tmp_path / "relu.py").write_text(COURSE.solution("relu"), encoding="utf-8")
    wrong = COURSE.solution("dense").replace("dx = dout @ w.T", "dx = 2 * dout @ w.T")
    assert wrong != COURSE.solution("dense")
    (tmp_path / "dense.py").write_text(wrong, encoding="utf-8")
    return tmp_path


def test_the_command_checks_a_file(files, capsys):
    """Exit code 0 where every gradient agrees, 1 where one does not, with the gradients by name."""
    assert main(["gradcheck", "relu", "--path", str(files), "--entries", "2"]) == 0
    assert "✔ dx  error" in capsys.readouterr().out
    assert main(["gradcheck", "--path", str(files), "--entries", "2"]) == 1
    out = capsys.readouterr().out
    assert "relu:" in out and "✘ dx  error 0.5" in out and "✔ dw  error" in out
    assert "Every entry is 2 times the numerical derivative." in out


def test_the_command_takes_inputs_of_ones_own(files, capsys):
    """--input gives arguments by name; what is no .npz, and names without gradients, are wrong usage."""
    np.savez(files / "mine.npz", x=np.array([[1.0, -2.0]]))
    command = ["gradcheck", "relu", "--path", str(files), "--input"]
    assert main([*command, str(files / "mine.npz")]) == 0
    assert "2 entries" in capsys.readouterr().out
    assert main([*command, str(files / "relu.py")]) == 2
    assert main(["gradcheck", "sgd", "--path", str(files)]) == 2
    assert main(["gradcheck", "--path", str(files), "--input", str(files / "mine.npz")]) == 2


def test_the_command_tells_why_a_file_does_not_run(files, capsys):
    """A file that raises, leaves or is missing is told in words, with exit code 1."""
    (files / "tanh.py").write_text("import sys\nsys.exit(4)\n", encoding="utf-8")
    assert main(["gradcheck", "tanh", "sigmoid", "--path", str(files)]) == 1
    out = capsys.readouterr().out
    assert "tanh.py does not run: SystemExit: 4." in out and "sigmoid has no file in" in out
