import numpy as np


def conv_matrix(w, length, *, stride=1, pad=0):
    k = w.shape[0]
    n_out = (length + 2 * pad - k) // stride + 1
    M = np.zeros((length, n_out))
    for i in range(n_out):
        for p in range(k):
            r = i * stride + p - pad
            if r < length:
                M[r, i] += w[p]
    return M
