"""Convolution as a matrix: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.spec import alternative


@alternative("conv_matrix", fast=False)
def weight_by_weight(w, length, *, stride=1, pad=0):
    matrix = np.zeros((length, (length + 2 * pad - len(w)) // stride + 1))
    for i in range(matrix.shape[1]):
        for p in range(len(w)):
            row = i * stride + p - pad
            if 0 <= row < length:
                matrix[row, i] = w[p]
    return matrix


@alternative("conv_matrix", fast=False)
def what_it_does_to_each_unit_vector(w, length, *, stride=1, pad=0):
    rows = []
    for unit in np.eye(length):
        padded = np.pad(unit, pad)
        rows.append([padded[i : i + len(w)] @ w for i in range(0, len(padded) - len(w) + 1, stride)])
    return np.array(rows)


@alternative("conv_matrix")
def windows_of_the_unit_matrix(w, length, *, stride=1, pad=0):
    padded = np.pad(np.eye(length), ((0, 0), (pad, pad)))
    return np.asfortranarray(sliding_window_view(padded, len(w), axis=1)[:, ::stride] @ w)


@alternative("conv_matrix")
def sum_of_shifted_diagonals(w, length, *, stride=1, pad=0):
    outputs = length + 2 * pad - len(w) + 1
    return sum(weight * np.eye(length, outputs, k=pad - p) for p, weight in enumerate(w))[:, ::stride]


@alternative("conv_matrix")
def position_within_the_window(w, length, *, stride=1, pad=0):
    columns = np.arange((length + 2 * pad - len(w)) // stride + 1)
    p = np.arange(length)[:, None] + pad - stride * columns
    return np.where((p >= 0) & (p < len(w)), w[np.clip(p, 0, len(w) - 1)], 0.0)
