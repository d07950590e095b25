"""Sigmoid, tanh and leaky ReLU: laws for all inputs, the far ends, and the judge of the kink."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from reference.activations import (
    leaky_relu_backward,
    leaky_relu_forward,
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)

Load = Callable[[str, str], ModuleType]
numbers = arrays(np.float64, array_shapes(max_dims=4, max_side=4), elements=st.floats(-1e300, 1e300))
slopes = st.floats(0, 1)


@settings(max_examples=50, deadline=None)
@given(numbers)
def test_sigmoid_of_both_signs_sums_to_one(load: Load, x: np.ndarray) -> None:
    """s(x) + s(-x) = 1 and 0 <= s <= 1 for any finite x, without a warning; the solution agrees."""
    out = sigmoid_forward(x)
    np.testing.assert_allclose(out + sigmoid_forward(-x), 1, rtol=1e-15)
    assert np.all((out >= 0) & (out <= 1))
    np.testing.assert_allclose(load("02_layers/sigmoid", "solution").sigmoid_forward(x), out, rtol=0, atol=1e-15)


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, 5, elements=st.floats(-30, 30)))
def test_sigmoid_and_its_slope_are_the_definitions(x: np.ndarray) -> None:
    """In moderate range s is 1 / (1 + exp(-x)), and the gradient is dout · s · (1 - s)."""
    s = np.array([1 / (1 + math.exp(-value)) for value in x])
    np.testing.assert_allclose(sigmoid_forward(x), s, rtol=0, atol=1e-15)
    np.testing.assert_allclose(sigmoid_backward(x, x), x * s * (1 - s), rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", ["oracle", "solution"])
@pytest.mark.parametrize("size", [709.0, 710.0, 1e3, 1e8, 1e300])
def test_sigmoid_is_silent_at_the_far_ends(load: Load, name: str, size: float) -> None:
    """Exactly 0 and 1, and slope 0, as far as floats go; any warning would fail this test."""
    solution = load("02_layers/sigmoid", "solution")
    forward = sigmoid_forward if name == "oracle" else solution.sigmoid_forward
    backward = sigmoid_backward if name == "oracle" else solution.sigmoid_backward
    x = np.array([size, -size])
    np.testing.assert_allclose(forward(x), [1, 0], rtol=0, atol=1e-300)
    np.testing.assert_allclose(backward(np.ones(2), x), [0, 0], rtol=0, atol=1e-300)


@settings(max_examples=50, deadline=None)
@given(numbers)
def test_the_slope_of_sigmoid_is_even(load: Load, x: np.ndarray) -> None:
    """dx is the same at x and -x, between 0 and 1/4 for dout = 1; the solution agrees."""
    ones = np.ones_like(x)
    slope = sigmoid_backward(ones, x)
    np.testing.assert_array_equal(sigmoid_backward(ones, -x), slope)
    assert np.all((slope >= 0) & (slope <= 0.25))
    np.testing.assert_allclose(load("02_layers/sigmoid", "solution").sigmoid_backward(ones, x), slope, atol=1e-15)


@settings(max_examples=50, deadline=None)
@given(numbers)
def test_tanh_is_odd_and_a_scaled_sigmoid(load: Load, x: np.ndarray) -> None:
    """tanh(-x) = -tanh(x) and tanh(x / 2) = 2·s(x) - 1; oracle and solution agree for any finite x."""
    np.testing.assert_array_equal(tanh_forward(-x), -tanh_forward(x))
    np.testing.assert_allclose(tanh_forward(x / 2), 2 * sigmoid_forward(x) - 1, rtol=0, atol=1e-15)
    solution = load("02_layers/tanh", "solution")
    np.testing.assert_allclose(solution.tanh_forward(x), tanh_forward(x), rtol=0, atol=1e-15)
    ones = np.ones_like(x)
    np.testing.assert_allclose(solution.tanh_backward(ones, x), tanh_backward(ones, x), rtol=0, atol=1e-15)


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, 5, elements=st.floats(-5, 5)))
def test_tanh_is_the_quotient_of_exponentials(x: np.ndarray) -> None:
    """The lecture's formula, and the slope 1/cosh², an independent form of 1 - y²."""
    up, down = np.exp(x), np.exp(-x)
    np.testing.assert_allclose(tanh_forward(x), (up - down) / (up + down), rtol=0, atol=1e-14)
    np.testing.assert_allclose(tanh_backward(x, x), x / np.cosh(x) ** 2, rtol=0, atol=1e-13)


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, array_shapes(max_dims=4, max_side=4), elements=st.floats(-1e6, 1e6)), slopes)
def test_leaky_relu_mixes_x_and_relu(load: Load, x: np.ndarray, slope: float) -> None:
    """leaky(x) = relu(x) - slope·relu(-x): slope 0 is ReLU, slope 1 is x; oracle and solution agree."""
    out, dx = leaky_relu_forward(x, slope=slope), leaky_relu_backward(x, x, slope=slope)
    np.testing.assert_array_equal(out, relu_forward(x) - slope * relu_forward(-x))
    np.testing.assert_array_equal(dx, out)  # with dout = x the gate treats dout as forward treated x
    np.testing.assert_array_equal(leaky_relu_backward(x, x, slope=0.0), relu_backward(x, x))
    np.testing.assert_array_equal(leaky_relu_forward(x, slope=1.0), x)
    solution = load("02_layers/leaky_relu", "solution")
    np.testing.assert_array_equal(solution.leaky_relu_forward(x, slope=slope), out)
    np.testing.assert_array_equal(solution.leaky_relu_backward(x, x, slope=slope), dx)


KINK = {"x": np.array([-1.0, 0.0, 0.0, 2.0]), "dout": np.array([3.0, 4.0, -5.0, 6.0]), "slope": 0.1}


@pytest.mark.parametrize("dx", [[0.3, 0.4, -0.5, 6], [0.3, 4, -5, 6], [0.3, 2.2, -0.5, 6]])
def test_every_subgradient_at_zero_is_accepted(dx: list[float], load: Load) -> None:
    """The slope of either side and anything between, chosen entry by entry."""
    assert load("02_layers/leaky_relu", "spec").any_subgradient(KINK, np.array(dx)) is None


@pytest.mark.parametrize(
    ("dx", "words"),
    [
        ([0.3, 8, -0.5, 6], "no subgradient"),
        ([0.3, 0, -0.5, 6], "must lie in [0.1, 1]"),
        ([0.3, np.nan, -0.5, 6], "no subgradient"),
        ([3, 0.4, -0.5, 6], "where x is not 0"),
        ([0.3, 0.4, -0.5, 0.6], "where x is not 0"),
    ],
)
def test_wrong_slopes_are_rejected(dx: list[float], words: str, load: Load) -> None:
    """Slopes outside [slope, 1] at zero, and any wrong entry elsewhere, each with its own sentence."""
    assert words in load("02_layers/leaky_relu", "spec").any_subgradient(KINK, np.array(dx))
