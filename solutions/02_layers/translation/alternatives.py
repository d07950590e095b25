"""Translation: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("translate", fast=False)
def pixel_by_pixel(x, dy, dx):
    out = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if 0 <= i - dy < x.shape[0] and 0 <= j - dx < x.shape[1]:
                out[i, j] = x[i - dy, j - dx]
    return out


@alternative("translate")
def rolled_and_blanked(x, dy, dx):
    out = np.roll(x, (dy, dx), axis=(0, 1))
    rows, columns = np.arange(x.shape[0]) - dy, np.arange(x.shape[1]) - dx
    out[(rows < 0) | (rows >= x.shape[0])] = 0
    out[:, (columns < 0) | (columns >= x.shape[1])] = 0
    return out


@alternative("translate")
def shift_matrices(x, dy, dx):
    return np.asfortranarray(np.eye(len(x), k=-dy) @ x @ np.eye(x.shape[1], k=dx))


@alternative("equivariance_error", fast=False)
def with_loops(x, w, dy, dx):
    moved, still = _correlated(pixel_by_pixel.code(x, dy, dx), w), _correlated(x, w)
    expected = pixel_by_pixel.code(still, dy, dx)
    largest = 0.0
    for i, j in np.ndindex(moved.shape):
        largest = max(largest, abs(moved[i, j] - expected[i, j]))
    return largest


@alternative("equivariance_error")
def one_shifted_image_per_weight(x, w, dy, dx):
    def correlate(image):
        height, width = image.shape[0] - w.shape[0] + 1, image.shape[1] - w.shape[1] + 1
        return sum(w[p, q] * image[p : p + height, q : q + width] for p, q in np.ndindex(w.shape))

    off = correlate(shift_matrices.code(x, dy, dx)) - shift_matrices.code(correlate(x), dy, dx)
    return np.linalg.norm(off.ravel(), np.inf)


@alternative("pool_invariance", fast=False)
def window_by_window(x, dy, dx, *, window, stride):
    moved = pixel_by_pixel.code(x, dy, dx)
    same = count = 0
    for i in range(0, x.shape[0] - window + 1, stride):
        for j in range(0, x.shape[1] - window + 1, stride):
            place = np.s_[i : i + window, j : j + window]
            same += x[place].max() == moved[place].max()
            count += 1
    return same / count


@alternative("pool_invariance")
def one_position_at_a_time(x, dy, dx, *, window, stride):
    def pool(image):
        height, width = ((size - window) // stride + 1 for size in image.shape)
        return np.max(
            [
                image[p : p + height * stride : stride, q : q + width * stride : stride]
                for p in range(window)
                for q in range(window)
            ],
            axis=0,
        )

    return 1.0 - np.count_nonzero(pool(x) - pool(rolled_and_blanked.code(x, dy, dx))) / pool(x).size


def _correlated(x, w):
    out = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + w.shape[0], j : j + w.shape[1]] * w)
    return out
