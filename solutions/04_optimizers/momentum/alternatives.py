"""Momentum: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("momentum_step", fast=False)
def entry_by_entry(w, dw, v, *, lr, mu=0.9):
    new_w, new_v = np.zeros_like(w), np.zeros_like(v)
    for index in np.ndindex(w.shape):
        new_v[index] = mu * v[index] - lr * dw[index]
        new_w[index] = w[index] + new_v[index]
    return new_w, new_v


@alternative("momentum_step")
def copied_then_in_place(w, dw, v, *, lr, mu=0.9):
    w, v = w.copy(), v.copy()
    v *= mu
    v -= lr * dw
    w += v
    return w, v


@alternative("momentum_step")
def through_the_uphill_velocity(w, dw, v, *, lr, mu=0.9):
    uphill = lr * dw - mu * v
    return np.asfortranarray(w - uphill), np.asfortranarray(-uphill)
