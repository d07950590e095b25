"""Dropout: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("dropout_mask")
def one_entry_after_another(shape, *, p, rng):
    mask = np.zeros(shape)
    for index in np.ndindex(*shape):
        if rng.random() >= p:
            mask[index] = 1 / (1 - p)
    return mask


@alternative("dropout_mask")
def coin_tosses(shape, *, p, rng):
    return rng.binomial(1, 1 - p, size=shape) / (1 - p)


@alternative("dropout_mask")
def chosen_from_two_values(shape, *, p, rng):
    return rng.choice([0.0, 1 / (1 - p)], size=shape, p=[p, 1 - p])


@alternative("dropout_mask")
def kept_by_the_low_numbers(shape, *, p, rng):
    keep = 1 - p
    return np.asfortranarray((rng.uniform(size=shape) < keep).astype(float) * (1 / keep))


@alternative("dropout_mask")
def columns_first(shape, *, p, rng):
    return np.where(rng.random(shape[::-1]).T > p, 1 / (1 - p), 0.0)


@alternative("dropout_forward", fast=False)
def entry_by_entry(x, mask, *, train):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = x[index] * mask[index] if train else x[index]
    return out


@alternative("dropout_forward")
def mask_of_ones_in_inference(x, mask, *, train):
    return np.asfortranarray(x * (mask if train else np.ones_like(mask)))


@alternative("dropout_forward")
def x_itself_in_inference(x, mask, *, train):
    if not train:
        return x
    out = np.where(mask > 0, x, 0.0)
    return out * mask


@alternative("dropout_backward", fast=False)
def gradient_entry_by_entry(dout, x, mask, *, train):
    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        dx[index] = dout[index] * mask[index] if train else dout[index]
    return dx


@alternative("dropout_backward")
def gradient_with_a_mask_of_ones(dout, x, mask, *, train):
    return np.asfortranarray(np.multiply(dout, mask if train else 1.0))


@alternative("dropout_backward")
def gradient_assigned_to_the_dropped(dout, x, mask, *, train):
    if not train:
        return dout
    dx = dout * np.max(mask, initial=0.0)
    dx[mask == 0] = 0
    return dx
