"""Flatten: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("flatten_forward", fast=False)
def number_by_number(x):
    out = np.zeros((len(x), x[0].size))
    for b in range(len(x)):
        for d, index in enumerate(np.ndindex(x.shape[1:])):
            out[b, d] = x[(b, *index)]
    return out


@alternative("flatten_forward", fast=False)
def row_by_row(x):
    return np.array([example.ravel() for example in x])


@alternative("flatten_forward")
def size_by_product(x):
    return np.reshape(x, (x.shape[0], int(np.prod(x.shape[1:]))))


@alternative("flatten_forward")
def contiguous_then_shaped_in_fortran_order(x):
    out = np.array(x, order="C")
    out.shape = (x.shape[0], -1)
    return np.asfortranarray(out)


@alternative("flatten_backward", fast=False)
def numbers_put_back(dout, x):
    dx = np.zeros(x.shape)
    for b in range(len(x)):
        for d, index in enumerate(np.ndindex(x.shape[1:])):
            dx[(b, *index)] = dout[b, d]
    return dx


@alternative("flatten_backward", fast=False)
def rows_stacked(dout, x):
    return np.stack([row.reshape(x.shape[1:]) for row in dout])


@alternative("flatten_backward")
def filled_through_flat(dout, x):
    dx = np.empty_like(x)
    dx.flat = dout
    return dx


@alternative("flatten_backward")
def reshaped_in_fortran_order(dout, x):
    return np.asfortranarray(np.reshape(dout, (-1, *x.shape[1:])))
