"""Consistency: which half is wrong? A word of help where both are, worth no points."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.implementation import Raised
from autograder.spec.draw import listed, normal
from autograder.spec.exercise import layer
from autograder.spec.function import Function, case
from tests.engine.desks import SQUARE, square_backward, square_forward
from tests.engine.scripted import sit

EXACT = (
    "square_backward is the exact derivative of your own square_forward: the forward is what is wrong. "
    "Repair square_forward first, then follow the change through."
)
BOTH = "dx is not the derivative of your own square_forward either: look at both."


def test_right_code_hears_nothing():
    """Where nothing failed there is nothing to tell."""
    assert sit(SQUARE).all("consistency") == []


def test_a_wrong_forward_with_its_exact_derivative():
    """The backward is what the student's own forward asks for: the forward is to blame."""
    verdict = sit(SQUARE, {"square_forward": lambda x: x**3, "square_backward": lambda dout, x: 3 * x**2 * dout})
    finding = verdict.of("consistency")
    assert (finding.function, finding.status, finding.score, finding.max_score) == ("square_backward", "passed", 0, 0)
    assert finding.message == EXACT
    assert verdict.score == 0


def test_both_wrong_and_inconsistent():
    """Two mistakes that have nothing to do with each other."""
    verdict = sit(SQUARE, {"square_forward": lambda x: x**3, "square_backward": lambda dout, x: x * dout})
    finding = verdict.of("consistency")
    assert (finding.status, finding.score, finding.max_score, finding.message) == ("failed", 0, 0, BOTH)


def test_only_the_backward_wrong():
    """The gradient's own finding has said it all."""
    assert sit(SQUARE, {"square_backward": lambda dout, x: x * dout}).all("consistency") == []


def test_only_the_forward_wrong():
    """A right backward is the derivative of another forward, which is no fault of its own."""
    assert sit(SQUARE, {"square_forward": lambda x: x**3}).all("consistency") == []


def test_a_backward_that_is_wrong_in_one_case_only_is_measured_there():
    """Where the backward is right, the forward says nothing about it: no false “the forward is what is wrong”."""
    verdict = sit(
        SQUARE,
        {
            "square_forward": lambda x: x * x if x.ndim == 1 else x**3,
            "square_backward": lambda dout, x: 2 * x * dout if x.ndim == 1 else x * dout,
        },
    )
    assert verdict.of("consistency").message == BOTH


@pytest.mark.parametrize("off", [2, 3, 4], ids=["first", "second", "third"])
def test_each_of_the_first_three_wrong_cases_is_measured(off):
    """A backward that is the derivative of its forward in two of the cases and not in the third: look at both."""
    lengths = [case(f"length {n}", public=True, x=normal(n)) for n in (2, 3, 4)]
    exercise = layer(Function(square_forward, {"out": 2}), Function(square_backward, {"dx": 3}), cases=lengths)
    backward = lambda dout, x: x * dout if len(x) == off else 3 * x**2 * dout  # noqa: E731
    verdict = sit(exercise, {"square_forward": lambda x: x**3, "square_backward": backward})
    assert (verdict.of("consistency").status, verdict.of("consistency").message) == ("failed", BOTH)


def test_a_right_forward_is_never_blamed():
    """A backward wrong in a late case, agreeing with the forward in the first ones, blames nobody."""
    verdict = sit(SQUARE, {"square_backward": lambda dout, x: 2 * x * dout if x.ndim == 1 else 3 * x * dout})
    assert verdict.of("gradient").status == "failed"
    assert verdict.all("consistency") == []


def test_a_gradient_of_zeros_is_not_called_a_derivative():
    """A forward of 0.0 with zero gradients is a stub, consistent and worthless."""
    verdict = sit(SQUARE, {"square_forward": lambda x: x * 0, "square_backward": lambda dout, x: x * 0})
    assert verdict.all("consistency") == []


def test_an_answer_that_cannot_be_differentiated_hears_nothing():
    """Wrong shapes, exceptions and lists have findings of their own."""
    wrong = {"square_backward": lambda dout, x: x * dout}
    for forward in (lambda x: x[..., :1] ** 3, lambda x: (x**3).tolist()):
        assert sit(SQUARE, wrong | {"square_forward": forward}).all("consistency") == []
    for backward in (lambda dout, x: x[..., :1], lambda dout, x: x.tolist()):
        assert sit(SQUARE, {"square_forward": lambda x: x**3, "square_backward": backward}).all("consistency") == []


def test_a_forward_that_fails_off_the_given_point_hears_nothing():
    """An exception at a shifted input is not the student's verdict."""
    given: list[np.ndarray] = []

    def forward(x):
        given.append(x)
        return x**3 if len(given) <= 2 else Raised("ValueError", "another x")

    verdict = sit(SQUARE, {"square_forward": forward, "square_backward": lambda dout, x: x * dout})
    assert verdict.all("consistency") == []


def test_a_loss_is_consistent_without_dout(tiny):
    """The sum instead of the mean, with the sum's own gradient."""
    verdict = sit(
        tiny.exercise("mean_square"),
        {"mean_square": lambda x, y: float(np.sum((x - y) ** 2)), "mean_square_backward": lambda x, y: 2 * (x - y)},
    )
    assert verdict.of("consistency").message == (
        "mean_square_backward is the exact derivative of your own mean_square: the forward is what is wrong. "
        "Repair mean_square first, then follow the change through."
    )


def test_kinks_are_never_differentiated(tiny):
    """A case whose truth is a set is left out: a mistake at the kink alone gives no finding."""
    verdict = sit(
        tiny.exercise("ramp"),
        {
            "ramp_forward": lambda x: np.maximum(x, 0),
            "ramp_backward": lambda dout, x: dout * np.where(x == 0, 5, np.sign(x)),
        },
    )
    assert verdict.of("gradient").status == "failed"
    assert verdict.all("consistency") == []


def test_lists_and_numbers_are_differentiated_too():
    """A wrong forward of a list of arrays and a number is consistent with its own gradients, and else it is not."""

    def scale_forward(x, weights, factor):
        return factor * sum(x * w for w in weights)

    def scale_backward(dout, x, weights, factor):
        return [factor * x * dout for _ in weights], float(np.sum(dout * sum(x * w for w in weights)))

    def doubled(dout, x, weights, factor):
        dweights, dfactor = scale_backward(dout, x, weights, factor)
        return [2 * dw for dw in dweights], 2 * dfactor

    exercise = layer(
        Function(scale_forward, {"out": 1}), Function(scale_backward, {"dweights": 1, "dfactor": 1}),
        cases=[case("two", x=normal(3), weights=listed(normal(3), normal(3)), factor=1.5)],
    )  # fmt: skip
    wrong = {"scale_forward": lambda x, weights, factor: 2 * scale_forward(x, weights, factor)}
    assert sit(exercise, {**wrong, "scale_backward": doubled}).of("consistency").status == "passed"
    tripled = {**wrong, "scale_backward": lambda *given: tuple(np.multiply(3, g) if isinstance(g, float) else
                                                              [3 * dw for dw in g] for g in scale_backward(*given))}
    assert sit(exercise, tripled).of("consistency").status == "failed"
