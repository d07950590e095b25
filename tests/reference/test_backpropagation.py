"""Backpropagation: laws of the graph, the difference quotient, the MLP and the CNN."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.backpropagation import cnn_loss, graph_backward, graph_forward, mlp_backward, numerical_gradient
from reference.perceptron import mlp_forward

Load = Callable[[str, str], ModuleType]
sizes, seeds = st.integers(1, 5), st.integers(0, 2**32)
numbers = st.floats(-1e3, 1e3)


@settings(max_examples=100, deadline=None)
@given(numbers, numbers, numbers)
def test_graph_obeys_eulers_theorem(load: Load, x: float, y: float, z: float) -> None:
    """f grows with the square of its arguments, hence x·dx + y·dy + z·dz = 2f, ties included; the solution agrees."""
    f, (dx, dy, dz) = graph_forward(x, y, z), graph_backward(x, y, z)
    assert x * dx + y * dy + z * dz == pytest.approx(2 * f, abs=1e-6)
    solution = load("05_backpropagation/chain_rule", "solution")
    assert f == solution.graph_forward(x, y, z)
    assert pytest.approx((dx, dy, dz)) == solution.graph_backward(x, y, z)


@pytest.mark.parametrize("source", ["oracle", "solution"])
@settings(max_examples=40, deadline=None)
@given(st.lists(sizes, min_size=1, max_size=3), st.floats(0.01, 1), seeds)
def test_numerical_gradient_is_off_by_the_third_derivative(
    source: str, load: Load, shape: list[int], h: float, seed: int
) -> None:
    """Exact for a quadratic form, off by h² for a sum of cubes; two evaluations an entry, each moving that one."""
    code = numerical_gradient
    if source == "solution":
        code = load("05_backpropagation/numerical_gradient", "solution").numerical_gradient
    rng = np.random.default_rng(seed)
    x, table = rng.standard_normal(shape), rng.standard_normal((np.prod(shape), np.prod(shape)))
    seen: list[np.ndarray] = []

    def f(point: np.ndarray) -> float:
        seen.append(np.abs(point - x))
        return float(point.ravel() @ table @ point.ravel() + np.sum(point**3))

    expected = ((table + table.T) @ x.ravel()).reshape(shape) + 3 * x**2 + h**2
    np.testing.assert_allclose(code(f, x, h=h), expected, rtol=1e-9, atol=1e-9)
    assert len(seen) == 2 * x.size
    assert all(np.count_nonzero(moved) == 1 and moved.max() == pytest.approx(h) for moved in seen)


def test_numerical_gradient_asks_on_both_sides_of_every_kind_of_array() -> None:
    """C order, Fortran order and a strided view give the same bits, and x is never written to."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 3))
    expected = numerical_gradient(lambda point: float(np.prod(np.sin(point))), x)
    for view in (np.asfortranarray(x), np.repeat(x, 2, axis=1)[:, ::2]):
        view.flags.writeable = False
        got = numerical_gradient(lambda point: float(np.prod(np.sin(point))), view)
        np.testing.assert_array_equal(got, expected)


@settings(max_examples=40, deadline=None)
@given(sizes, st.lists(sizes, min_size=2, max_size=5), st.data())
def test_mlp_backward_walks_back_through_any_cut(
    load: Load, batch: int, layers: list[int], data: st.DataObject
) -> None:
    """Backward of the whole is backward of the back part, whose dx is the front part's dout; the solution agrees."""
    rng = np.random.default_rng(data.draw(seeds))
    weights = [rng.standard_normal(pair) for pair in pairwise(layers)]
    biases = [rng.standard_normal(size) for size in layers[1:]]
    x, dout = rng.standard_normal((batch, layers[0])), rng.standard_normal((batch, layers[-1]))
    whole = mlp_backward(dout, x, weights, biases)
    cut = data.draw(st.integers(0, len(weights)))
    between = mlp_forward(x, weights[:cut], biases[:cut])
    dbetween, *back = mlp_backward(dout, between, weights[cut:], biases[cut:])
    dx, *front = mlp_backward(dbetween, x, weights[:cut], biases[:cut])
    split = dx, front[0] + back[0], front[1] + back[1]
    solution = load("05_backpropagation/mlp_backprop", "solution").mlp_backward(dout, x, weights, biases)
    for other in (split, solution):
        np.testing.assert_allclose(other[0], whole[0], rtol=1e-11, atol=1e-13)
        for got, expected in zip(other[1] + other[2], whole[1] + whole[2], strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-13)


Problem = tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Images, labels and parameters of any small shapes for which one window of the pool fits."""
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    image = tuple(draw(st.integers(max(1, k), 6)) for k in kernel)
    batch, channels, filters, classes = draw(sizes), draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(sizes)
    rng = np.random.default_rng(draw(seeds))
    features = filters * np.prod([(side + 3 - k) // 2 for side, k in zip(image, kernel, strict=True)])
    params = {
        "conv_w": rng.standard_normal((*kernel, channels, filters)),
        "conv_b": rng.standard_normal(filters),
        "dense_w": rng.standard_normal((features, classes)) / features,
        "dense_b": rng.standard_normal(classes),
    }
    return rng.standard_normal((batch, *image, channels)), rng.integers(0, classes, batch), params


@settings(max_examples=40, deadline=None)
@given(problems())
def test_cnn_loss_agrees_with_the_solution(load: Load, problem: Problem) -> None:
    """Oracle and solution, written independently, agree for any shapes, also where padding makes maxima tie."""
    loss, grads = cnn_loss(*problem)
    other_loss, other_grads = load("05_backpropagation/cnn_backprop", "solution").cnn_loss(*problem)
    assert pytest.approx(loss, abs=1e-12) == other_loss
    assert grads.keys() == other_grads.keys() == problem[2].keys()
    for name, grad in grads.items():
        assert grad.shape == problem[2][name].shape
        np.testing.assert_allclose(other_grads[name], grad, rtol=1e-10, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(problems(), st.floats(-50, 50))
def test_cnn_loss_does_not_see_a_shift_of_all_scores(problem: Problem, shift: float) -> None:
    """Adding a number to dense_b changes nothing, so its gradient sums to 0."""
    x, labels, params = problem
    loss, grads = cnn_loss(x, labels, params)
    assert pytest.approx(loss, abs=1e-10) == cnn_loss(x, labels, params | {"dense_b": params["dense_b"] + shift})[0]
    assert abs(grads["dense_b"].sum()) < 1e-14


@pytest.mark.parametrize("name", ["conv_w", "conv_b", "dense_w", "dense_b"])
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4), (1, 3)])
def test_cnn_grads_are_the_complex_step_derivatives_of_the_loss(name: str, kernel: tuple[int, int]) -> None:
    """Each parameter's gradient equals the exact directional derivative of the loss; padding-only ties included."""
    rng = np.random.default_rng(5)
    x, labels = rng.standard_normal((3, 5, 6, 2)), rng.integers(0, 4, 3)
    features = (8 - kernel[0]) // 2 * ((9 - kernel[1]) // 2) * 3
    shapes = {"conv_w": (*kernel, 2, 3), "conv_b": (3,), "dense_w": (features, 4), "dense_b": (4,)}
    params = {key: rng.standard_normal(shape) / 2 for key, shape in shapes.items()}
    params["conv_b"] = np.abs(params["conv_b"])
    plane = {key: value.astype(complex) for key, value in params.items()}
    for _ in range(2):
        direction = rng.standard_normal(shapes[name])
        loss, _ = cnn_loss(x.astype(complex), labels, plane | {name: params[name] + 1e-30j * direction})
        expected = np.imag(loss) / 1e-30
        gradient = cnn_loss(x, labels, params)[1][name]
        scale = np.linalg.norm(gradient) * np.linalg.norm(direction)
        assert abs(np.sum(gradient * direction) - expected) <= 1e-12 * scale
