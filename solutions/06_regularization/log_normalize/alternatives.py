"""Log normalization: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("log_normalize", fast=False)
def entry_by_entry(x):
    out = np.zeros_like(x)
    for d in range(x.shape[1]):
        largest = max(x[:, d])
        for i in range(x.shape[0]):
            out[i, d] = math.log(x[i, d]) / math.log(largest)
    return out


@alternative("log_normalize")
def base_ten(x):
    return np.asfortranarray(np.log10(x) / np.log10(np.max(x, axis=0)))


@alternative("log_normalize")
def base_two_of_the_transposed(x):
    return (np.log2(x.T) / np.log2(x.max(axis=0))[:, None]).T
