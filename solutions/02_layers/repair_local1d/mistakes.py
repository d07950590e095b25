"""Locally connected layer: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("local1d_backward")
def overlap_overwritten(dout, x, w, *, stride=1):
    """dx is right where only one window looks; where two do, only the last one's share is left. `=` or `+=`?"""
    dx, dw = np.zeros_like(x), _dw(dout, x, w, stride)
    for p in range(len(w)):
        dx[:, _window(p, w, stride)] = _share(dout, w, p)
    return dx, dw


@mistake("local1d_backward")
def stride_forgotten_for_dw(dout, x, w, *, stride=1):
    """dw is right for the first window, and for all of them with stride 1. Where does window p begin?"""
    return _dx(dout, x, w, stride), _dw(dout, x, w, 1)


@mistake("local1d_backward")
def stride_forgotten_for_dx(dout, x, w, *, stride=1):
    """dx is right with stride 1 only: the shares were put where windows would begin without a stride."""
    return _dx(dout, x, w, 1), _dw(dout, x, w, stride)


@mistake("local1d_backward")
def stride_forgotten(dout, x, w, *, stride=1):
    """Both gradients are right with stride 1 only. What does forward do with the stride?"""
    return _dx(dout, x, w, 1), _dw(dout, x, w, 1)


@mistake("local1d_backward")
def kernels_shared(dout, x, w, *, stride=1):
    """Every window got the sum of all kernels' gradients, as in a convolution. Here each place has its own."""
    dw = _dw(dout, x, w, stride)
    return _dx(dout, x, w, stride), np.zeros_like(dw) + dw.sum(axis=0)


@mistake("local1d_backward")
def kernels_turned(dout, x, w, *, stride=1):
    """dx came through kernels that were turned round. Which place of the window did w[p, i] look at in forward?"""
    return _dx(dout, x, w[:, ::-1], stride), _dw(dout, x, w, stride)


@convention("local1d_backward")
def averaged_over_batch(dout, x, w, *, stride=1):
    """dw is too small by the size of the batch. Some courses put the loss's 1/B into the layers; here dout carries it,
    and a layer only sums."""
    return _dx(dout, x, w, stride), _dw(dout, x, w, stride) / len(x)


@mistake("local1d_backward")
def averaged_where_windows_overlap(dout, x, w, *, stride=1):
    """Where windows overlap dx is their mean. A place that is used twice has twice the influence."""
    count = np.zeros(x.shape[1])
    for p in range(len(w)):
        count[_window(p, w, stride)] += 1
    return _dx(dout, x, w, stride) / np.maximum(count, 1)[:, None], _dw(dout, x, w, stride)


@mistake("local1d_backward")
def dout_changed_in_place(dout, x, w, *, stride=1):
    """The numbers are right, but the caller's dout was changed. Make a new array."""
    gradients = _dx(dout, x, w, stride), _dw(dout, x, w, stride)
    dout *= 0
    return gradients


def _window(p, w, stride):
    return slice(p * stride, p * stride + w.shape[1])


def _share(dout, w, p):
    return np.einsum("bn,kcn->bkc", dout[:, p], w[p])


def _dx(dout, x, w, stride):
    dx = np.zeros_like(x)
    for p in range(len(w)):
        dx[:, _window(p, w, stride)] += _share(dout, w, p)
    return dx


def _dw(dout, x, w, stride):
    return np.stack([np.einsum("bkc,bn->kcn", x[:, _window(p, w, stride)], dout[:, p]) for p in range(len(w))])
