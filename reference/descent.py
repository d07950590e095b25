"""Descent: optimizers at work, over many steps. They are sequential, so there is nothing to vectorize over steps.

`gradient` is a function that takes a point w (D,) and returns the gradient there, of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from reference.optimizers import adagrad_step, momentum_step, sgd_step

Gradient = Callable[[np.ndarray], np.ndarray]


def gradient_descent(gradient: Gradient, w: np.ndarray, *, lr: float, steps: int) -> np.ndarray:
    """The path w, w - lr·gradient(w), and so on: (steps + 1, D), the start included."""
    return _path(lambda w, dw: (sgd_step(w, dw, lr=lr),), gradient, w, steps)


def minibatches(
    x: np.ndarray, y: np.ndarray, *, batch_size: int, rng: Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The rows of x and y in one random order, cut into pairs (xb, yb) of batch_size rows; the last may be shorter.

    One permutation and one gather per batch: whole rows are copied, never single numbers.
    """
    order = rng.permutation(len(x))
    cuts = range(batch_size, len(x), batch_size)
    return [(x[rows], y[rows]) for rows in np.split(order, cuts)]


def race(
    gradient: Gradient,
    w: np.ndarray,
    *,
    steps: int,
    lr: float,
    adagrad_lr: float,
    mu: float = 0.9,
    eps: float = 1e-8,
) -> dict[str, np.ndarray]:
    """The paths of "sgd", "momentum" and "adagrad" from w, each (steps + 1, D); state starts at zero.

    lr is that of sgd and momentum. AdaGrad's first step is adagrad_lr in every coordinate, whatever the gradient, so
    its rate is a length and not comparable with lr.
    """
    return {
        "sgd": gradient_descent(gradient, w, lr=lr, steps=steps),
        "momentum": _path(lambda w, dw, v: momentum_step(w, dw, v, lr=lr, mu=mu), gradient, w, steps, state=1),
        "adagrad": _path(
            lambda w, dw, cache: adagrad_step(w, dw, cache, lr=adagrad_lr, eps=eps), gradient, w, steps, state=1
        ),
    }


def _path(
    step: Callable[..., tuple[np.ndarray, ...]], gradient: Gradient, w: np.ndarray, steps: int, state: int = 0
) -> np.ndarray:
    """The points that `step(w, dw, *state) → (w, *state)` visits; `state` arrays of zeros are carried along."""
    path = np.empty((steps + 1, *w.shape), w.dtype)
    path[0] = w
    held = [np.zeros_like(w) for _ in range(state)]
    for point in path[1:]:
        w, *held = step(w, gradient(w), *held)
        point[...] = w
    return path
