"""Convolution as a matrix: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("conv_matrix")
def transposed(w, length, *, stride=1, pad=0):
    """The matrix is transposed: it has one row per output, as books have it that write matrix @ x. Here x stands on the
    left: x @ matrix."""
    return _matrix(w, length, stride, pad).T


@convention("conv_matrix")
def kernel_turned(w, length, *, stride=1, pad=0):
    """The kernel runs upwards in every column: this is the convolution of mathematics. Here the first weight meets the
    first input of the window."""
    return _matrix(w[::-1], length, stride, pad)


@mistake("conv_matrix")
def padding_kept(w, length, *, stride=1, pad=0):
    """The matrix has rows for the padding too, so it does not fit x. The padding is no input: which rows are?"""
    return _padded(w, length, stride, pad)


@mistake("conv_matrix")
def padding_cropped_at_the_end_only(w, length, *, stride=1, pad=0):
    """The band lies too low: the rows of the padding were cut off at the end only. Where in the padded sequence does x
    begin?"""
    return _padded(w, length, stride, pad)[:length]


@mistake("conv_matrix")
def padding_ignored(w, length, *, stride=1, pad=0):
    """The padding is not used, so there are too few columns. How many windows fit when the sequence has been padded?"""
    outputs = max((length - len(w)) // stride + 1, 0)
    matrix = np.zeros((length, outputs))
    for i in range(outputs):
        matrix[i * stride : i * stride + len(w), i] = w
    return matrix


@mistake("conv_matrix")
def wrapped_around(w, length, *, stride=1, pad=0):
    """Weights that leave the matrix at one end come back at the other: the sequence was taken for a ring. What lies
    beyond its ends?"""
    matrix = np.zeros((length, _outputs(w, length, stride, pad)))
    for i, p in np.ndindex(matrix.shape[1], len(w)):
        matrix[(i * stride + p - pad) % length, i] = w[p]
    return matrix


@mistake("conv_matrix")
def windows_do_not_jump(w, length, *, stride=1, pad=0):
    """There are as many columns as there should be, but each is one row further down than the one before. Where does
    window i start when the stride is not 1?"""
    return _matrix(w, length, 1, pad)[:, : _outputs(w, length, stride, pad)]


@mistake("conv_matrix")
def stride_ignored(w, length, *, stride=1, pad=0):
    """The stride is not used: there is a column for every place of the kernel. The window moves by `stride`."""
    return _matrix(w, length, 1, pad)


@mistake("conv_matrix")
def stride_along_the_rows(w, length, *, stride=1, pad=0):
    """Rows were left out, and columns should be: the stride thins out the outputs, not the inputs."""
    return _matrix(w, length, 1, pad)[::stride]


@mistake("conv_matrix")
def size_rounded_up(w, length, *, stride=1, pad=0):
    """There is a column too many: the last window hangs over the end. A window that does not fit is left out: look at
    the kind of division."""
    over = -(length + 2 * pad - len(w)) % stride
    return _padded(w, length + over, stride, pad)[pad : pad + length]


@mistake("conv_matrix")
def last_window_forgotten(w, length, *, stride=1, pad=0):
    """The last column is missing. With no step at all, how many places are there for the window?"""
    return _matrix(w, length, stride, pad)[:, :-1]


@mistake("conv_matrix")
def square(w, length, *, stride=1, pad=0):
    """The matrix is square, with columns of zeros or with columns missing. It has one column per output: how many
    are there?"""
    matrix = np.zeros((length, length))
    band = _matrix(w, length, stride, pad)[:, :length]
    matrix[:, : band.shape[1]] = band
    return matrix


@mistake("conv_matrix")
def connections_only(w, length, *, stride=1, pad=0):
    """The matrix says where there is a connection: it holds only zeros and ones. What weight has each connection?"""
    return _matrix(np.ones_like(w), length, stride, pad)


@mistake("conv_matrix")
def first_weight_only(w, length, *, stride=1, pad=0):
    """Each column holds only the kernel's first weight. What of the other inputs in its window?"""
    return _matrix(np.where(np.arange(len(w)) == 0, w, 0.0), length, stride, pad)


@mistake("conv_matrix")
def kernel_turned_in_place(w, length, *, stride=1, pad=0):
    """The result is right, but the caller's kernel was changed: `w[...] = ` writes into the array you were given. If
    you need it turned, make a new array."""
    matrix = _matrix(w, length, stride, pad)
    w[...] = w[::-1].copy()
    return matrix


@mistake("conv_matrix")
def negative_rows(w, length, *, stride=1, pad=0):
    """Weights on the padding before the sequence came back at its end: a negative row number counts from the end."""
    matrix = np.zeros((length, _outputs(w, length, stride, pad)))
    for i, p in np.ndindex(matrix.shape[1], len(w)):
        if i * stride + p - pad < length:
            matrix[i * stride + p - pad, i] += w[p]
    return matrix


def _outputs(w, length, stride, pad):
    return (length + 2 * pad - len(w)) // stride + 1


def _padded(w, length, stride, pad):
    matrix = np.zeros((length + 2 * pad, _outputs(w, length, stride, pad)))
    for i in range(matrix.shape[1]):
        matrix[i * stride : i * stride + len(w), i] = w
    return matrix


def _matrix(w, length, stride, pad):
    return _padded(w, length, stride, pad)[pad : pad + length]
