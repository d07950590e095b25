"""Numerical gradient: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("numerical_gradient")
def displaced_and_put_back(f, x, *, h=1e-5):
    grad = np.zeros_like(x)
    places = np.nditer(x, flags=["multi_index"])
    while not places.finished:
        index = places.multi_index
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        x[index] = old
        grad[index] = (above - below) / (2 * h)
        places.iternext()
    return grad


@alternative("numerical_gradient")
def two_steps_in_a_copy(f, x, *, h=1e-5):
    point, grad = np.copy(x), np.empty(x.shape, order="F")
    for index, number in np.ndenumerate(x):
        point[index] += h
        grad[index] = f(point)
        point[index] -= 2 * h
        grad[index] -= f(point)
        point[index] = number
    return grad / 2 / h


@alternative("numerical_gradient")
def flat_view_of_a_copy(f, x, *, h=1e-5):
    point = np.ascontiguousarray(x).copy()
    flat = point.reshape(-1)
    grad = np.zeros(x.size)
    for i in range(x.size):
        for side in (1, -1):
            flat[i] += side * h
            grad[i] += side * f(point) / (2 * h)
            flat[i] = x[np.unravel_index(i, x.shape)]
    return grad.reshape(x.shape)


@alternative("numerical_gradient")
def rows_of_the_identity(f, x, *, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([0.5 * (f(x + step) - f(x - step)) / h for step in steps]).reshape(x.shape)


@alternative("numerical_gradient")
def mean_of_both_sides(f, x, *, h=1e-5):
    here, grad = f(x), np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        e = np.zeros(x.shape)
        e[index] = h
        grad[index] = ((f(x + e) - here) / h + (here - f(x - e)) / h) / 2
    return grad
