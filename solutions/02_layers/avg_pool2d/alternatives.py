"""Average pooling: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("avg_pool2d_forward", fast=False)
def pixel_by_pixel(x, *, window, stride):
    out = np.zeros(_shape(x, window, stride))
    for b, i, j, c in np.ndindex(out.shape):
        for p in range(window):
            for q in range(window):
                out[b, i, j, c] += x[b, i * stride + p, j * stride + q, c] / (window * window)
    return out


@alternative("avg_pool2d_forward", fast=False)
def window_by_window(x, *, window, stride):
    out = np.zeros(_shape(x, window, stride))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = x[:, i * stride : i * stride + window, j * stride : j * stride + window].mean(axis=(1, 2))
    return out


@alternative("avg_pool2d_forward")
def rows_then_columns(x, *, window, stride):
    _, height, width, _ = _shape(x, window, stride)
    rows = sum(x[:, p : p + height * stride : stride] for p in range(window)) / window
    return np.asfortranarray(sum(rows[:, :, q : q + width * stride : stride] for q in range(window)) / window)


@alternative("avg_pool2d_forward")
def one_position_at_a_time(x, *, window, stride):
    _, height, width, _ = _shape(x, window, stride)
    out = np.zeros(_shape(x, window, stride))
    for p in range(window):
        for q in range(window):
            out += x[:, p : p + height * stride : stride, q : q + width * stride : stride]
    return out / window**2


@alternative("avg_pool2d_forward")
def differences_of_running_sums(x, *, window, stride):
    sums = np.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))).cumsum(axis=1).cumsum(axis=2)
    strips = sums[:, window:] - sums[:, :-window]
    boxes = strips[:, :, window:] - strips[:, :, :-window]
    return boxes[:, ::stride, ::stride] / window**2


@alternative("avg_pool2d_backward", fast=False)
def share_by_share(dout, x, *, window, stride):
    dx = np.zeros_like(x)
    for b, i, j, c in np.ndindex(dout.shape):
        for p in range(window):
            for q in range(window):
                dx[b, i * stride + p, j * stride + q, c] += dout[b, i, j, c] / window**2
    return dx


@alternative("avg_pool2d_backward", fast=False)
def one_window_at_a_time(dout, x, *, window, stride):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            place = np.s_[:, i * stride : i * stride + window, j * stride : j * stride + window]
            dx[place] += dout[:, i : i + 1, j : j + 1] / (window * window)
    return dx


@alternative("avg_pool2d_backward")
def columns_then_rows(dout, x, *, window, stride):
    height, width = dout.shape[1:3]
    rows = np.zeros((len(x), height, *x.shape[2:]))
    for q in range(window):
        rows[:, :, q : q + width * stride : stride] += dout / window**2
    dx = np.zeros(x.shape, order="F")
    for p in range(window):
        dx[:, p : p + height * stride : stride] += rows
    return dx


@alternative("avg_pool2d_backward")
def windows_of_the_spread_gradient(dout, x, *, window, stride):
    edge = window - 1
    spread = np.zeros((len(x), x.shape[1] + edge, x.shape[2] + edge, x.shape[3]))
    spread[:, edge::stride, edge::stride][:, : dout.shape[1], : dout.shape[2]] = dout / window**2
    rows = sum(spread[:, p : p + x.shape[1]] for p in range(window))
    return sum(rows[:, :, q : q + x.shape[2]] for q in range(window))


def _shape(x, window, stride):
    return (len(x), *((size - window) // stride + 1 for size in x.shape[1:3]), x.shape[3])
