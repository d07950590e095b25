"""Mean square: right answers written another way."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("mean_square")
def as_an_array_without_dimensions(x, y):
    return np.array(np.square(y - x).sum() / x.size)


@alternative("mean_square_backward")
def from_the_other_side(x, y):
    return -(y - x) * (2 / x.size)


@alternative("mean_square")
def as_a_dot_product(x, y):
    return np.dot((x - y).ravel(), (x - y).ravel()) / x.size


@alternative("mean_square_backward")
def in_fortran_order(x, y):
    return np.asfortranarray((x - y) / (x.size / 2))
