"""Min-max normalization: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("min_max_normalize", fast=False)
def entry_by_entry(x):
    out = np.zeros_like(x)
    for d in range(x.shape[1]):
        low, high = min(x[:, d]), max(x[:, d])
        for i in range(x.shape[0]):
            if high > low:
                out[i, d] = (x[i, d] - low) / (high - low)
    return out


@alternative("min_max_normalize")
def nan_replaced_by_zero(x):
    with np.errstate(invalid="ignore"):
        out = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    return np.asfortranarray(np.nan_to_num(out))


@alternative("min_max_normalize")
def divided_where_it_varies(x):
    low = np.amin(x, axis=0, keepdims=True)
    span = np.amax(x, axis=0, keepdims=True) - low
    return np.divide(x - low, span, out=np.zeros_like(x), where=span != 0)


@alternative("min_max_normalize")
def assigned_to_the_varying_columns(x):
    out = np.zeros_like(x)
    varies = np.ptp(x, axis=0) > 0
    kept = x[:, varies]
    out[:, varies] = (kept - kept.min(axis=0)) / np.ptp(kept, axis=0)
    return out
