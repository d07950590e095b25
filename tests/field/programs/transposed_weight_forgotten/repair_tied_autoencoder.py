import numpy as np


def tied_autoencoder_backward(dout, x, w):
    h = np.tanh(x @ w)
    dh = dout @ w
    ds = dh * (1 - h ** 2)
    return ds @ w.T, x.T @ ds
