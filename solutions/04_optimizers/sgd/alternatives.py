"""SGD: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("sgd_step", fast=False)
def entry_by_entry(w, dw, *, lr):
    out = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        out[index] = w[index] - lr * dw[index]
    return out


@alternative("sgd_step")
def copied_then_in_place(w, dw, *, lr):
    w = w.copy()
    w -= lr * dw
    return w


@alternative("sgd_step")
def sum_in_fortran_order(w, dw, *, lr):
    return np.asfortranarray(np.add(w, np.multiply(dw, -lr)))
