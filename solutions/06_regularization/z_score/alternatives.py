"""Z-score: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("z_score", fast=False)
def entry_by_entry(x):
    batch, out = x.shape[0], np.zeros_like(x)
    for d in range(x.shape[1]):
        mean = sum(x[:, d]) / batch
        std = math.sqrt(sum((x[i, d] - mean) ** 2 for i in range(batch)) / batch)
        for i in range(batch):
            out[i, d] = (x[i, d] - mean) / std if std > 0 else 0.0
    return out


@alternative("z_score")
def nan_replaced_by_zero(x):
    with np.errstate(invalid="ignore"):
        out = (x - x.mean(axis=0)) / x.std(axis=0)
    return np.asfortranarray(np.nan_to_num(out))


@alternative("z_score")
def zero_std_replaced_by_one(x):
    centered = x - np.mean(x, axis=0, keepdims=True)
    std = np.sqrt(np.mean(centered**2, axis=0, keepdims=True))
    std[std == 0] = 1
    return centered / std


@alternative("z_score")
def divided_where_it_varies(x):
    centered, std = x - x.mean(axis=0), np.sqrt(x.var(axis=0))
    return np.divide(centered, std, out=np.zeros_like(x), where=std > 0)
