"""Convolution as a matrix product (im2col), in blocks that fit the cache.

Every window of the padded image becomes one row of KH·KW·C numbers, every filter one column of as many; the output is
rows times columns. The gradients are the other two products of the same three matrices:

    out = rows @ columns        dcolumns = rowsᵀ @ dout        drows = dout @ columnsᵀ

The rows repeat each pixel up to KH·KW times, so they are made for a few images at a time and never leave the cache. In
large layers, such as 32 channels to 64, nearly all time is then the machine's own matrix product; in small ones, such
as 3 channels to 16, that product is thin and most time goes into the copies around it.
Deep learning's "convolution" slides the kernel without flipping it: mathematics calls that cross-correlation.
Source: Chellapilla, Puri and Simard, "High performance convolutional neural networks for document processing", 2006.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

BLOCK_BYTES = 2**21


def output_size(size: int, *, window: int, stride: int = 1, pad: int = 0) -> int:
    """How many windows fit along an axis of `size` entries with `pad` zeros on each side: H' from H.

    The first window starts at 0; size + 2·pad - window entries are left to move along, `stride` at a time.
    """
    return (size + 2 * pad - window) // stride + 1


def cross_correlate2d(x: np.ndarray, k: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """out[i, j] = the sum over p, q of padded[i·stride + p, j·stride + q] · k[p, q].

    x (H, W), k (KH, KW), out (H', W'). One image and one filter make no matrix product worth its copies: instead each
    kernel entry multiplies the pixels that it meets, in all windows at once, as a strided slice of the image.
    """
    padded = _padded(x[None, ..., None], pad)[0, ..., 0]
    height, width = (output_size(n, window=m, stride=stride) for n, m in zip(padded.shape, k.shape, strict=True))
    out = np.zeros((height, width), np.result_type(x, k))
    for p, q in np.ndindex(k.shape):
        out += k[p, q] * padded[p : p + stride * height : stride, q : q + stride * width : stride]
    return out


def conv2d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """out[a, i, j, n] = b[n] + the sum over p, q, c of padded[a, i·stride + p, j·stride + q, c] · w[p, q, c, n].

    x (B, H, W, C), w (KH, KW, C, N), b (N,); `pad` zeros on each side. out (B, H', W', N) with
    H' = (H + 2·pad - KH) // stride + 1, and W' likewise: rows and columns that fill no whole step are not read.
    """
    windows = _windows(_padded(x, pad), w, stride)
    columns = w.reshape(-1, w.shape[-1])
    out = np.empty((*windows.shape[:3], w.shape[-1]), np.result_type(x, w))
    for block, rows in _rows(windows):
        np.matmul(rows, columns, out=out[block].reshape(len(rows), -1))
    out += b
    return out


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (dx, dw, db), shaped as x, w and b; dout is shaped as forward's output.

    The windows are made again, for nothing is kept from the forward pass. `einsum` sums few channels over many pixels
    several times faster than `sum` does.
    """
    padded = _padded(x, pad)
    height, width = x.shape[1:3]
    dx = _windows_added(dout, w, padded.shape, stride)[:, pad : pad + height, pad : pad + width]
    return np.ascontiguousarray(dx), _kernel_gradient(dout, padded, w, stride), np.einsum("bijn->n", dout)


def _kernel_gradient(dout: np.ndarray, padded: np.ndarray, w: np.ndarray, stride: int) -> np.ndarray:
    """rowsᵀ @ dout, summed over the blocks."""
    dcolumns = np.zeros((w[..., 0].size, w.shape[-1]), w.dtype)
    for block, rows in _rows(_windows(padded, w, stride)):
        dcolumns += rows.T @ dout[block].reshape(len(rows), -1)
    return dcolumns.reshape(w.shape)


def _windows_added(dout: np.ndarray, w: np.ndarray, shape: tuple[int, ...], stride: int) -> np.ndarray:
    """The padded image's gradient (col2im): dout @ columnsᵀ, every row added to its window's place.

    NumPy adds along what lies together in memory. Where a pixel has fewer channels than an output line has pixels, the
    product is taken transposed, so that lines lie together instead: up to three times as fast for 3 channels.
    """
    lines = shape[3] < dout.shape[2]
    planes = np.zeros((shape[3], *shape[:3]) if lines else shape, dout.dtype)
    dpadded = planes.transpose(1, 2, 3, 0) if lines else planes
    columns = w.reshape(-1, w.shape[-1])
    for block in _blocks(len(dout), dout.shape[1] * dout.shape[2] * columns[:, 0].nbytes):
        upstream = dout[block].reshape(-1, w.shape[-1])
        drows = (columns @ upstream.T).T if lines else upstream @ columns.T
        _add_windows(dpadded[block], drows.reshape(-1, *dout.shape[1:3], *w.shape[:3]), stride)
    return dpadded


def _add_windows(images: np.ndarray, windows: np.ndarray, stride: int) -> None:
    """Add every window to its place in its image, one kernel position at a time: overlaps add up."""
    rows, columns, kernel_height, kernel_width = windows.shape[1:5]
    for p in range(kernel_height):
        for q in range(kernel_width):
            place = images[:, p : p + stride * rows : stride, q : q + stride * columns : stride]
            place += windows[:, :, :, p, q]


def _padded(x: np.ndarray, pad: int) -> np.ndarray:
    """x in C order, with `pad` zeros on each of the four sides of each image."""
    batch, height, width, channels = x.shape
    padded = np.zeros((batch, height + 2 * pad, width + 2 * pad, channels), x.dtype)
    padded[:, pad : pad + height, pad : pad + width] = x
    return padded


def _windows(padded: np.ndarray, w: np.ndarray, stride: int) -> np.ndarray:
    """Every window that a kernel visits, as a view of shape (B, H', W', KH, KW, C)."""
    every = sliding_window_view(padded, w.shape[:2], axis=(1, 2))
    return every[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)


def _rows(windows: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Blocks of images, each with its windows copied as rows of KH·KW·C numbers into one buffer that is used again."""
    blocks = _blocks(len(windows), math.prod(windows.shape[1:]) * windows.itemsize)
    buffer = np.empty((blocks[0].stop if blocks else 0, *windows.shape[1:]), windows.dtype)
    for block in blocks:
        filled = buffer[: block.stop - block.start]
        filled[...] = windows[block]
        yield block, filled.reshape(-1, math.prod(windows.shape[3:]))


def _blocks(batch: int, image_bytes: int) -> list[slice]:
    """The batch, a few images at a time: as many as there are rows for in the cache, and at least one."""
    images = max(1, BLOCK_BYTES // image_bytes)
    return [slice(start, min(start + images, batch)) for start in range(0, batch, images)]
