"""Neuron: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("neuron_forward", fast=False)
def sum_by_sum(x, w, b):
    out = np.zeros(len(x))
    for i in range(len(x)):
        s = b
        for d in range(len(w)):
            s += x[i, d] * w[d]
        out[i] = 1 / (1 + math.exp(-s))
    return out


@alternative("neuron_forward", fast=False)
def example_by_example(x, w, b):
    return np.array([np.reciprocal(1 + np.exp(-np.dot(row, w) - b)) for row in x])


@alternative("neuron_forward")
def shifted_tanh(x, w, b):
    return (np.tanh((np.dot(x, w) + b) / 2) + 1) / 2


@alternative("neuron_forward")
def two_branches(x, w, b):
    s = np.sum(x * w, axis=1) + b
    small = np.exp(-np.abs(s))
    return np.where(s >= 0, 1, small) / (1 + small)


@alternative("neuron_backward", fast=False)
def gradients_sum_by_sum(dout, x, w, b):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), 0.0
    for i in range(len(x)):
        s = b + sum(x[i, d] * w[d] for d in range(len(w)))
        out = 1 / (1 + math.exp(-s))
        ds = dout[i] * out * (1 - out)
        db += ds
        for d in range(len(w)):
            dx[i, d] = ds * w[d]
            dw[d] += ds * x[i, d]
    return dx, dw, db


@alternative("neuron_backward", fast=False)
def gradients_example_by_example(dout, x, w, b):
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), 0.0
    for i, row in enumerate(x):
        e = np.exp(-(row @ w + b))
        ds = dout[i] * e / (1 + e) ** 2
        dx[i], dw, db = ds * w, dw + ds * row, db + ds
    return dx, dw, db


@alternative("neuron_backward")
def slope_from_tanh(dout, x, w, b):
    ds = dout * (1 - np.tanh((x @ w + b) / 2) ** 2) / 4
    return np.asfortranarray(np.outer(ds, w)), ds @ x, float(ds.sum())


@alternative("neuron_backward")
def threshold_as_a_weight(dout, x, w, b):
    rows = np.column_stack([x, np.ones(len(x))])
    weights = np.append(w, b)
    out = 1 / (1 + np.exp(-rows @ weights))
    ds = dout * (out - out**2)
    dweights = np.einsum("i,id->d", ds, rows)
    return np.einsum("i,d->id", ds, w), dweights[:-1], dweights[-1]
