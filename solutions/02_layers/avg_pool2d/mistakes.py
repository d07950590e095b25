"""Average pooling: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("avg_pool2d_forward")
def sum_instead_of_mean(x, *, window, stride):
    """Every output is too large by the number of pixels in a window: they were added up and not divided."""
    return _forward(x, window, stride) * window**2


@mistake("avg_pool2d_forward")
def divided_by_the_side(x, *, window, stride):
    """Every output is too large by the side of the window: the sum was divided by it once. How many pixels does a
    window hold?"""
    return _forward(x, window, stride) * window


@mistake("avg_pool2d_forward")
def divided_by_the_stride(x, *, window, stride):
    """The sum was divided by the stride squared. How many pixels does a window hold?"""
    return _forward(x, window, stride) * window**2 / stride**2


@mistake("avg_pool2d_forward")
def maximum_of_window(x, *, window, stride):
    """This is the maximum of each window. That is max pooling, another exercise."""
    return np.max(_positions(x, window, stride), axis=0)


@mistake("avg_pool2d_forward")
def first_pixel_of_window(x, *, window, stride):
    """The output holds one pixel of each window. All of them have a say in the average."""
    return _positions(x, window, stride)[0].copy()


@mistake("avg_pool2d_forward")
def mean_over_channels_too(x, *, window, stride):
    """The channels are gone: the mean was taken over them too. Each channel is pooled by itself."""
    return _forward(x, window, stride).mean(axis=3)


@mistake("avg_pool2d_forward")
def mean_over_channels_kept(x, *, window, stride):
    """All channels came out alike: the mean was taken over them too. Each channel is pooled by itself."""
    return np.repeat(_forward(x, window, stride).mean(axis=3, keepdims=True), x.shape[3], axis=3)


@mistake("avg_pool2d_forward")
def mean_over_batch_too(x, *, window, stride):
    """All images came out alike: the mean was taken over the batch too. Each image is pooled by itself."""
    return np.repeat(_forward(x, window, stride).mean(axis=0, keepdims=True), len(x), axis=0)


@mistake("avg_pool2d_forward")
def window_from_stride(x, *, window, stride):
    """The window is as large as the stride. That is right only where the two are equal: take the size from `window`."""
    height, width = _sizes(x, window, stride)
    return _clipped(x, stride, stride, height, width)


@mistake("avg_pool2d_forward")
def stride_from_window(x, *, window, stride):
    """The window moves by its own size, so windows never overlap. Take the step from `stride`."""
    return _forward(x, window, window)


@mistake("avg_pool2d_forward")
def windows_do_not_jump(x, *, window, stride):
    """The output has the right size, but neighbouring windows are one pixel apart. Where does window i start when the
    stride is not 1?"""
    height, width = _sizes(x, window, stride)
    return _forward(x, window, 1)[:, :height, :width]


@mistake("avg_pool2d_forward")
def size_without_window(x, *, window, stride):
    """The output's size is H divided by the stride, so the last windows hang over the edge. How many windows fit
    whole?"""
    return _clipped(x, window, stride, x.shape[1] // stride, x.shape[2] // stride)


@convention("avg_pool2d_forward")
def size_rounded_up(x, *, window, stride):
    """The output's size is rounded up, as Caffe does it, so a last window hangs over the edge. Here a window that does
    not fit is left out: look at the kind of division."""
    height, width = (-(-(size - window) // stride) + 1 for size in x.shape[1:3])
    return _clipped(x, window, stride, height, width)


@mistake("avg_pool2d_forward")
def width_from_height(x, *, window, stride):
    """The output's width is computed from the height, which is right for square images only. Use W for it."""
    height, _ = _sizes(x, window, stride)
    return np.array([[x[:, i : i + window, j : j + window].mean(axis=(1, 2)) for j in range(0, height * stride, stride)]
                     for i in range(0, height * stride, stride)]).transpose(2, 0, 1, 3)  # fmt: skip


@mistake("avg_pool2d_forward")
def reshaped_along_wrong_axes(x, *, window, stride):
    """The shape is right and the numbers are scrambled: a reshape has to split H and W each into (windows, within the
    window), in the order they lie in memory. And it cannot show windows that overlap."""
    height, width = _sizes(x, window, stride)
    return x.reshape(len(x), height, width, window, window, x.shape[3]).mean(axis=(3, 4))


@mistake("avg_pool2d_backward")
def share_not_divided(dout, x, *, window, stride):
    """dx is too large by the number of pixels in a window: each of them got the whole gradient. What is the slope of a
    mean with respect to one of its terms?"""
    return _backward(dout * window**2, x, window, stride)


@mistake("avg_pool2d_backward")
def share_divided_by_the_side(dout, x, *, window, stride):
    """dx is too large by the side of the window. Among how many pixels is the gradient shared?"""
    return _backward(dout * window, x, window, stride)


@mistake("avg_pool2d_backward")
def share_divided_by_the_stride(dout, x, *, window, stride):
    """The gradient was divided by the stride squared. Among how many pixels is it shared?"""
    return _backward(dout * window**2 / stride**2, x, window, stride)


@mistake("avg_pool2d_backward")
def windows_overwrite_each_other(dout, x, *, window, stride):
    """Where windows overlap, each one wiped out what the one before had written. A pixel in several windows gets the
    sum of its shares."""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] = dout[:, i : i + 1, j : j + 1] / window**2
    return dx


@mistake("avg_pool2d_backward")
def tiled_instead_of_repeated(dout, x, *, window, stride):
    """dout was laid down whole, again and again, like tiles. Each of its numbers has to be repeated over its own
    window, and where windows overlap or leave pixels out, repeating is not enough."""
    height, width = x.shape[1] // window, x.shape[2] // window
    dx = np.zeros_like(x)
    dx[:, : height * window, : width * window] = np.tile(dout[:, :height, :width], (1, window, window, 1)) / window**2
    return dx


@mistake("avg_pool2d_backward")
def repeated_side_by_side(dout, x, *, window, stride):
    """Each number of dout was repeated over a block, as if windows lay side by side and covered the image. Windows may
    overlap, leave gaps, or end before the image does."""
    return np.repeat(np.repeat(dout, window, axis=1), window, axis=2) / window**2


@mistake("avg_pool2d_backward")
def given_to_the_maximum(dout, x, *, window, stride):
    """Only one pixel of each window received gradient, the largest: that is the gradient of max pooling. Which pixels
    changed the mean?"""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        won = x[place] == x[place].max(axis=(1, 2), keepdims=True)
        dx[place] += dout[:, i : i + 1, j : j + 1] * won
    return dx


@mistake("avg_pool2d_backward")
def multiplied_by_x(dout, x, *, window, stride):
    """The share is multiplied by the pixel. The local derivative is a slope: how much does the mean change when a
    pixel changes a little?"""
    return _backward(dout, x, window, stride) * x


@mistake("avg_pool2d_backward")
def dout_forgotten(dout, x, *, window, stride):
    """dx counts in how many windows a pixel lies: the local derivative alone. The chain rule multiplies it by
    something."""
    return _backward(np.ones_like(dout), x, window, stride)


@mistake("avg_pool2d_backward")
def only_first_window(dout, x, *, window, stride):
    """Only the first window sent anything back: the rest of dx is 0. Is a `return` indented into the loop?"""
    dx = np.zeros_like(x)
    dx[:, :window, :window] = dout[:, :1, :1] / window**2
    return dx


@mistake("avg_pool2d_backward")
def backward_windows_do_not_jump(dout, x, *, window, stride):
    """Gradients land in windows one pixel apart. Where did window (i, j) start in forward when the stride is not 1?"""
    return _backward(dout, x, window, 1)


@mistake("avg_pool2d_backward")
def dx_ends_with_the_last_window(dout, x, *, window, stride):
    """dx ends where the last window ends. When the stride does not divide, forward never saw the last rows or columns
    of x: they still need a gradient, namely which?"""
    height, width = ((size - 1) * stride + window for size in dout.shape[1:3])
    return _backward(dout, x, window, stride)[:, :height, :width]


@mistake("avg_pool2d_backward")
def dout_divided_in_place(dout, x, *, window, stride):
    """The result is right, but the caller's dout was changed: a line writes into the array you were given. Other
    branches of the network may still need it; make a new array."""
    dx = _backward(dout, x, window, stride)
    dout /= window**2
    return dx


@mistake("avg_pool2d_forward")
def middle_of_the_range(x, *, window, stride):
    """This is the middle between the largest and the smallest pixel, right only where they are evenly spaced. All
    pixels of the window count."""
    patches = np.array(_positions(x, window, stride))
    return (patches.max(axis=0) + patches.min(axis=0)) / 2


def _sizes(x, window, stride):
    return [(size - window) // stride + 1 for size in x.shape[1:3]]


def _positions(x, window, stride):
    height, width = _sizes(x, window, stride)
    return [x[:, p : p + height * stride : stride, q : q + width * stride : stride]
            for p in range(window) for q in range(window)]  # fmt: skip


def _forward(x, window, stride):
    return np.mean(_positions(x, window, stride), axis=0)


def _clipped(x, window, stride, height, width):
    out = np.zeros((len(x), height, width, x.shape[3]))
    for i in range(height):
        for j in range(width):
            out[:, i, j] = x[:, i * stride : i * stride + window, j * stride : j * stride + window].mean(axis=(1, 2))
    return out


def _places(dout, window, stride):
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            yield i, j, np.s_[:, i * stride : i * stride + window, j * stride : j * stride + window]


def _backward(dout, x, window, stride):
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] += dout[:, i : i + 1, j : j + 1] / window**2
    return dx
