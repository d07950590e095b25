"""Optimizers at work: laws of their paths, and the judge of shuffled mini-batches."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.descent import gradient_descent, minibatches, race
from reference.optimizers import adagrad_step

Load = Callable[[str, str], ModuleType]
RAVINE = np.array([1.0, 19.0])


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 1.9), st.integers(0, 20), st.floats(0.1, 2))
def test_descent_on_a_bowl_is_a_geometric_sequence(load: Load, lr: float, steps: int, slope: float) -> None:
    """On J = slope·w²/2 point t is (1 - lr·slope)^t·w, for oracle and solution."""
    w = np.array([1.5, -0.5, 2.0])
    expected = (1 - lr * slope) ** np.arange(steps + 1)[:, None] * w
    solution = load("04_optimizers/gradient_descent", "solution")
    for walk in (gradient_descent, solution.gradient_descent):
        np.testing.assert_allclose(walk(lambda point: slope * point, w, lr=lr, steps=steps), expected, atol=1e-9)


def test_descent_finds_the_valley_it_started_above() -> None:
    """Of two valleys the nearer is found, also when it is the higher: the global optimum is for convex functions."""
    starts, words = ([1.5], [-1.0]), {"lr": 0.05, "steps": 80}
    right, left = (gradient_descent(lambda w: 4 * w * (w * w - 1) + 1, np.array(s), **words)[-1, 0] for s in starts)
    assert right > 0 > left
    assert (right**2 - 1) ** 2 + right > (left**2 - 1) ** 2 + left + 1


@settings(max_examples=50, deadline=None)
@given(st.floats(1e-3, 1e3), st.integers(1, 6), st.integers(0, 2**32))
def test_adagrad_does_not_see_the_scale_of_the_gradient(scale: float, steps: int, seed: int) -> None:
    """With eps = 0 the path is the same for all gradients scaled alike, and the first step is lr in every entry."""
    gradients = np.random.default_rng(seed).standard_normal((steps, 4))
    w = scaled = np.zeros(4)
    cache = scaled_cache = np.zeros(4)
    for t, dw in enumerate(gradients):
        w, cache = adagrad_step(w, dw, cache, lr=0.3, eps=0.0)
        scaled, scaled_cache = adagrad_step(scaled, scale * dw, scaled_cache, lr=0.3, eps=0.0)
        if t == 0:
            np.testing.assert_allclose(w, -0.3 * np.sign(dw), rtol=1e-12)
    np.testing.assert_allclose(scaled, w, rtol=1e-9, atol=1e-12)


def test_race_draws_the_lectures_picture() -> None:
    """In the ravine SGD swings across at every step, momentum at fewer, AdaGrad at none; both end nearer than SGD."""
    paths = race(lambda w: RAVINE * w, np.array([-8.0, 2.0]), steps=30, lr=0.1, adagrad_lr=1.8, mu=0.5)
    assert all(path.shape == (31, 2) and path[0].tolist() == [-8, 2] for path in paths.values())
    swings = {name: np.count_nonzero(path[1:, 1] * path[:-1, 1] < 0) for name, path in paths.items()}
    assert swings["sgd"] == 30 > swings["momentum"] > swings["adagrad"] == 0
    loss = {name: RAVINE @ path[-1] ** 2 for name, path in paths.items()}
    assert max(loss["momentum"], loss["adagrad"]) < loss["sgd"] / 10


def test_the_solutions_race_is_the_reference_race(load: Load) -> None:
    """Equal names and equal paths, on a ravine askew."""
    steep = np.array([0.6, -0.8])
    words = {"steps": 25, "lr": 0.07, "adagrad_lr": 0.8, "mu": 0.8}
    gradient = lambda w: 0.8 * w + 12 * steep * (steep @ w)  # noqa: E731
    w = np.array([3.0, -1.0])
    mine = load("04_optimizers/optimizer_race", "solution").race(gradient, w, **words)
    expected = race(gradient, w, **words)
    assert mine.keys() == expected.keys()
    for name, path in mine.items():
        np.testing.assert_allclose(path, expected[name], rtol=1e-10)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.integers(1, 35), st.integers(0, 2**32))
def test_every_row_comes_once_an_epoch_with_its_label(load: Load, rows: int, batch_size: int, seed: int) -> None:
    """Whatever the sizes: all rows, right pairs, full batches but the last, which is never empty."""
    x, y = np.arange(2.0 * rows).reshape(rows, 2), np.arange(rows)
    solution = load("04_optimizers/minibatches", "solution")
    for cut in (minibatches, solution.minibatches):
        batches = cut(x, y, batch_size=batch_size, rng=np.random.default_rng(seed))
        sizes = [len(xb) for xb, _ in batches]
        assert sizes[:-1] == [batch_size] * (len(sizes) - 1) and 1 <= sizes[-1] <= batch_size
        labels = np.concatenate([yb for _, yb in batches])
        assert sorted(labels) == list(range(rows))
        np.testing.assert_array_equal(np.concatenate([xb for xb, _ in batches]), x[labels])


X, Y = np.random.default_rng(5).standard_normal((40, 2)), np.arange(40) % 7
INPUTS = {"x": X, "y": Y, "batch_size": 8}


def verdict(load: Load, order: Any, labels: Any = None) -> Any:
    """The judge's word on the rows in this order, cut into batches of 8."""
    labels = order if labels is None else labels
    batches = [(X[order[s : s + 8]], Y[labels[s : s + 8]]) for s in range(0, len(order), 8)]
    return load("04_optimizers/minibatches", "spec").one_epoch(INPUTS, batches)


def shuffled(seed: int) -> np.ndarray:
    return np.random.default_rng(10_000 + seed).permutation(40)


def test_random_orders_are_accepted(load: Load) -> None:
    """300 random orders of the smallest case pass."""
    assert not any(verdict(load, shuffled(seed)) for seed in range(300))


def test_random_orders_stay_far_from_the_bounds() -> None:
    """Of 3,000 random orders none has 13 of the 20 neighbours, or 24 of the 36 rows at home, that would reject it."""
    orders = np.array([shuffled(seed) for seed in range(3_000)])
    steps = np.diff(orders, axis=1) % 40
    neighbours = np.sum((steps == 1) | (steps == 39), axis=1)
    assert neighbours.max() < 13 and neighbours.mean() == pytest.approx(2, abs=0.15)
    assert np.sum(orders // 8 == np.arange(40) // 8, axis=1).max() < 24


ORDERS = {
    "as it was": np.arange(40),
    "backwards": np.arange(40)[::-1],
    "from a random row on": np.roll(np.arange(40), 13),
    "whole batches": np.arange(40).reshape(5, 8)[[3, 0, 4, 2, 1]].ravel(),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_rows_that_stay_neighbours_are_rejected(load: Load, order: np.ndarray) -> None:
    """The data's own order is seen forwards, backwards, rotated and in pieces."""
    assert "still neighbours" in verdict(load, order)


def test_batches_that_keep_their_rows_are_rejected(load: Load) -> None:
    """Shuffled inside each batch only: the batch's members never change."""
    rng = np.random.default_rng(3)
    assert "shuffle before you cut" in verdict(load, np.concatenate([s + rng.permutation(8) for s in range(0, 40, 8)]))


def test_lost_doubled_foreign_and_mislabelled_rows_are_rejected(load: Load) -> None:
    """Each with its own sentence, and no shape of answer makes the judge fail."""
    order = shuffled(1)
    assert "more than once" in verdict(load, np.append(order[:-1], order[0]))
    assert "do not belong" in verdict(load, order, shuffled(2))
    judge = load("04_optimizers/minibatches", "spec").one_epoch
    batches = [(X[order[s : s + 8]], Y[order[s : s + 8]]) for s in range(0, 40, 8)]
    assert "not in x" in judge(INPUTS, [(xb + 1, yb) for xb, yb in batches])
    for wrong in (None, [], 3, [None] * 5, batches[:4], [*batches[:4], (1, 2)], [(xb,) for xb, _ in batches], [
        (xb, yb[:1]) for xb, yb in batches
    ], [(xb.astype(int), yb) for xb, yb in batches]):  # fmt: skip
        assert "not pairs" in judge(INPUTS, wrong)
