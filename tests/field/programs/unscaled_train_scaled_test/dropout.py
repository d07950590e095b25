import numpy as np

KEEP = 0.5


def dropout_mask(shape, *, p, rng):
    global KEEP
    KEEP = 1 - p
    return (rng.random(shape) > p).astype(np.float64)


def dropout_forward(x, mask, *, train):
    if train:
        out = x * mask
    else:
        out = x * KEEP
    return out


def dropout_backward(dout, x, mask, *, train):
    if train:
        return dout * mask
    return dout
