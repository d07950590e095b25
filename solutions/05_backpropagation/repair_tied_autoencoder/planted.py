"""Tied autoencoder: what students start from."""

import numpy as np


def tied_autoencoder_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    h = np.tanh(x @ w)
    dh = dout @ w
    # BUG slope_of_the_output: ds = dh * (1 - h**2)
    ds = dh * (1 - np.tanh(h) ** 2)
    dx = ds @ w.T
    # BUG way_out_missing: dw = x.T @ ds + dout.T @ h
    dw = x.T @ ds
    return dx, dw
