import numpy as np


def dropout_mask(shape, *, p, rng):
    keep = 1.0 - p
    return rng.binomial(1, keep, size=shape) / keep


def dropout_forward(x, mask, *, train):
    return np.multiply(x, mask) if train else x


def dropout_backward(dout, x, mask, *, train):
    if not train:
        return dout
    dx = np.zeros(x.shape)
    np.multiply(dout, mask, out=dx)
    return dx
