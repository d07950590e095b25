"""Dense: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("dense_forward", fast=False)
def three_loops(x, w, b):
    rows = x.reshape(len(x), -1)
    out = np.zeros((len(x), w.shape[1]))
    for i in range(len(x)):
        for m in range(w.shape[1]):
            out[i, m] = b[m]
            for d in range(w.shape[0]):
                out[i, m] += rows[i, d] * w[d, m]
    return out


@alternative("dense_forward", fast=False)
def example_by_example(x, w, b):
    return np.array([example.ravel() @ w + b for example in x])


@alternative("dense_forward")
def ones_column_in_fortran_order(x, w, b):
    rows = np.hstack([x.reshape(len(x), -1), np.ones((len(x), 1))])
    return np.asfortranarray(np.dot(rows, np.vstack([w, b])))


@alternative("dense_forward")
def einsum_with_optimize(x, w, b):
    return np.einsum("bd,dm->bm", x.reshape(x.shape[0], -1), w, optimize=True) + b[None, :]


@alternative("dense_forward")
def einsum_in_one_step(x, w, b):
    return np.einsum("bd,dm->bm", x.reshape(len(x), -1), w) + b


@alternative("dense_backward", fast=False)
def sums_entry_by_entry(dout, x, w, b):
    rows = x.reshape(len(x), -1)
    dx, dw, db = np.zeros(rows.shape), np.zeros_like(w), np.zeros_like(b)
    for i in range(len(x)):
        for m in range(w.shape[1]):
            db[m] += dout[i, m]
            for d in range(w.shape[0]):
                dx[i, d] += dout[i, m] * w[d, m]
                dw[d, m] += dout[i, m] * rows[i, d]
    return dx.reshape(x.shape), dw, db


@alternative("dense_backward", fast=False)
def outer_products(dout, x, w, b):
    dx, dw = np.zeros(x.shape), np.zeros_like(w)
    for i in range(len(x)):
        dx[i] = (w @ dout[i]).reshape(x.shape[1:])
        dw += np.outer(x[i].ravel(), dout[i])
    return dx, dw, sum(dout)


@alternative("dense_backward")
def transposed_products(dout, x, w, b):
    dx = (w @ dout.T).T.reshape(x.shape)
    dw = (dout.T @ x.reshape(len(x), -1)).T
    return np.asfortranarray(dx), dw, np.ones(len(x)) @ dout


@alternative("dense_backward")
def einsum_for_each_gradient(dout, x, w, b):
    dx = np.einsum("bm,dm->bd", dout, w).reshape(x.shape)
    return dx, np.einsum("bd,bm->dm", x.reshape(len(x), -1), dout), np.einsum("bm->m", dout)


@alternative("dense_backward")
def tensordot_over_axes(dout, x, w, b):
    dw = np.tensordot(x.reshape(len(x), -1), dout, axes=(0, 0))
    return np.tensordot(dout, w, axes=(1, 1)).reshape(x.shape), dw, np.add.reduce(dout)
