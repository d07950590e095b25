"""ReLU and momentum: laws, and the judge of the kink."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from reference.activations import relu_backward, relu_forward
from reference.optimizers import momentum_step

Load = Callable[[str, str], ModuleType]
numbers = arrays(np.float64, array_shapes(max_dims=4, max_side=4), elements=st.floats(-1e6, 1e6))


@settings(max_examples=50, deadline=None)
@given(numbers)
def test_relu_splits_a_number_into_its_two_parts(load: Load, x: np.ndarray) -> None:
    """relu(x) - relu(-x) = x, and relu(x)·relu(-x) = 0; oracle and solution agree, for any shape."""
    out, other = relu_forward(x), relu_forward(-x)
    np.testing.assert_array_equal(out - other, x)
    assert not np.any(out * other)
    solution = load("02_layers/relu", "solution")
    np.testing.assert_array_equal(solution.relu_forward(x), out)
    np.testing.assert_array_equal(solution.relu_backward(x, x), relu_backward(x, x))


KINK = {"x": np.array([-1.0, 0.0, 0.0, 2.0]), "dout": np.array([3.0, 4.0, -5.0, 6.0])}


@pytest.mark.parametrize("dx", [[0, 0, 0, 6], [0, 4, -5, 6], [0, 2, 0, 6]])
def test_every_subgradient_at_zero_is_accepted(dx: list[float], load: Load) -> None:
    """Slope 0, 1 and anything between, chosen entry by entry."""
    assert load("02_layers/relu", "spec").any_subgradient(KINK, np.array(dx, float)) is None


@pytest.mark.parametrize(
    ("dx", "words"),
    [
        ([0, 8, 0, 6], "no subgradient"),
        ([0, -4, 0, 6], "no subgradient"),
        ([0, np.nan, 0, 6], "no subgradient"),
        ([3, 0, 0, 6], "where x is not 0"),
        ([0, 0, 0, 5], "where x is not 0"),
    ],
)
def test_wrong_slopes_are_rejected(dx: list[float], words: str, load: Load) -> None:
    """Slopes beyond [0, 1] at zero, and any wrong entry elsewhere, each with its own sentence."""
    assert words in load("02_layers/relu", "spec").any_subgradient(KINK, np.array(dx, float))


@settings(max_examples=50, deadline=None)
@given(st.floats(0.001, 1), st.floats(0, 0.99), st.integers(1, 9), st.integers(0, 2**32))
def test_momentum_sums_the_past_gradients(load: Load, lr: float, mu: float, steps: int, seed: int) -> None:
    """From rest, v = -lr·Σ mu^age·dw over all gradients seen, and w has moved by the sum of the velocities."""
    gradients = np.random.default_rng(seed).standard_normal((steps, 2, 3))
    solution = load("04_optimizers/momentum", "solution")
    w = v = moved = np.zeros((2, 3))
    for dw in gradients:
        mine = solution.momentum_step(w, dw, v, lr=lr, mu=mu)
        w, v = momentum_step(w, dw, v, lr=lr, mu=mu)
        np.testing.assert_array_equal(mine, (w, v))
        moved = moved + v
    ages = np.arange(steps)[::-1, None, None]
    np.testing.assert_allclose(v, -lr * np.sum(mu**ages * gradients, axis=0), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(w, moved, rtol=1e-12, atol=1e-12)
