"""Multilayer perceptron: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("mlp_forward", fast=False)
def neuron_by_neuron(x, weights, biases):
    rows = []
    for row in x.tolist():
        for w, b in zip(weights, biases, strict=True):
            sums = [b[m] + sum(value * w[d, m] for d, value in enumerate(row)) for m in range(len(b))]
            row = [1 / (1 + math.exp(-s)) for s in sums]
        rows.append(row)
    return np.array(rows)


@alternative("mlp_forward", fast=False)
def example_by_example(x, weights, biases):
    out = np.zeros((len(x), len(biases[-1])))
    for i, h in enumerate(x):
        for layer in range(len(weights)):
            h = 1 / (1 + np.exp(-(weights[layer].T @ h + biases[layer])))
        out[i] = h
    return out


@alternative("mlp_forward")
def shifted_tanh(x, weights, biases):
    h = x
    for layer in range(len(weights)):
        h = 0.5 + 0.5 * np.tanh((np.dot(h, weights[layer]) + biases[layer]) / 2)
    return np.asfortranarray(h)


@alternative("mlp_forward")
def one_column_per_example(x, weights, biases):
    h = x.T
    for w, b in zip(weights, biases, strict=True):
        h = np.reciprocal(1 + np.exp(-(w.T @ h) - b[:, None]))
    return h.T


@alternative("mlp_forward")
def threshold_as_a_weight(x, weights, biases):
    h = x
    for w, b in zip(weights, biases, strict=True):
        rows = np.hstack([h, np.ones((len(h), 1))])
        s = rows @ np.vstack([w, b])
        small = np.exp(-np.abs(s))
        h = np.where(s >= 0, 1, small) / (1 + small)
    return h
