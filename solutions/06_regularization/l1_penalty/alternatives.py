"""L1 penalty: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("l1_penalty", fast=False)
def entry_by_entry(w, *, strength):
    total = 0.0
    for value in w.ravel().tolist():
        total += abs(value)
    return strength * total


@alternative("l1_penalty")
def norm_of_the_flat_weights(w, *, strength):
    return strength * np.linalg.norm(w.ravel(), ord=1)


@alternative("l1_penalty")
def weights_times_their_signs(w, *, strength):
    return float(np.sum(strength * w * np.sign(w)))


@alternative("l1_penalty_backward", fast=False)
def gradient_entry_by_entry(w, *, strength):
    dw = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        dw[index] = strength if w[index] > 0 else -strength
    return dw


@alternative("l1_penalty_backward")
def strength_with_the_sign(w, *, strength):
    return np.asfortranarray(np.copysign(strength, w))


@alternative("l1_penalty_backward")
def difference_of_masks(w, *, strength):
    return strength * (w > 0) - strength * (w < 0)
