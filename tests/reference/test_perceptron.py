"""Perceptron, neuron and MLP: laws over all shapes, and what one can do that the other cannot."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.dense import dense_backward, dense_forward
from reference.perceptron import mlp_forward, neuron_backward, neuron_forward, perceptron_forward, perceptron_update

Load = Callable[[str, str], ModuleType]
sizes, seeds = st.integers(1, 6), st.integers(0, 2**32)
BITS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, seeds)
def test_perceptron_is_the_rule_row_by_row(load: Load, batch: int, features: int, seed: int) -> None:
    """One pass is the passes over the single rows in order, a right answer changes nothing, and the solution agrees."""
    rng = np.random.default_rng(seed)
    x, w, b = rng.standard_normal((batch, features)), rng.standard_normal(features), float(rng.normal())
    y = rng.integers(0, 2, batch).astype(float)
    once = perceptron_update(x, y, w, b, lr=0.3)
    step_w, step_b = w, b
    for row, answer in zip(x, y, strict=True):
        wrong = perceptron_forward(row[None], step_w, step_b)[0] != answer
        new_w, new_b = perceptron_update(row[None], np.array([answer]), step_w, step_b, lr=0.3)
        assert bool(wrong) == (new_b != step_b) == (not np.array_equal(new_w, step_w))
        step_w, step_b = new_w, new_b
    solution = load("01_perceptron/perceptron", "solution")
    for got in ((step_w, step_b), solution.perceptron_update(x, y, w, b, lr=0.3)):
        np.testing.assert_allclose(got[0], once[0], rtol=1e-12, atol=1e-12)
        assert pytest.approx(once[1], abs=1e-12) == got[1]
    np.testing.assert_array_equal(solution.perceptron_forward(x, w, b), perceptron_forward(x, w, b))


@settings(max_examples=25, deadline=None)
@given(sizes, st.floats(0.01, 10), seeds)
def test_perceptron_converges_within_novikoffs_bound(features: int, lr: float, seed: int) -> None:
    """Where a line separates the classes by a margin g, at most (R / g)² mistakes are made, whatever the rate."""
    rng = np.random.default_rng(seed)
    line = rng.standard_normal(features + 1)
    line /= np.linalg.norm(line)
    points = np.hstack([rng.standard_normal((20, features)), np.ones((20, 1))])
    points = points[np.abs(points @ line) > 0.2]
    if not len(points):
        return
    x, y = points[:, :-1], (points @ line > 0).astype(float)
    margin, radius = np.abs(points @ line).min(), np.linalg.norm(points, axis=1).max()
    w, b, mistakes = np.zeros(features), 0.0, 0
    while not np.array_equal(perceptron_forward(x, w, b), y):
        for i in range(len(x)):
            mistakes += perceptron_forward(x[i : i + 1], w, b)[0] != y[i]
            w, b = perceptron_update(x[i : i + 1], y[i : i + 1], w, b, lr=lr)
        assert mistakes <= (radius / margin) ** 2 * (1 + 1e-9)


def test_perceptron_learns_or_but_never_exclusive_or() -> None:
    """A line separates the truth table of "or"; none separates that of "exclusive or"."""
    for y, learned in (([0.0, 1, 1, 1], True), ([0.0, 1, 1, 0], False)):
        w, b = np.zeros(2), 0.0
        for _ in range(50):
            w, b = perceptron_update(BITS, np.array(y), w, b, lr=1.0)
        assert learned == (perceptron_forward(BITS, w, b).tolist() == y)


def test_mlp_knows_exclusive_or() -> None:
    """One hidden layer of two neurons, an "or" and an "and", is enough."""
    weights = [np.array([[20.0, 20], [20, 20]]), np.array([[20.0], [-20]])]
    biases = [np.array([-10.0, -30]), np.array([-10.0])]
    assert mlp_forward(BITS, weights, biases).round(2).ravel().tolist() == [0, 1, 1, 0]


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, seeds)
def test_neuron_is_a_dense_layer_with_a_sigmoid(load: Load, batch: int, features: int, seed: int) -> None:
    """Forward and backward are those of a dense layer of one output, behind 1 / (1 + exp(-s)); the solution agrees."""
    rng = np.random.default_rng(seed)
    x, w, b = rng.standard_normal((batch, features)), rng.standard_normal(features), float(rng.normal())
    dout = rng.standard_normal(batch)
    exponentials = np.exp(-dense_forward(x, w[:, None], np.array([b]))[:, 0])
    dx, dw, db = dense_backward((dout * exponentials / (1 + exponentials) ** 2)[:, None], x, w[:, None], np.array([b]))
    solution = load("01_perceptron/neuron", "solution")
    for forward, backward in (
        (neuron_forward, neuron_backward),
        (solution.neuron_forward, solution.neuron_backward),
    ):
        np.testing.assert_allclose(forward(x, w, b), 1 / (1 + exponentials), rtol=1e-12)
        for got, expected in zip(backward(dout, x, w, b), (dx, dw[:, 0], db[0]), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-12)


def network(layers: list[int], seed: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal(pair) for pair in pairwise(layers)]
    return weights, [rng.standard_normal(size) for size in layers[1:]]


@settings(max_examples=50, deadline=None)
@given(sizes, st.lists(sizes, min_size=2, max_size=5), st.data())
def test_mlp_is_its_front_followed_by_its_back(load: Load, batch: int, layers: list[int], data: st.DataObject) -> None:
    """Cut a network anywhere: the back of it, fed by the front, is the whole; with no layers at all it is x."""
    weights, biases = network(layers, data.draw(seeds))
    x, cut = np.random.default_rng(0).standard_normal((batch, layers[0])), data.draw(st.integers(0, len(weights)))
    out = mlp_forward(x, weights, biases)
    front = mlp_forward(x, weights[:cut], biases[:cut])
    np.testing.assert_array_equal(mlp_forward(front, weights[cut:], biases[cut:]), out)
    assert out.shape == (batch, layers[-1]) and np.all((out > 0) & (out < 1))
    np.testing.assert_allclose(load("01_perceptron/mlp", "solution").mlp_forward(x, weights, biases), out, rtol=1e-11)
