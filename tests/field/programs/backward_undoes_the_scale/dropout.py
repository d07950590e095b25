import numpy as np


def dropout_mask(shape, *, p, rng):
    keep = rng.random(shape) < (1 - p)
    return keep / (1 - p)


def dropout_forward(x, mask, *, train):
    return x * mask if train else x


def dropout_backward(dout, x, mask, *, train):
    if not train:
        return dout
    kept = mask > 0
    return dout * kept
