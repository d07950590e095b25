"""Answers that are right on ordinary inputs only, and the cases of the course that reject them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reference.convolution import conv2d_forward
from tests.course.test_scales import COURSE, fails


def maximum_from_a_constant(x, *, window, stride):
    """max_pool2d_forward that starts at -100."""
    return np.maximum(_windows(x, window, stride).max((-1, -2)), -100.0)


def nearly_equal_pixels_share(dout, x, *, window, stride):
    """max_pool2d_backward by np.isclose."""
    dx = np.zeros_like(x)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            s = np.s_[:, i * stride : i * stride + window, j * stride : j * stride + window]
            hit = np.isclose(x[s], x[s].max((1, 2), keepdims=True))
            dx[s] += hit / hit.sum((1, 2), keepdims=True) * dout[:, i : i + 1, j : j + 1]
    return dx


def mean_without_zeros(x, *, window, stride):
    """avg_pool2d_forward over the pixels that are not 0."""
    v = _windows(x, window, stride)
    return v.sum((-1, -2)) / np.maximum((v != 0).sum((-1, -2)), 1)


def nearly_the_same_number(x, dy, dx, *, window, stride):
    """pool_invariance within 0.01."""
    moved = COURSE.exercise("translation").function("translate").oracle(x, dy, dx)
    before, after = (_windows(a[None, :, :, None], window, stride).max((-1, -2)) for a in (x, moved))
    return float(np.isclose(before, after, atol=1e-2).mean())


def stops_at_a_minimum(gradient, w, *, lr, steps):
    """gradient_descent whose trajectory is short where it converges."""
    trajectory = [w.copy()]
    for _ in range(steps):
        slope = gradient(trajectory[-1])
        if np.linalg.norm(slope) < 1e-6:
            break
        trajectory.append(trajectory[-1] - lr * slope)
    return np.array(trajectory)


def statistics_of_a_large_batch(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """batchnorm_infer that normalizes many rows by themselves."""
    if len(x) > 32:
        axes = tuple(range(x.ndim - 1))
        running_mean, running_var = x.mean(axes), x.var(axes)
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def depthwise_where_it_fits(x, w, b, *, stride=1, pad=0):
    """conv2d_forward that keeps channels apart where there are as many filters."""
    return conv2d_forward(x, w * np.eye(w.shape[2]) if w.shape[2] == w.shape[3] else w, b, stride=stride, pad=pad)


def clipped(oracle: Any) -> Any:
    """The oracle with every gradient clipped to 5."""

    def answer(*args: Any, **options: Any) -> Any:
        value = oracle(*args, **options)
        return tuple(np.clip(v, -5, 5)[()] for v in value) if isinstance(value, tuple) else np.clip(value, -5, 5)

    return answer


def _windows(x: np.ndarray, window: int, stride: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(x, (window, window), axis=(1, 2))[:, ::stride, ::stride]


ANSWERS = [
    ("max_pool2d", "max_pool2d_forward", maximum_from_a_constant),
    ("max_pool2d", "max_pool2d_backward", nearly_equal_pixels_share),
    ("avg_pool2d", "avg_pool2d_forward", mean_without_zeros),
    ("translation", "pool_invariance", nearly_the_same_number),
    ("gradient_descent", "gradient_descent", stops_at_a_minimum),
    ("batchnorm", "batchnorm_infer", statistics_of_a_large_batch),
    ("batchnorm2d", "batchnorm2d_infer", statistics_of_a_large_batch),
    ("conv2d", "conv2d_forward", depthwise_where_it_fits),
    *((name, title, clipped(COURSE.exercise(name).function(title).oracle)) for name, title in (
        ("chain_rule", "graph_backward"), ("huber_loss", "huber_loss_backward"), ("l1_penalty", "l1_penalty_backward"),
        ("repair_cosine_loss", "cosine_loss_backward"))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "title", "answer"), ANSWERS, ids=[f"{a[1]}-{a[2].__name__}" for a in ANSWERS])
def test_a_shortcut_fails(name, title, answer):
    """Each answer is rejected on five papers."""
    function = COURSE.exercise(name).function(title)
    assert all(fails(name, function, answer, seed) for seed in range(5))
