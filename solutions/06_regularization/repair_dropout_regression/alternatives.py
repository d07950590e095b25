"""Dropout and a penalty: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("dropout_regression_backward")
def number_by_number(x, target, w, mask, *, strength):
    dx, dw = np.zeros_like(x), 2 * strength * w
    for i in range(len(x)):
        for m in range(w.shape[1]):
            error = sum(x[i] * mask[i] * w[:, m]) - target[i, m]
            for d in range(w.shape[0]):
                dx[i, d] += 2 * error * w[d, m] * mask[i, d] / len(x)
                dw[d, m] += 2 * error * x[i, d] * mask[i, d] / len(x)
    return dx, dw


@alternative("dropout_regression_backward")
def in_einsums(x, target, w, mask, *, strength):
    error = np.einsum("bd,bd,dm->bm", x, mask, w) - target
    dx = np.einsum("bm,dm,bd->bd", error, w, mask)
    dw = np.einsum("bd,bd,bm->dm", x, mask, error)
    return dx * 2 / len(x), dw * 2 / len(x) + strength * (w + w)


@alternative("dropout_regression_backward")
def averaged_at_the_end(x, target, w, mask, *, strength):
    batch = x.shape[0]
    seen = np.where(mask == 0, 0, x * mask)
    gap = np.matmul(seen, w) - target
    dw = 2 * (np.matmul(seen.T, gap) / batch + strength * w)
    return 2 * np.matmul(gap, w.T) * mask / batch, np.asfortranarray(dw)
