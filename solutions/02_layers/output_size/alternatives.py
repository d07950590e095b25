"""Output size: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("output_size", fast=False)
def slid_along(size, *, window, stride=1, pad=0):
    count, start = 0, -pad
    while start + window <= size + pad:
        count += 1
        start += stride
    return count


@alternative("output_size", fast=False)
def length_of_the_starts(size, *, window, stride=1, pad=0):
    return len(range(0, size + 2 * pad - window + 1, stride))


@alternative("output_size")
def floor_of_true_division(size, *, window, stride=1, pad=0):
    return math.floor((size + 2 * pad - window) / stride + 1)


@alternative("output_size")
def one_whole_stride_more(size, *, window, stride=1, pad=0):
    return (size + 2 * pad - window + stride) // stride


@alternative("output_size")
def integer_of_numpy(size, *, window, stride=1, pad=0):
    return np.floor_divide(size + 2 * pad - window, stride) + 1
