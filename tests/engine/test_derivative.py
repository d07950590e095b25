"""Numerical derivatives: exact enough to tell a millionth, honest at corners, and never fooled by nan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks.gradient import faults
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.numeric.derivative import Leaves, five_point, measure

numbers = st.floats(-3, 3)
vectors = hnp.arrays(np.float64, 4, elements=st.floats(0.1, 3)).map(lambda v: v * np.array([1, -1, 1, -1]))


@given(st.lists(numbers, min_size=5, max_size=5), numbers)
def test_polynomials_up_to_degree_four_have_no_error_but_rounding(coefficients, x):
    """The five-point rule is exact there."""
    p = np.polynomial.Polynomial(coefficients)
    size = sum(abs(c) for c in coefficients) * 4.0**4
    assert abs(five_point(lambda t: np.array([p(x + t)]), 1e-4)[0] - p.deriv()(x)) <= 1e-11 * size + 1e-12


@given(vectors)
def test_the_error_falls_with_the_fourth_power(x):
    """Half the step, a sixteenth of the error."""
    error = [abs(five_point(lambda t: np.exp(x + t), h)[0] - np.exp(x).sum()) for h in (0.2, 0.1)]
    assert 12 < error[0] / error[1] < 20


@given(vectors, vectors)
def test_the_true_gradient_agrees(g, v):
    """A linear function has the slope that its gradient gives, along every direction."""
    assert measure(lambda t: g * v * t, float(g @ v), float(np.linalg.norm(g * v))).kind == "agrees"


@given(vectors, st.sampled_from([-1e-6, 1e-6, 1e-3, -2.0]))
def test_a_relative_error_of_a_millionth_differs(g, error):
    """Along the gradient itself, where the slope is the norm."""
    norm = float(np.linalg.norm(g))
    slope = measure(lambda t: np.sin(t) * g * g / norm, norm * (1 + error), norm)
    assert slope.kind == "differs" and not slope.right
    assert slope.value == pytest.approx(norm, rel=1e-9)


def test_nan_never_agrees():
    """Neither in the function nor in the given derivative."""
    assert not measure(lambda t: np.array([t]), np.nan, 1.0).right
    assert measure(lambda t: np.array([t, np.nan]), 1.0, 1.0).kind == "rough"


def test_the_rounding_of_large_values_is_allowed():
    """A small slope beside 1e6 loses digits by rounding: that is no mistake, and a wrong slope still is one."""
    assert measure(lambda t: 1e6 + (0.5 + np.array([t])) ** 2, 1.0, 1.0).right
    assert not measure(lambda t: 1e6 + (0.5 + np.array([t])) ** 2, 1.0 + 1e-3, 1.0).right


@pytest.mark.parametrize("distance", [0.0, 1e-9, 3e-7, 1e-6, 4e-5, 1e-4])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_corner_is_seen_and_a_near_one_is_avoided(distance, side):
    """At a corner every value between both slopes is right; beside it the slope of that side is, and 3 never is."""

    def ramp(t):
        return np.maximum(np.array([side * distance + t]), 0)

    right = float(side > 0)
    assert measure(ramp, right, 1.0, 1e-7).right
    assert not measure(ramp, 3.0, 1.0, 1e-7).right
    if distance == 0.0:
        assert measure(ramp, 0.3, 1.0).kind == "corner"
    if distance > 3e-7:
        assert not measure(ramp, 1.0 - right, 1.0, 1e-7).right


@pytest.mark.parametrize("f", [lambda t: np.array([float(t >= 0)]), lambda t: np.array([np.nan])])
def test_a_jump_and_nan_have_no_derivative(f):
    """What has no derivative is called rough rather than wrong."""
    assert measure(f, 0.123, 1.0, 1e-7).kind == "rough"


def test_a_random_direction_sees_an_error_in_one_entry():
    """One wrong entry of fifty is seen by each direction."""
    x = np.random.default_rng(3).standard_normal((5, 10))
    wrong = 2 * x
    wrong[3, 7] += 1e-5 * np.linalg.norm(wrong)
    for seed in range(5):
        v = Leaves(x).direction(seed).reshape(x.shape)
        for gradient, right in ((2 * x, True), (wrong, False)):
            products = gradient * v
            found = measure(lambda t, v=v: (x + t * v) ** 2, float(products.sum()), float(np.linalg.norm(products)))
            assert found.right is right


def test_a_direction_is_one_in_all_versions():
    """Recorded derivatives stay true: the direction of a seed is fixed."""
    assert Leaves(np.zeros(3)).direction(7).tolist() == [0.25019093320933394, 0.794427601939151, 0.551371380490387]


def test_a_point_keeps_types_order_and_places():
    """Numbers stay numbers, arrays keep their memory order, dicts their keys, and each entry has a place."""
    value = {"w": [np.asfortranarray(np.arange(6.0).reshape(2, 3)), 2.0], "b": np.array(3.0)}
    point = Leaves(value)
    moved = point.at(point.flat + 1)
    assert moved["w"][0].flags.f_contiguous and np.array_equal(moved["w"][0], value["w"][0] + 1)
    assert type(moved["w"][1]) is float and moved["b"].shape == ()
    assert [point.place(i) for i in (0, 5, 6, 7)] == ["['w'][0][0, 0]", "['w'][0][1, 2]", "['w'][1]", "['b']"]
    turned = {"b": value["b"], "w": value["w"]}
    assert np.array_equal(Leaves(turned, value).flat, point.flat)
    assert not np.array_equal(Leaves(turned).flat, point.flat)


def test_rounding_that_the_numbers_do_not_show_is_no_difference() -> None:
    """The right derivative agrees, and a wrong one differs, where a sigmoid made of 1 + tanh rounds near 0."""
    z = -13.037

    def curve(t: float) -> np.ndarray:
        return np.array([0.5 * (1 + np.tanh((z + 0.19 * t) / 2))])

    right = 0.19 * np.exp(z) / (1 + np.exp(z)) ** 2
    assert measure(curve, right, right).kind == "agrees"
    assert measure(curve, 1.001 * right, right).kind == "differs"


@pytest.mark.parametrize("seed", [6, 11, 27])
def test_no_seed_makes_a_right_reference_wrong(seed: int) -> None:
    """The reference of neuron has no fault with seeds whose sums lie so far below 0 that its sigmoid rounds them."""
    course = Course(Path(__file__).parents[2])
    assert not list(faults(Variant(course.exercise("neuron"), seed)))
