"""Chain rule: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("graph_forward")
def array_maximum(x, y, z):
    return np.multiply(np.add(x, y), np.maximum(z, x))


@alternative("graph_forward")
def two_branches(x, y, z):
    if z > x:
        return x * z + y * z
    return x * x + x * y


@alternative("graph_backward")
def derivatives_of_each_branch(x, y, z):
    return (z, z, x + y) if z > x else (2 * x + y, x, 0)


@alternative("graph_backward")
def gates_as_numbers(x, y, z):
    q, m = np.add(x, y), np.maximum(z, x)
    return m + np.where(x > z, q, 0.0), m, np.where(z > x, q, 0.0)


@alternative("graph_backward")
def matrices_of_derivatives(x, y, z):
    inner = np.array([[1.0, 1.0, 0.0], [float(x > z), 0.0, float(z > x)]])
    return list(np.array([max(z, x), x + y]) @ inner)
