"""Adaline's gradient: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("adaline_backward")
def example_by_example(x, y, w, b):
    dw, db = np.zeros(len(w)), 0.0
    for row, wanted in zip(x, y):
        s = b
        for number, weight in zip(row, w):
            s = s + number * weight
        for d, number in enumerate(row):
            dw[d] += 2 * (s - wanted) * number / len(y)
        db += 2 * (s - wanted) / len(y)
    return dw, db


@alternative("adaline_backward")
def bias_as_one_more_weight(x, y, w, b):
    wide = np.column_stack([x, np.ones(len(x))])
    gradient = wide.T @ (wide @ np.append(w, b) - y) * 2 / len(x)
    return gradient[:-1], gradient[-1]


@alternative("adaline_backward")
def mean_of_products(x, y, w, b):
    twice = 2 * (np.einsum("bd,d->b", x, w) - (y - b))
    return np.mean(twice[:, np.newaxis] * x, axis=0), float(np.mean(twice))
