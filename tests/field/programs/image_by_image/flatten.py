import numpy as np


def flatten_forward(x):
    return np.stack([image.flatten() for image in x])


def flatten_backward(dout, x):
    dx = np.empty(x.shape)
    for i, row in enumerate(dout):
        dx[i] = row.reshape(x.shape[1:])
    return dx
