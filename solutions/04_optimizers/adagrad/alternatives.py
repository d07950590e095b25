"""AdaGrad: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("adagrad_step", fast=False)
def entry_by_entry(w, dw, cache, *, lr, eps=1e-8):
    new_w, new_cache = np.zeros_like(w), np.zeros_like(cache)
    for index in np.ndindex(w.shape):
        new_cache[index] = cache[index] + dw[index] ** 2
        new_w[index] = w[index] - lr * dw[index] / (new_cache[index] ** 0.5 + eps)
    return new_w, new_cache


@alternative("adagrad_step")
def copied_then_in_place(w, dw, cache, *, lr, eps=1e-8):
    w, cache = w.copy(), cache.copy()
    cache += dw * dw
    w += -lr * dw / (np.sqrt(cache) + eps)
    return w, cache


@alternative("adagrad_step")
def a_rate_for_every_entry(w, dw, cache, *, lr, eps=1e-8):
    new_cache = np.asfortranarray(np.add(cache, np.square(dw)))
    rate = lr / (eps + new_cache**0.5)
    return np.asfortranarray(w - rate * dw), new_cache
