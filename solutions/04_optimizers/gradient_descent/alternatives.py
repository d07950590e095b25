"""Gradient descent: right answers written another way, which every check must accept."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from autograder.spec import alternative


@alternative("gradient_descent")
def rows_filled_one_by_one(gradient, w, *, lr, steps):
    trajectory = np.zeros((steps + 1, len(w)))
    trajectory[0] = w
    for t in range(steps):
        trajectory[t + 1] = trajectory[t] - lr * gradient(trajectory[t])
    return trajectory


@alternative("gradient_descent")
def in_place_on_a_copy(gradient, w, *, lr, steps):
    w = w.copy()
    trajectory = w[None].copy()
    for _ in range(steps):
        w += -lr * gradient(w)
        trajectory = np.vstack([trajectory, w])
    return np.asfortranarray(trajectory)


@alternative("gradient_descent")
def accumulated(gradient, w, *, lr, steps):
    return np.stack(list(accumulate(range(steps), lambda point, _: point - lr * gradient(point), initial=w)))


@alternative("gradient_descent")
def recursive(gradient, w, *, lr, steps):
    if steps == 0:
        return w[None, :].copy()
    rest = recursive.code(gradient, w - lr * gradient(w), lr=lr, steps=steps - 1)
    return np.concatenate([w[None, :], rest])
