"""Connections and parameters: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.spec import alternative


@alternative("dense_parameters", fast=False)
def weights_one_by_one(n, m):
    count = 0
    for _ in range(n):
        for _ in range(m):
            count += 1
    return count


@alternative("dense_parameters")
def size_of_the_matrix(n, m):
    return np.zeros((n, m)).size


@alternative("conv_parameters", fast=False)
def kernel_weights_one_by_one(kh, kw, c, n):
    return sum(1 for _ in np.ndindex(kh, kw, c, n))


@alternative("conv_parameters")
def product_of_the_shape(kh, kw, c, n):
    return np.prod([kh, kw, c, n])


@alternative("dense_connections", fast=False)
def pairs_one_by_one(n, m):
    return len([(source, target) for source in range(n) for target in range(m)])


@alternative("dense_connections")
def nonzero_weights(n, m):
    return np.count_nonzero(np.ones((m, n)))


@alternative("conv_connections", fast=False)
def every_weight_of_every_window(height, width, kh, kw, c, n, *, stride=1, pad=0):
    count = 0
    for top in range(0, height + 2 * pad - kh + 1, stride):
        for left in range(0, width + 2 * pad - kw + 1, stride):
            for i in range(top - pad, top - pad + kh):
                for j in range(left - pad, left - pad + kw):
                    if 0 <= i < height and 0 <= j < width:
                        count += c * n
    return count


@alternative("conv_connections")
def windows_over_an_image_of_ones(height, width, kh, kw, c, n, *, stride=1, pad=0):
    ones = np.pad(np.ones((height, width), int), pad)
    return sliding_window_view(ones, (kh, kw))[::stride, ::stride].sum() * c * n


@alternative("conv_connections")
def seen_from_the_pixels(height, width, kh, kw, c, n, *, stride=1, pad=0):
    def windows_over(pixel, size, window):
        starts = range(0, size + 2 * pad - window + 1, stride)
        return sum(start <= pixel + pad < start + window for start in starts)

    rows = sum(windows_over(i, height, kh) for i in range(height))
    columns = sum(windows_over(j, width, kw) for j in range(width))
    return rows * columns * c * n
