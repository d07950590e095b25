"""Derivatives along a direction: exact enough to tell a millionth, and never fooled by nan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.numeric.derivative import DIRECTIONS, agrees, along, gradient

numbers = st.floats(-3, 3)
vectors = hnp.arrays(np.float64, 4, elements=st.floats(0.1, 3)).map(lambda v: v * np.array([1, -1, 1, -1]))


@given(st.lists(numbers, min_size=5, max_size=5), numbers, numbers)
def test_polynomials_up_to_degree_four_have_no_error_but_rounding(coefficients, x, v):
    """The five-point rule is exact there."""
    p = np.polynomial.Polynomial(coefficients)
    measured = along(p, np.array([x]), np.array([v]))
    size = sum(abs(c) for c in coefficients) * 4.0**4
    assert abs(measured[0] - v * p.deriv()(x)) <= 1e-11 * size + 1e-12


@given(vectors, vectors)
def test_exp_is_differentiated_to_ten_digits(x, v):
    """An error of order h⁴ disappears behind the rounding of exp itself."""
    assert np.allclose(along(np.exp, x, v), v * np.exp(x), rtol=1e-9, atol=1e-10)


@given(vectors)
def test_the_error_falls_with_the_fourth_power(x):
    """Half the step, a sixteenth of the error."""
    error = [np.abs(along(np.exp, x, np.ones(4), h) - np.exp(x)) for h in (0.2, 0.1)]
    assert np.all((error[0] / error[1] > 12) & (error[0] / error[1] < 20))


def test_along_keeps_the_shape_of_its_function():
    """The shape is f's, not x's."""
    assert along(lambda x: x.sum(axis=0), np.ones((2, 3)), np.ones((2, 3))).shape == (3,)


@given(vectors, vectors)
def test_the_true_gradient_agrees(g, v):
    """⟨g, v⟩ is its own slope."""
    assert agrees(float(np.sum(g * v)), g, v, 0.0)


@given(vectors, st.sampled_from([-1e-6, 1e-6, 1e-3, -2.0]))
def test_a_relative_error_of_a_millionth_is_rejected(g, error):
    """Along the gradient itself, where the slope is the norm."""
    v = g / np.linalg.norm(g)
    assert not agrees(float(np.sum(g * v)), g * (1 + error), v, 1.0)


@given(vectors, vectors)
def test_nan_never_agrees(g, v):
    """Neither in the slope nor in the gradient."""
    assert not agrees(np.nan, g, v, 1.0)
    holed = g.copy()
    holed[1] = np.nan
    assert not agrees(float(np.sum(g * v)), holed, v, 1.0)


def test_the_rounding_of_large_values_is_allowed():
    """The sum of 1e6 and a small slope is rounded: that is f's doing and no one's mistake."""
    x, v = np.array([0.5]), np.array([1.0])
    slope = float(along(lambda t: 1e6 + t**2, x, v)[0])
    assert agrees(slope, 2 * x, v, 1e6)
    assert not agrees(slope, 2 * x * (1 + 1e-3), v, 1e6)


def test_a_random_direction_sees_an_error_in_one_entry():
    """One wrong entry of fifty is seen by each of the directions."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((5, 10))
    wrong = 2 * x
    wrong[3, 7] += 1e-6 * np.linalg.norm(wrong)
    for v in rng.standard_normal((DIRECTIONS, *x.shape)):
        slope = float(along(lambda t: np.sum(t * t), x, v))
        assert agrees(slope, 2 * x, v, float(np.sum(x * x)))
        assert not agrees(slope, wrong, v, float(np.sum(x * x)))


def test_the_full_gradient_by_central_differences():
    """Every entry, in the shape of x, and x itself unchanged."""
    x = np.array([[0.5, -1.0], [2.0, 0.0]])
    before = x.copy()
    assert gradient(lambda t: float(np.sum(np.sin(t))), x) == pytest.approx(np.cos(x), rel=1e-9)
    assert np.array_equal(x, before)
