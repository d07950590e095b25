"""Cross-correlation: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("cross_correlate2d")
def kernel_turned(x, k, *, stride=1, pad=0):
    """This is the convolution of mathematics: the kernel is turned by 180 degrees. Here it is laid on as it is."""
    return _slide(np.pad(x, pad), k[::-1, ::-1], stride)


@mistake("cross_correlate2d")
def kernel_flipped_upside_down(x, k, *, stride=1, pad=0):
    """The kernel is upside down: its first row meets the window's last. Here it is laid on as it is."""
    return _slide(np.pad(x, pad), k[::-1], stride)


@mistake("cross_correlate2d")
def kernel_rows_and_columns_swapped(x, k, *, stride=1, pad=0):
    """The kernel is transposed: its rows run along the image's columns. Which axis of k goes with which axis of x?"""
    return _slide(np.pad(x, pad), k.T, stride)


@mistake("cross_correlate2d")
def matrix_product_with_the_window(x, k, *, stride=1, pad=0):
    """`@` is the matrix product, rows times columns; it fails where the window is not square. Here each pixel is
    multiplied with the kernel entry that lies on it."""
    padded = np.pad(x, pad)
    height, width = _sizes(padded, k, stride)
    places = [[_window(padded, k, i * stride, j * stride) for j in range(width)] for i in range(height)]
    return np.array([[np.sum(window @ k) for window in row] for row in places])


@mistake("cross_correlate2d")
def mean_instead_of_sum(x, k, *, stride=1, pad=0):
    """Every output is too small by the number of kernel entries: the products were averaged. They are added up."""
    return _slide(np.pad(x, pad), k, stride) / k.size


@mistake("cross_correlate2d")
def only_last_product(x, k, *, stride=1, pad=0):
    """Only the kernel's last entry reaches the output; each product overwrites the one before. What happens to the
    KH * KW products?"""
    padded = np.pad(x, pad)
    return _slide(padded[k.shape[0] - 1 :, k.shape[1] - 1 :], k[-1:, -1:], stride)


@mistake("cross_correlate2d")
def padding_forgotten(x, k, *, stride=1, pad=0):
    """The image was not padded, so the output is too small where `pad` is not 0. Lay zeros around it first."""
    return _slide(x, k, stride)


@mistake("cross_correlate2d")
def padded_on_one_side(x, k, *, stride=1, pad=0):
    """All the zeros were added below and to the right, so the picture is shifted. `pad` is the number on each side."""
    return _slide(np.pad(x, ((0, 2 * pad), (0, 2 * pad))), k, stride)


@mistake("cross_correlate2d")
def border_repeated(x, k, *, stride=1, pad=0):
    """Only outputs near the border are wrong: the padding repeats the edge pixels. With what does the assignment fill
    the border?"""
    return _slide(np.pad(x, pad, mode="edge"), k, stride)


@mistake("cross_correlate2d")
def border_wrapped_around(x, k, *, stride=1, pad=0):
    """Only outputs near the border are wrong: the image goes on at its other side, as with np.roll or a Fourier
    transform. With what does the assignment fill the border?"""
    return _slide(np.pad(x, pad, mode="wrap"), k, stride)


@convention("cross_correlate2d")
def padded_to_the_same_size(x, k, *, stride=1, pad=0):
    """This is what libraries call “same” padding: the image was padded by half a kernel, whatever `pad` says, so that
    the output is as large as the image. Take the padding from the argument."""
    return _slide(np.pad(x, [(n // 2, n // 2) for n in k.shape]), k, stride)


@mistake("cross_correlate2d")
def windows_do_not_jump(x, k, *, stride=1, pad=0):
    """The output has the right size, but neighbouring windows are one pixel apart. Where does window i start when the
    stride is not 1?"""
    padded = np.pad(x, pad)
    height, width = _sizes(padded, k, stride)
    return _slide(padded, k, 1)[:height, :width]


@mistake("cross_correlate2d")
def stride_on_rows_only(x, k, *, stride=1, pad=0):
    """The output has the right size, but windows jump down and not to the right. Compare the index of the row with
    that of the column."""
    padded = np.pad(x, pad)
    return _slide(padded, k, 1)[::stride, : _sizes(padded, k, stride)[1]]


@mistake("cross_correlate2d")
def stride_ignored(x, k, *, stride=1, pad=0):
    """The stride is not used: there is an output for every pixel. The window moves by `stride`."""
    return _slide(np.pad(x, pad), k, 1)


@mistake("cross_correlate2d")
def width_from_height(x, k, *, stride=1, pad=0):
    """The output's width is computed from the height, which is right for square images and kernels only. Use W and KW
    for it."""
    padded = np.pad(x, pad)
    size = _sizes(padded, k, stride)[0]
    return np.array(
        [[np.sum(padded[i : i + k.shape[0], j : j + k.shape[1]] * k) for j in range(0, size * stride, stride)]
         for i in range(0, size * stride, stride)]
    )  # fmt: skip


@mistake("cross_correlate2d")
def size_rounded_up(x, k, *, stride=1, pad=0):
    """The output's size is rounded up, so the last window hangs over the edge. A window that does not fit is left
    out: look at the kind of division."""
    padded = np.pad(x, pad)
    over = [-(n - m) % stride for n, m in zip(padded.shape, k.shape, strict=True)]
    return _slide(np.pad(padded, ((0, over[0]), (0, over[1]))), k, stride)


@mistake("cross_correlate2d")
def last_window_forgotten(x, k, *, stride=1, pad=0):
    """The last row and the last column of the output are missing. With no step at all, how many places are there?"""
    return _slide(np.pad(x, pad), k, stride)[:-1, :-1]


@mistake("cross_correlate2d")
def output_as_large_as_the_image(x, k, *, stride=1, pad=0):
    """The output has the shape of the image, and zeros where no window was. How many windows fit?"""
    padded = np.pad(x, pad)
    height, width = _sizes(padded, k, stride)
    out = np.zeros((max(height, x.shape[0]), max(width, x.shape[1])))
    out[:height, :width] = _slide(padded, k, stride)
    return out


@mistake("cross_correlate2d")
def kernel_turned_in_place(x, k, *, stride=1, pad=0):
    """The result is right, but the caller's kernel was changed: `k[...] = ` writes into the array you were given. If
    you need it turned, make a new array."""
    out = _slide(np.pad(x, pad), k, stride)
    k[...] = k[::-1, ::-1].copy()
    return out


@mistake("cross_correlate2d")
def pixels_as_bytes(x, k, *, stride=1, pad=0):
    """The image was cast to uint8: fractions are cut off, and negative pixels become large ones. Keep the dtype."""
    with np.errstate(all="ignore"):
        return _slide(np.pad(x.astype(np.uint8), pad), k, stride)


def _window(padded, k, top, left):
    return padded[top : top + k.shape[0], left : left + k.shape[1]]


def _sizes(padded, k, stride):
    return [(n - m) // stride + 1 for n, m in zip(padded.shape, k.shape, strict=True)]


def _slide(padded, k, stride):
    height, width = _sizes(padded, k, stride)
    out = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            out[i, j] = np.sum(_window(padded, k, i * stride, j * stride) * k)
    return out
