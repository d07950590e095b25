"""Scale: right answers written another way."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("scale_forward", fast=False)
def entry_by_entry(x, w):
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        out[index] = x[index] * w[index[1]]
    return out


@alternative("scale_forward")
def by_diagonal_in_fortran_order(x, w):
    return np.asfortranarray(np.einsum("ij,j->ij", x, w))


@alternative("scale_backward")
def by_einsum(dout, x, w):
    return np.einsum("ij,j->ij", dout, w), np.einsum("ij,ij->j", dout, x)


@alternative("scale_backward")
def as_a_list(dout, x, w):
    return [dout * w, (dout * x).sum(0)]
