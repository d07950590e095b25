"""Translation: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.spec import convention, mistake


@mistake("translate")
def wraps_around(x, dy, dx):
    """What leaves on one side comes in on the other: that is what `np.roll` does. Zeros should come in."""
    return np.roll(x, (dy, dx), axis=(0, 1))


@mistake("translate")
def wrong_direction(x, dy, dx):
    """The image moves the other way. A positive dy moves down: from which row does row i of the output come?"""
    return _translate(x, -dy, -dx)


@mistake("translate")
def rows_and_columns_swapped(x, dy, dx):
    """dy moved the image sideways. The first axis of an array is which direction of the picture?"""
    return _translate(x, dx, dy)


@mistake("translate")
def border_repeated(x, dy, dx):
    """The pixels of the edge were repeated where the image moved away. Zeros should come in."""
    rows = np.clip(np.arange(x.shape[0]) - dy, 0, x.shape[0] - 1)
    columns = np.clip(np.arange(x.shape[1]) - dx, 0, x.shape[1] - 1)
    return x[np.ix_(rows, columns)]


@mistake("translate")
def negative_indices_wrap(x, dy, dx):
    """`x[i - dy, j - dx]` with a negative index reads from the other end of the array, and raises nothing. Ask for
    both ends whether the pixel exists."""
    out = np.zeros_like(x)
    for i, j in np.ndindex(x.shape):
        if i - dy < x.shape[0] and j - dx < x.shape[1]:
            out[i, j] = x[i - dy, j - dx]
    return out


@mistake("translate")
def slices_for_positive_moves_only(x, dy, dx):
    """Right when the image moves down or right. With a negative move the slice `[dy:]` counts from the end: treat the
    two signs apart."""
    out = np.zeros_like(x)
    out[dy:, dx:] = x[: x.shape[0] - dy, : x.shape[1] - dx]
    return out


@mistake("translate")
def empty_slice_for_no_move(x, dy, dx):
    """Right unless dy or dx is 0: `x[:-0]` is empty, because -0 is 0. Say where the slice ends some other way."""
    out = np.zeros_like(x)
    rows = (slice(dy, None), slice(None, -dy)) if dy >= 0 else (slice(None, dy), slice(-dy, None))
    columns = (slice(dx, None), slice(None, -dx)) if dx >= 0 else (slice(None, dx), slice(-dx, None))
    out[rows[0], columns[0]] = x[rows[1], columns[1]]
    return out


@mistake("translate")
def frame_grows(x, dy, dx):
    """The image became larger. The frame stays: as much as comes in on one side is lost on the other."""
    return np.pad(x, ((max(dy, 0), max(-dy, 0)), (max(dx, 0), max(-dx, 0))))


@mistake("translate")
def moved_in_place(x, dy, dx):
    """The output is right, but the caller's image was moved too: you wrote into x. Make a new array."""
    x[...] = _translate(x, dy, dx)
    return x.copy()


@mistake("equivariance_error")
def output_not_moved(x, w, dy, dx):
    """You compared with the output of the image at rest. Equivariance means that the output moves along, so one of
    the two outputs must be moved."""
    return _largest(_correlate(_translate(x, dy, dx), w) - _correlate(x, w))


@mistake("equivariance_error")
def output_moved_back(x, w, dy, dx):
    """The moved image's output was moved back, and what left the frame is gone by then. Move the other output
    instead: that of the image at rest."""
    return _largest(_translate(_correlate(_translate(x, dy, dx), w), -dy, -dx) - _correlate(x, w))


@mistake("equivariance_error")
def output_moved_the_other_way(x, w, dy, dx):
    """Image and output were moved in opposite directions."""
    return _largest(_correlate(_translate(x, dy, dx), w) - _translate(_correlate(x, w), -dy, -dx))


@mistake("equivariance_error")
def image_wraps_around(x, w, dy, dx):
    """The image came in again on the other side, as `np.roll` does it. Zeros should come in."""
    return _largest(_correlate(np.roll(x, (dy, dx), (0, 1)), w) - np.roll(_correlate(x, w), (dy, dx), (0, 1)))


@convention("equivariance_error")
def kernel_flipped(x, w, dy, dx):
    """This is the convolution of mathematics: the kernel is turned by 180 degrees. Here it is laid on as it is."""
    return _error(x, w[::-1, ::-1], dy, dx)


@mistake("equivariance_error")
def mean_difference(x, w, dy, dx):
    """You averaged the differences. How large is the largest of them?"""
    return float(np.abs(_difference(x, w, dy, dx)).mean())


@mistake("equivariance_error")
def sum_of_differences(x, w, dy, dx):
    """You added the differences. How large is the largest of them?"""
    return float(np.abs(_difference(x, w, dy, dx)).sum())


@mistake("equivariance_error")
def sign_kept(x, w, dy, dx):
    """The largest difference was taken with its sign, so that large negative ones count nothing."""
    return float(_difference(x, w, dy, dx).max())


@mistake("equivariance_error")
def squared_differences(x, w, dy, dx):
    """The differences were squared. Take their size."""
    return float((_difference(x, w, dy, dx) ** 2).max())


@mistake("equivariance_error")
def border_left_out(x, w, dy, dx):
    """Always 0: only the outputs were compared that the move did not touch. All outputs count, the border too."""
    inside = _translate(np.ones_like(_correlate(x, w)), dy, dx)
    return _largest(_difference(x, w, dy, dx) * inside)


@mistake("equivariance_error")
def image_padded(x, w, dy, dx):
    """You padded the image with zeros, so the windows see beyond the border. This convolution has no padding: its
    output is smaller than its image."""
    rows, columns = w.shape[0] // 2, w.shape[1] // 2
    return _error(np.pad(x, ((rows, rows), (columns, columns))), w, dy, dx)


@mistake("equivariance_error")
def relative_error(x, w, dy, dx):
    """You divided by the size of the output. The difference itself is asked for."""
    return _error(x, w, dy, dx) / _largest(_correlate(x, w))


@mistake("pool_invariance")
def changed_outputs_counted(x, dy, dx, *, window, stride):
    """This is the share of outputs that changed. How many stayed?"""
    return 1 - _share(x, dy, dx, window, stride)


@mistake("pool_invariance")
def number_not_share(x, dy, dx, *, window, stride):
    """This is the number of outputs that stay, not their share: divide by how many there are."""
    return float(np.sum(_pool(x, window, stride) == _pool(_translate(x, dy, dx), window, stride)))


@mistake("pool_invariance")
def divided_by_pixels(x, dy, dx, *, window, stride):
    """You divided by the number of pixels. The outputs are fewer: how many are there?"""
    return number_not_share.code(x, dy, dx, window=window, stride=stride) / x.size


@mistake("pool_invariance")
def all_or_nothing(x, dy, dx, *, window, stride):
    """1 when nothing changed, else 0. How many outputs stayed, one by one?"""
    return float(np.array_equal(_pool(x, window, stride), _pool(_translate(x, dy, dx), window, stride)))


@mistake("pool_invariance")
def averages_compared(x, dy, dx, *, window, stride):
    """Each window was averaged. Max pooling keeps its largest number."""
    return _share(x, dy, dx, window, stride, np.mean)


@mistake("pool_invariance")
def stride_from_window(x, dy, dx, *, window, stride):
    """The window moves by its own size, so windows never overlap. Take the step from `stride`."""
    return _share(x, dy, dx, window, window)


@mistake("pool_invariance")
def window_from_stride(x, dy, dx, *, window, stride):
    """The window is as large as the stride. That is right only where the two are equal."""
    return _share(x, dy, dx, stride, stride)


@mistake("pool_invariance")
def stride_ignored(x, dy, dx, *, window, stride):
    """Windows are one pixel apart. Where does window i start when the stride is not 1?"""
    return _share(x, dy, dx, window, 1)


@mistake("pool_invariance")
def outputs_moved_instead(x, dy, dx, *, window, stride):
    """You moved the pooled image. Move the image itself, then pool it."""
    still = _pool(x, window, stride)
    return float(np.mean(still == _translate(still, dy, dx)))


@mistake("pool_invariance")
def rolled_before_pooling(x, dy, dx, *, window, stride):
    """The image came in again on the other side, as `np.roll` does it. Zeros should come in."""
    return float(np.mean(_pool(x, window, stride) == _pool(np.roll(x, (dy, dx), (0, 1)), window, stride)))


@mistake("pool_invariance")
def moved_the_other_way(x, dy, dx, *, window, stride):
    """The image moves up and to the left for positive dy and dx. It should move down and to the right."""
    return _share(x, -dy, -dx, window, stride)


@mistake("pool_invariance")
def pixels_compared(x, dy, dx, *, window, stride):
    """You compared the images pixel by pixel. Compare what pooling makes of them."""
    return float(np.mean(x == _translate(x, dy, dx)))


@mistake("pool_invariance")
def last_window_hangs_over(x, dy, dx, *, window, stride):
    """A last window that hangs over the border is counted too. A window that does not fit whole is left out."""
    over = [-(size - window) % stride for size in x.shape]
    still, moved = (
        np.pad(image, [(0, n) for n in over], constant_values=-np.inf) for image in (x, _translate(x, dy, dx))
    )
    return float(np.mean(_pool(still, window, stride) == _pool(moved, window, stride)))


@mistake("translate")
def moved_modulo_twice_the_frame(x, dy, dx):
    """Right for short moves: a move of nearly twice the frame, or more, comes in again on the other side, as np.roll
    does it. What moves beyond the frame is gone."""
    height, width = x.shape
    frame = np.pad(x, ((0, height), (0, width)))
    return np.roll(frame, (dy, dx), axis=(0, 1))[:height, :width]


def _translate(x, dy, dx):
    rows, columns = abs(dy), abs(dx)
    padded = np.pad(x, ((rows, rows), (columns, columns)))
    return padded[rows - dy : rows - dy + x.shape[0], columns - dx : columns - dx + x.shape[1]]


def _correlate(x, w):
    return (sliding_window_view(x, w.shape) * w).sum(axis=(2, 3))


def _difference(x, w, dy, dx):
    return _correlate(_translate(x, dy, dx), w) - _translate(_correlate(x, w), dy, dx)


def _error(x, w, dy, dx):
    return _largest(_difference(x, w, dy, dx))


def _largest(difference):
    return float(np.abs(difference).max())


def _pool(x, window, stride, keep=np.max):
    return keep(sliding_window_view(x, (window, window))[::stride, ::stride], axis=(2, 3))


def _share(x, dy, dx, window, stride, keep=np.max):
    return float(np.mean(_pool(x, window, stride, keep) == _pool(_translate(x, dy, dx), window, stride, keep)))
