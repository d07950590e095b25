"""L2 penalty: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("l2_penalty", fast=False)
def entry_by_entry(w, *, strength):
    total = 0.0
    for value in w.ravel().tolist():
        total += value * value
    return strength * total


@alternative("l2_penalty")
def dot_product_with_itself(w, *, strength):
    return strength * np.vdot(w, w)


@alternative("l2_penalty")
def squared_norm(w, *, strength):
    return strength * np.linalg.norm(w.reshape(-1)) ** 2


@alternative("l2_penalty_backward", fast=False)
def gradient_entry_by_entry(w, *, strength):
    dw = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        dw[index] = strength * 2 * w[index]
    return dw


@alternative("l2_penalty_backward")
def added_to_itself(w, *, strength):
    return np.asfortranarray(strength * w + strength * w)
