"""Perceptron: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("perceptron_forward", fast=False)
def sum_by_sum(x, w, b):
    out = np.zeros(x.shape[0])
    for i in range(x.shape[0]):
        total = b
        for d in range(x.shape[1]):
            total += x[i, d] * w[d]
        if total >= 0:
            out[i] = 1
    return out


@alternative("perceptron_forward", fast=False)
def example_by_example(x, w, b):
    return np.array([1.0 if np.dot(row, w) + b >= 0 else 0.0 for row in x])


@alternative("perceptron_forward")
def comparison_as_number(x, w, b):
    return (np.dot(x, w) + b >= 0).astype(np.float64)


@alternative("perceptron_forward")
def heaviside(x, w, b):
    return np.heaviside((x * w).sum(axis=1) + b, 1.0)


@alternative("perceptron_update", fast=False)
def weight_by_weight(x, y, w, b, *, lr):
    weights = w.tolist()
    for row, answer in zip(x.tolist(), y.tolist(), strict=True):
        out = int(sum(u * v for u, v in zip(row, weights, strict=True)) + b >= 0)
        for d in range(len(weights)):
            weights[d] += lr * (answer - out) * row[d]
        b += lr * (answer - out)
    return np.array(weights), b


@alternative("perceptron_update")
def two_kinds_of_error(x, y, w, b, *, lr):
    new_w, new_b = w.copy(), np.float64(b)
    for i in range(len(x)):
        fires = np.dot(x[i], new_w) + new_b >= 0
        if fires and y[i] == 0:
            new_w -= lr * x[i]
            new_b -= lr
        elif not fires and y[i] == 1:
            new_w += lr * x[i]
            new_b += lr
    return new_w, new_b


@alternative("perceptron_update")
def threshold_as_a_weight(x, y, w, b, *, lr):
    rows = np.hstack([x, np.ones((len(x), 1))])
    weights = np.append(w, b)
    for row, answer in zip(rows, y, strict=True):
        weights += lr * (answer - np.heaviside(row @ weights, 1.0)) * row
    return weights[:-1], weights[-1]
