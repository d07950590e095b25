"""Normalizations: what they promise for every table, and batch normalization's invariants."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference import normalization
from reference.normalization import (
    batchnorm2d_backward,
    batchnorm2d_infer,
    batchnorm2d_train,
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_infer,
    batchnorm_train,
)

Load = Callable[[str, str], ModuleType]
tables = arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(1, 4)), elements=st.floats(-100, 100, width=16))
sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32)


@settings(max_examples=50, deadline=None)
@given(tables)
def test_min_max_fills_the_unit_range(load: Load, x: np.ndarray) -> None:
    """Every column runs from exactly 0 to exactly 1, a constant one is 0; oracle and solution agree."""
    out = normalization.min_max_normalize(x)
    varies = np.ptp(x, axis=0) > 0
    assert not out.min(axis=0).any()
    np.testing.assert_array_equal(out.max(axis=0), varies)
    np.testing.assert_array_equal(load("06_regularization/min_max_normalize", "solution").min_max_normalize(x), out)


@settings(max_examples=50, deadline=None)
@given(tables, st.floats(0.5, 20), st.floats(-50, 50))
def test_z_score_ignores_unit_and_origin(load: Load, x: np.ndarray, unit: float, origin: float) -> None:
    """Columns that vary have mean 0 and std 1, and do so in any unit; constant ones are 0; the solution agrees."""
    x = x.round()  # spreads below 1 would drown in the rounding of a large origin
    out = normalization.z_score(x)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=0), np.ptp(x, axis=0) > 0, atol=1e-12)
    np.testing.assert_allclose(normalization.z_score(unit * x + origin), out, atol=1e-9)
    np.testing.assert_allclose(load("06_regularization/z_score", "solution").z_score(x), out, atol=1e-12)


@pytest.mark.parametrize("number", [0.1, 1e-7, 1 / 3, -123.456])
@pytest.mark.parametrize("source", ["reference", "solution"])
def test_z_score_of_a_constant_column_is_zero_in_spite_of_rounding(load: Load, source: str, number: float) -> None:
    """The mean of three times 0.1 is not 0.1; what rounding leaves must not be blown up to -1."""
    code = normalization if source == "reference" else load("06_regularization/z_score", "solution")
    np.testing.assert_allclose(code.z_score(np.full((3, 2), number)), 0, atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, (4, 3), elements=st.floats(1, 1e6)), st.floats(0.5, 3))
def test_log_normalize_ignores_powers(load: Load, x: np.ndarray, power: float) -> None:
    """The largest entry of a column becomes 1, and x**power gives the same as x; the solution agrees."""
    x[0] = 2 + x.max(axis=0)
    out = normalization.log_normalize(x)
    np.testing.assert_allclose(out.max(axis=0), 1, atol=1e-12)
    assert out.min() >= 0
    np.testing.assert_allclose(normalization.log_normalize(x**power), out, atol=1e-9)
    np.testing.assert_allclose(load("06_regularization/log_normalize", "solution").log_normalize(x), out, atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(tables)
def test_arctan_normalize_is_odd_and_inverted_by_the_tangent(load: Load, x: np.ndarray) -> None:
    """f(-x) = -f(x), |f| < 1, and tan(f·π/2) = x; the solution agrees."""
    out = normalization.arctan_normalize(x)
    np.testing.assert_array_equal(normalization.arctan_normalize(-x), -out)
    assert np.abs(out).max() < 1
    np.testing.assert_allclose(np.tan(out * np.pi / 2), x, rtol=1e-9, atol=1e-9)
    solution = load("06_regularization/arctan_normalize", "solution")
    np.testing.assert_allclose(solution.arctan_normalize(x), out, rtol=1e-14)


def parameters(rng: np.random.Generator, features: int) -> tuple[np.ndarray, ...]:
    """gamma, beta, running_mean, running_var."""
    return (*rng.standard_normal((3, features)), rng.uniform(0.1, 2, features))


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 8), sizes, st.floats(0, 1), seeds)
def test_batchnorm_gives_mean_beta_and_spread_gamma(
    load: Load, batch: int, features: int, momentum: float, seed: int
) -> None:
    """Columns of out have mean beta and std |gamma|·sqrt(var/(var + eps)); the averages are mixed by momentum."""
    rng = np.random.default_rng(seed)
    x, (gamma, beta, mean, var) = rng.standard_normal((batch, features)), parameters(rng, features)
    results = out, new_mean, new_var = batchnorm_train(x, gamma, beta, mean, var, momentum=momentum, eps=1e-3)
    spread = np.sqrt(x.var(axis=0) / (x.var(axis=0) + 1e-3))
    np.testing.assert_allclose(out.mean(axis=0), beta, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=0), np.abs(gamma) * spread, atol=1e-12)
    np.testing.assert_allclose(new_mean, momentum * mean + (1 - momentum) * x.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(new_var, momentum * var + (1 - momentum) * x.var(axis=0), atol=1e-12)
    np.testing.assert_array_equal(batchnorm_forward(x, gamma, beta, eps=1e-3), out)
    solution = load("06_regularization/batchnorm", "solution")
    for got, expected in zip(
        solution.batchnorm_train(x, gamma, beta, mean, var, momentum=momentum, eps=1e-3), results, strict=True
    ):
        np.testing.assert_allclose(got, expected, atol=1e-12)


def test_lecture_momentum_is_the_weight_of_the_old_average() -> None:
    """The slide: with momentum 0.1, moving = 0.1·moving + 0.9·sample."""
    x = np.array([[1.0], [3.0]])
    one = np.ones(1)
    _, mean, var = batchnorm_train(x, one, one, np.array([10.0]), np.array([5.0]), momentum=0.1)
    np.testing.assert_allclose([mean[0], var[0]], [0.1 * 10 + 0.9 * 2, 0.1 * 5 + 0.9 * 1], rtol=1e-14)


def test_averages_of_one_batch_again_and_again_make_inference_equal_training() -> None:
    """When the running averages have settled on a batch's statistics, inference gives what training gave."""
    rng = np.random.default_rng(0)
    x, (gamma, beta, mean, var) = rng.standard_normal((6, 3)), parameters(rng, 3)
    for _ in range(60):
        out, mean, var = batchnorm_train(x, gamma, beta, mean, var, momentum=0.5)
    np.testing.assert_allclose(batchnorm_infer(x, gamma, beta, mean, var), out, atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), sizes, seeds)
def test_batchnorm_backward_keeps_nothing_along_ones_and_xhat(
    load: Load, batch: int, features: int, seed: int
) -> None:
    """Columns of dx sum to 0, Σ dx·xhat is what eps leaves of it, and the solution agrees."""
    rng = np.random.default_rng(seed)
    x, dout, (gamma, beta, *_) = *rng.standard_normal((2, batch, features)), parameters(rng, features)
    results = dx, dgamma, _ = batchnorm_backward(dout, x, gamma, beta, eps=1e-3)
    std = np.sqrt(x.var(axis=0) + 1e-3)
    xhat = (x - x.mean(axis=0)) / std
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose(np.sum(dx * xhat, axis=0), gamma / std**3 * 1e-3 * dgamma, atol=1e-9)
    solution = load("06_regularization/batchnorm", "solution")
    for got, expected in zip(solution.batchnorm_backward(dout, x, gamma, beta, eps=1e-3), results, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(sizes, sizes, sizes, sizes, seeds)
def test_batchnorm2d_does_not_know_where_a_pixel_is(
    load: Load, batch: int, height: int, width: int, channels: int, seed: int
) -> None:
    """Pixels and images in another order give the same numbers in that order; the solution agrees with the oracle."""
    rng = np.random.default_rng(seed)
    x, dout = rng.standard_normal((2, batch, height, width, channels))
    gamma, beta, mean, var = parameters(rng, channels)
    order = rng.permutation(batch * height * width)
    moved, dmoved = (a.reshape(-1, channels)[order].reshape(a.shape) for a in (x, dout))
    train, infer = batchnorm2d_train(x, gamma, beta, mean, var), batchnorm2d_infer(x, gamma, beta, mean, var)
    back = batchnorm2d_backward(dout, x, gamma, beta)
    for got, expected in [
        (batchnorm2d_train(moved, gamma, beta, mean, var), train),
        (batchnorm2d_backward(dmoved, moved, gamma, beta), back),
    ]:
        np.testing.assert_allclose(got[0].reshape(-1, channels), expected[0].reshape(-1, channels)[order], atol=1e-9)
        np.testing.assert_allclose(got[1:], expected[1:], rtol=1e-9, atol=1e-9)
    solution = load("06_regularization/batchnorm2d", "solution")
    mine = *solution.batchnorm2d_train(x, gamma, beta, mean, var), *solution.batchnorm2d_backward(dout, x, gamma, beta)
    for a, b in zip(mine, (*train, *back), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(solution.batchnorm2d_infer(x, gamma, beta, mean, var), infer, atol=1e-12)
