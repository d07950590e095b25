"""Convolution: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.spec import alternative


@alternative("conv2d_forward", fast=False)
def seven_loops(x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    kernel_height, kernel_width, channels, filters = w.shape
    height, width = _sizes(padded, w, stride)
    out = np.zeros((len(x), height, width, filters))
    for m, i, j, n in np.ndindex(out.shape):
        total = b[n]
        for p in range(kernel_height):
            for q in range(kernel_width):
                for c in range(channels):
                    total += padded[m, i * stride + p, j * stride + q, c] * w[p, q, c, n]
        out[m, i, j, n] = total
    return out


@alternative("conv2d_forward", fast=False)
def loop_over_pixels(x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    height, width = _sizes(padded, w, stride)
    out = np.zeros((len(x), height, width, w.shape[3]))
    for i in range(height):
        for j in range(width):
            window = padded[:, i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]]
            out[:, i, j] = window.reshape(len(x), -1) @ w.reshape(-1, w.shape[3]) + b
    return out


@alternative("conv2d_forward")
def einsum_over_windows(x, w, b, *, stride=1, pad=0):
    windows = _windows(_pad(x, pad), w, stride)
    return np.einsum("bijcpq,pqcn->bijn", windows, w, optimize=True) + b


@alternative("conv2d_forward")
def einsum_in_one_step(x, w, b, *, stride=1, pad=0):
    return np.einsum("bijcpq,pqcn->bijn", _windows(_pad(x, pad), w, stride), w) + b


@alternative("conv2d_forward", fast=None)
def product_of_fourier_transforms(x, w, b, *, stride=1, pad=0):
    padded, (height, width) = _pad(x, pad), _sizes(_pad(x, pad), w, stride)
    size = padded.shape[1:3]
    product = np.einsum("bijc,ijcn->bijn", np.fft.rfft2(padded, axes=(1, 2)), np.conj(np.fft.rfft2(w, size, (0, 1))))
    return np.fft.irfft2(product, size, (1, 2))[:, : stride * height : stride, : stride * width : stride] + b


@alternative("conv2d_forward")
def channels_first_in_fortran_order(x, w, b, *, stride=1, pad=0):
    windows = _windows(_pad(x, pad), w, stride)
    out = np.tensordot(w, windows, axes=([0, 1, 2], [4, 5, 3])).transpose(1, 2, 3, 0)
    return np.asfortranarray(out + b)


@alternative("conv2d_backward", fast=False)
def every_product(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
    for m, i, j, n in np.ndindex(dout.shape):
        db[n] += dout[m, i, j, n]
        for p, q, c in np.ndindex(w.shape[:3]):
            dw[p, q, c, n] += padded[m, i * stride + p, j * stride + q, c] * dout[m, i, j, n]
            dpadded[m, i * stride + p, j * stride + q, c] += w[p, q, c, n] * dout[m, i, j, n]
    return _crop(dpadded, x, pad), dw, db


@alternative("conv2d_backward", fast=False)
def one_window_at_a_time(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            place = np.s_[:, i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]]
            dw += np.tensordot(padded[place], dout[:, i, j], axes=(0, 0))
            dpadded[place] += np.tensordot(dout[:, i, j], w, axes=(1, 3))
    return _crop(dpadded, x, pad), dw, dout.sum(axis=(0, 1, 2))


@alternative("conv2d_backward")
def correlation_of_dilated_dout(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    kernel_height, kernel_width, _, filters = w.shape
    spread = np.zeros((len(x), padded.shape[1] + kernel_height - 1, padded.shape[2] + kernel_width - 1, filters))
    spread[:, kernel_height - 1 :: stride, kernel_width - 1 :: stride][:, : dout.shape[1], : dout.shape[2]] = dout
    dpadded = np.tensordot(_windows(spread, w, 1), w[::-1, ::-1], axes=([4, 5, 3], [0, 1, 3]))
    dw = np.tensordot(_windows(padded, w, stride), dout, axes=([0, 1, 2], [0, 1, 2])).transpose(1, 2, 0, 3)
    return np.asfortranarray(_crop(dpadded, x, pad)), dw, np.einsum("bijn->n", dout)


@alternative("conv2d_backward")
def einsum_of_dilated_dout(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    height, width = w.shape[:2]
    spread = np.zeros((len(x), padded.shape[1] + height - 1, padded.shape[2] + width - 1, w.shape[3]))
    spread[:, height - 1 :: stride, width - 1 :: stride][:, : dout.shape[1], : dout.shape[2]] = dout
    dpadded = np.einsum("bijnpq,pqcn->bijc", _windows(spread, w, 1), w[::-1, ::-1])
    dw = np.einsum("bijcpq,bijn->pqcn", _windows(padded, w, stride), dout)
    return _crop(dpadded, x, pad), dw, dout.sum(axis=(0, 1, 2))


@alternative("conv2d_backward", fast=None)
def products_of_fourier_transforms(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    size = padded.shape[1:3]
    spread = np.zeros((len(x), *size, w.shape[3]))
    spread[:, ::stride, ::stride][:, : dout.shape[1], : dout.shape[2]] = dout
    images, gradients = (np.fft.rfft2(array, axes=(1, 2)) for array in (padded, spread))
    dpadded = np.einsum("bijn,ijcn->bijc", gradients, np.fft.rfft2(w, size, (0, 1)))
    dw = np.fft.irfft2(np.einsum("bijc,bijn->ijcn", images, np.conj(gradients)), size, (0, 1))
    dx = _crop(np.fft.irfft2(dpadded, size, (1, 2)), x, pad)
    return dx, dw[: w.shape[0], : w.shape[1]], dout.sum(axis=(0, 1, 2))


@alternative("conv2d_backward")
def gather_by_index_and_add_at(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    rows = np.arange(dout.shape[1])[:, None, None, None] * stride + np.arange(w.shape[0])[:, None]
    columns = np.arange(dout.shape[2])[:, None, None] * stride + np.arange(w.shape[1])
    dpadded = np.zeros_like(padded)
    np.add.at(dpadded, np.s_[:, rows, columns], np.tensordot(dout, w, axes=(3, 3)))
    dw = np.tensordot(padded[:, rows, columns], dout, axes=([0, 1, 2], [0, 1, 2]))
    return _crop(dpadded, x, pad), dw, dout.reshape(-1, dout.shape[3]).sum(axis=0)


def _pad(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def _crop(dpadded, x, pad):
    return dpadded[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]


def _sizes(padded, w, stride):
    return [(padded.shape[axis] - w.shape[axis - 1]) // stride + 1 for axis in (1, 2)]


def _windows(padded, w, stride):
    return sliding_window_view(padded, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
