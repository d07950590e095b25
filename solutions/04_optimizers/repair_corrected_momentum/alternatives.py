"""Corrected momentum: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("corrected_momentum_step")
def entry_by_entry(w, dw, m, *, lr, t, mu=0.9):
    new_w, new_m = np.zeros_like(w), np.zeros_like(m)
    weights = sum((1 - mu) * mu**age for age in range(t))
    for place in np.ndindex(w.shape):
        new_m[place] = m[place] * mu + dw[place] * (1 - mu)
        new_w[place] = w[place] - lr * (new_m[place] / weights)
    return new_w, new_m


@alternative("corrected_momentum_step")
def rate_corrected(w, dw, m, *, lr, t, mu=0.9):
    kept = m + (dw - m) * (1 - mu)
    return w - (lr / (1 - mu**t)) * kept, kept


@alternative("corrected_momentum_step")
def in_copies(w, dw, m, *, lr, t, mu=0.9):
    w, m = np.array(w), np.array(m)
    m *= mu
    m += (1 - mu) * dw
    w -= lr / (1 - np.power(mu, t)) * m
    return [w, m]
