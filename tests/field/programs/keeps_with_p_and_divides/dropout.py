import numpy as np


def dropout_mask(shape, *, p, rng):
    mask = (rng.random(shape) < p) / p
    return mask


def dropout_forward(x, mask, *, train):
    if train:
        out = x * mask
    else:
        out = x
    return out.astype(x.dtype, copy=False)


def dropout_backward(dout, x, mask, *, train):
    if train:
        return dout * mask
    return dout
