import numpy as np


def dense_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    out = np.zeros((x.shape[0], w.shape[1]))
    for i in range(x.shape[0]):
        row = x[i].reshape(-1)
        for j in range(w.shape[1]):
            out[i, j] = np.dot(row, w[:, j]) + b[j]
    return out


def dense_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    flat = x.reshape(x.shape[0], -1)
    dx = np.zeros(flat.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for i in range(flat.shape[0]):
        for j in range(w.shape[1]):
            dx[i] += dout[i, j] * w[:, j]
            dw[:, j] += dout[i, j] * flat[i]
            db[j] += dout[i, j]
    return dx.reshape(x.shape), dw, db
