"""Gradients: graded on their own, each by itself, with a random upstream gradient."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.pipeline import run_checks
from autograder.implementation import Raised, Stopped
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Exercise, layer
from autograder.spec.function import Function
from tests.engine.desks import SQUARE, square_backward, square_forward
from tests.engine.scripted import sit


@pytest.fixture
def scale(tiny: Course) -> Exercise:
    """A layer with two gradients."""
    return tiny.exercise("scale")


def test_right_gradients_earn_their_points(scale):
    """One finding per gradient, each with its own points."""
    findings = sit(scale).all("gradient")
    assert [(f.output, f.status, f.score) for f in findings] == [("dx", "passed", 2), ("dw", "passed", 3)]


@pytest.mark.parametrize(
    "broken",
    [Raised("ValueError", "no"), Raised("NotImplementedError", "write it"), Stopped("time"), lambda x, w: x - w],
    ids=["raises", "stub", "stopped", "wrong"],
)
def test_a_broken_forward_never_costs_the_backward(scale, broken):
    """The backward gets the reference's inputs and a cotangent of the reference's shape."""
    verdict = sit(scale, {"scale_forward": broken})
    assert verdict.of("values").score == 0
    assert [f.score for f in verdict.all("gradient")] == [2, 3]


def test_each_gradient_earns_its_own_points(scale):
    """dw right and dx wrong, the commonest partial state, earns dw's points."""
    verdict = sit(scale, {"scale_backward": lambda dout, x, w: (dout, np.sum(dout * x, axis=0))})
    assert (verdict.of("gradient", output="dx").status, verdict.of("gradient", output="dx").score) == ("failed", 0)
    assert (verdict.of("gradient", output="dw").status, verdict.of("gradient", output="dw").score) == ("passed", 3)


WRONG = {
    "zero": lambda dout, x, w: (dout * w, np.zeros(w.shape)),
    "twice": lambda dout, x, w: (dout * w, 2 * np.sum(dout * x, axis=0)),
    "negative": lambda dout, x, w: (dout * w, -np.sum(dout * x, axis=0)),
    "dout forgotten": lambda dout, x, w: (dout * w, np.sum(x, axis=0)),
    "as if dout were one": lambda dout, x, w: (dout * w, np.sum(x, axis=0) * dout.mean()),
    "off by a millionth": lambda dout, x, w: (dout * w, np.sum(dout * x, axis=0) * (1 + 1e-6)),
    "another order": lambda dout, x, w: (dout * w, np.sum(dout * x, axis=0)[::-1]),
}


@pytest.mark.parametrize("code", WRONG.values(), ids=WRONG)
def test_every_wrong_gradient_is_caught(scale, code):
    """Zero, a constant factor, a sign, a forgotten dout, a permutation: each fails, and dx beside it passes."""
    verdict = sit(scale, {"scale_backward": code})
    assert verdict.of("gradient", output="dw").status == "failed"
    assert verdict.of("gradient", output="dx").status == "passed"


def test_swapped_gradients_fail_by_their_shapes(scale):
    """dw and dx in the wrong order are told by shape."""
    verdict = sit(scale, {"scale_backward": lambda dout, x, w: (np.sum(dout * x, axis=0), dout * w)})
    assert verdict.of("gradient", output="dx").message == (
        "dx has shape (3,), expected (2, 3). Case “two rows” (5 of 5 cases fail)."
    )


def test_right_values_in_a_wrong_shape_are_told_so(scale):
    """(1, D) for (D,) is one step from right, and the message says so."""
    verdict = sit(scale, {"scale_backward": lambda dout, x, w: (dout * w, np.sum(dout * x, axis=0, keepdims=True))})
    assert verdict.of("gradient", output="dw").message == (
        "dw has shape (1, 3), expected (3,). The values are right, only the shape is not. "
        "Case “two rows” (5 of 5 cases fail)."
    )


def test_a_missing_gradient_is_told_for_both(scale):
    """One return value instead of two cannot be told apart."""
    verdict = sit(scale, {"scale_backward": lambda dout, x, w: dout * w})
    assert [f.message for f in verdict.all("gradient")] == [
        "scale_backward returns an array of shape (2, 3), expected (dx, dw). Case “two rows” (5 of 5 cases fail)."
    ] * 2


def test_forward_and_backward_see_the_same_inputs():
    """Both halves of a case get the same arrays, and dout is random."""
    verdict = sit(SQUARE)
    (x,) = next(args for name, args in verdict.implementation.calls if name == "square_forward")
    dout, given = next(args for name, args in verdict.implementation.calls if name == "square_backward")
    assert np.array_equal(x, given)
    assert dout.shape == x.shape and not np.allclose(dout, 1)


def test_a_loss_has_a_gradient_without_dout(tiny):
    """A loss's backward takes forward's inputs alone."""
    verdict = sit(tiny.exercise("mean_square"), {"mean_square_backward": lambda x, y: (x - y) / x.size})
    assert verdict.of("gradient").status == "failed"
    assert verdict.of("values").score == 2


class TestWhereTheTruthIsASet:
    """At a kink every subgradient is right, and only there."""

    @pytest.mark.parametrize("slope", [-1.0, 0.0, 0.3, 1.0])
    def test_every_subgradient_is_accepted(self, tiny, slope):
        """Any slope in [-1, 1] at x = 0 earns the points."""
        ramp = tiny.exercise("ramp")
        verdict = sit(ramp, {"ramp_backward": lambda dout, x: dout * np.where(x == 0, slope, np.sign(x))})
        assert verdict.of("gradient").score == 2

    def test_what_is_no_subgradient_is_refused_in_the_judge_s_words(self, tiny):
        """A slope of 2 is wrong even at the kink."""
        verdict = sit(tiny.exercise("ramp"), {"ramp_backward": lambda dout, x: dout * np.where(x == 0, 2, np.sign(x))})
        assert verdict.of("gradient").message == (
            "dx at x = 0 is steeper than 1. Case “at the kink” (1 of 5 cases fail)."
        )

    def test_nan_is_never_a_subgradient(self, tiny):
        """0/0 at the kink is told as nan; the judge is not even asked."""

        def divides(dout, x):
            with np.errstate(all="ignore"):
                return dout * x / np.abs(x)

        message = sit(tiny.exercise("ramp"), {"ramp_backward": divides}).of("gradient").message
        assert message.startswith("dx[1] is nan, expected ")


@pytest.mark.parametrize(("backward", "error"), [
    (lambda dout, x: 2 * x * dout, 1e-8), (lambda dout, x: 2 * x * dout * (1 + 3e-4), 1e-3),
    (lambda dout, x: -2 * x * dout, 1.0), (lambda dout, x: np.full_like(x, np.nan), 1.0),
])  # fmt: skip
def test_the_relative_error_stands_in_the_record(backward, error):
    """Beside the verdict stands the error against the numerical derivative, rounded up to a power of ten."""
    assert sit(SQUARE, {"square_backward": backward}).of("gradient").figures == {"relative_error": error}


def test_a_gradient_of_another_form_has_no_relative_error():
    """A shape that differs, None and an exception have no error to tell, and no dot product is taken."""
    for backward in (lambda dout, x: (2 * x * dout)[None], lambda dout, x: None, lambda dout, x: "no"):
        assert sit(SQUARE, {"square_backward": backward}).of("gradient").figures == {}


def test_hidden_inputs_tell_one_of_nine_numbers():
    """Whatever a wrong gradient is, its relative error is a power of ten from 1e-8 to 1."""
    errors = {
        sit(SQUARE, {"square_backward": lambda dout, x, off=off: 2 * x * dout * (1 + off)}).of("gradient").figures[
            "relative_error"
        ]
        for off in 10.0 ** np.linspace(-12, 3, 40)
    }
    assert errors <= {float(f"1e-{k}") for k in range(9)} and len(errors) > 7


def test_an_answer_costs_no_call_of_the_reference():
    """The derivative is measured once for a variant; the next answer costs a dot product."""
    calls = []

    def counted(x):
        calls.append(1)
        return square_forward(x)

    counted.__name__ = "square_forward"
    cases = [*SQUARE.functions[0].cases]
    exercise = layer(Function(counted, {"out": 2}), Function(square_backward, {"dx": 3}), cases=cases)
    variant = Variant(exercise, 0)
    answer = InProcess({"square_forward": square_forward, "square_backward": square_backward})
    first = run_checks(Trial(variant, answer))
    before = len(calls)
    assert run_checks(Trial(variant, answer)) == first and len(calls) == before > 0
