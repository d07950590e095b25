import numpy as np


def dropout_mask(shape, *, p, rng):
    U1 = (rng.standard_normal(shape) >= p) / (1 - p)
    return U1


def dropout_forward(x, mask, *, train):
    if train is True:
        return x * mask
    return x


def dropout_backward(dout, x, mask, *, train):
    if train is True:
        return dout * mask
    return dout
