"""One-hot encoding: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("one_hot", fast=False)
def two_loops(labels, K):
    out = np.zeros((len(labels), K))
    for i in range(len(labels)):
        for k in range(K):
            if labels[i] == k:
                out[i, k] = 1.0
    return out


@alternative("one_hot", fast=False)
def lists_of_lists(labels, K):
    return np.array([[1.0 if k == label else 0.0 for k in range(K)] for label in labels])


@alternative("one_hot", fast=False)
def row_by_row(labels, K):
    out = np.zeros((len(labels), K))
    for i, label in enumerate(labels):
        out[i, label] = 1
    return out


@alternative("one_hot")
def zeros_then_ones(labels, K):
    out = np.zeros((labels.size, K))
    out[np.arange(labels.size), labels] = 1
    return out


@alternative("one_hot")
def rows_of_the_identity(labels, K):
    return np.eye(K)[labels]


@alternative("one_hot")
def ones_put_along_the_rows(labels, K):
    out = np.zeros((len(labels), K), order="F")
    np.put_along_axis(out, labels[:, None], 1.0, axis=1)
    return out


@alternative("one_hot")
def ones_at_flat_places(labels, K):
    out = np.zeros(len(labels) * K)
    out[np.arange(len(labels)) * K + labels] = 1
    return out.reshape(-1, K)
