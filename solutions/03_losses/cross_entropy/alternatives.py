"""Cross-entropy: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("cross_entropy", fast=False)
def plain_python(q, p, *, base=math.e):
    total = 0.0
    for predicted, target in zip(q.tolist(), p.tolist(), strict=True):
        for k in range(len(target)):
            if target[k] > 0:
                total -= target[k] * math.log(predicted[k], base)
    return total / len(q)


@alternative("cross_entropy", fast=False)
def row_by_row(q, p, *, base=math.e):
    losses = []
    for i in range(len(q)):
        present = p[i] > 0
        losses.append(-np.sum(p[i][present] * np.log(q[i][present])) / np.log(base))
    return np.mean(losses)


@alternative("cross_entropy")
def chosen_by_mask(q, p, *, base=math.e):
    present = p != 0
    return -np.dot(p[present], np.log(q[present])) / math.log(base) / q.shape[0]


@alternative("cross_entropy")
def nan_replaced_by_zero(q, p, *, base=math.e):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = p * np.log(q)
    return float(-np.nan_to_num(terms).sum(axis=1).mean() / np.log(base))


@alternative("cross_entropy")
def zero_replaced_by_the_smallest_number(q, p, *, base=math.e):
    return -np.sum(p * np.log(np.maximum(q, 1e-300))) / (np.log(base) * len(p))


@alternative("cross_entropy_backward", fast=False)
def entry_by_entry(q, p):
    dq = np.zeros_like(q)
    for i, k in np.ndindex(q.shape):
        if p[i, k] > 0:
            dq[i, k] = -p[i, k] / q[i, k] / len(q)
    return dq


@alternative("cross_entropy_backward")
def assigned_by_mask(q, p):
    dq, present = np.zeros(q.shape, order="F"), p > 0
    dq[present] = -p[present] / q[present]
    return dq / q.shape[0]


@alternative("cross_entropy_backward")
def divided_where_present(q, p):
    return -np.divide(p, q * len(q), out=np.zeros_like(q), where=p != 0)
