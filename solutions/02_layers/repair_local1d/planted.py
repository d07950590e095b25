"""Locally connected layer: what students start from."""

import numpy as np


def local1d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, *, stride: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    places, k = w.shape[:2]
    for p in range(places):
        start = p * stride
        # BUG overlap_overwritten: dx[:, start : start + k] += np.einsum("bn,kcn->bkc", dout[:, p], w[p])
        dx[:, start : start + k] = np.einsum("bn,kcn->bkc", dout[:, p], w[p])
        # BUG stride_forgotten_for_dw: dw[p] = np.einsum("bkc,bn->kcn", x[:, start : start + k], dout[:, p])
        dw[p] = np.einsum("bkc,bn->kcn", x[:, p : p + k], dout[:, p])
    return dx, dw
