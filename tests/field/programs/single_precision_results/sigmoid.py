import numpy as np

dtype = np.float32


def sigmoid_forward(x):
    z = x.astype(dtype)
    return (0.5 * (1 + np.tanh(z / 2))).astype(dtype)


def sigmoid_backward(dout, x):
    s = sigmoid_forward(x)
    return (dout.astype(dtype) * s * (1 - s)).astype(dtype)
