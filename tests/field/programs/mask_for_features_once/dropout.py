import numpy as np


def dropout_mask(shape, *, p, rng):
    mask = np.ones(shape)
    prop = rng.random((1,) + tuple(shape[1:]))
    mask = mask * (prop >= p)
    return mask / (1 - p)


def dropout_forward(x, mask, *, train):
    return x * mask if train else x.copy()


def dropout_backward(dout, x, mask, *, train):
    return dout * mask if train else dout.copy()
