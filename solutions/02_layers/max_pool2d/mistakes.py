"""Max pooling: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("max_pool2d_forward")
def window_from_stride(x, *, window, stride):
    """The window is as large as the stride. That is right only where the two are equal: take the size from `window`."""
    height, width = _sizes(x, window, stride)
    return _forward(x, stride, stride)[:, :height, :width]


@mistake("max_pool2d_forward")
def stride_from_window(x, *, window, stride):
    """The window moves by its own size, so windows never overlap. Take the step from `stride`."""
    return _forward(x, window, window)


@mistake("max_pool2d_forward")
def windows_do_not_jump(x, *, window, stride):
    """The output has the right size, but neighbouring windows are one pixel apart. Where does window i start when the
    stride is not 1?"""
    height, width = _sizes(x, window, stride)
    return _forward(x, window, 1)[:, :height, :width]


@mistake("max_pool2d_forward")
def size_without_window(x, *, window, stride):
    """The output's size is H divided by the stride, so the last windows hang over the edge. How many windows fit
    whole?"""
    return _clipped(x, window, stride, x.shape[1] // stride, x.shape[2] // stride)


@convention("max_pool2d_forward")
def size_rounded_up(x, *, window, stride):
    """The output's size is rounded up, as Caffe does it, so the last window hangs over the edge. Here a window that
    does not fit is left out: look at the kind of division."""
    height, width = (-(-(size - window) // stride) + 1 for size in x.shape[1:3])
    return _clipped(x, window, stride, height, width)


@mistake("max_pool2d_forward")
def width_from_height(x, *, window, stride):
    """The output's width is computed from the height, which is right for square images only. Use W for it."""
    height, _ = _sizes(x, window, stride)
    return np.array([[x[:, i : i + window, j : j + window].max(axis=(1, 2)) for j in range(0, height * stride, stride)]
                     for i in range(0, height * stride, stride)]).transpose(2, 0, 1, 3)  # fmt: skip


@mistake("max_pool2d_forward")
def maximum_over_channels(x, *, window, stride):
    """All channels came out alike: the maximum was taken over them too. Each channel is pooled by itself."""
    return np.broadcast_to(_forward(x, window, stride).max(axis=3, keepdims=True), _shape(x, window, stride)).copy()


@mistake("max_pool2d_forward")
def maximum_starts_at_zero(x, *, window, stride):
    """Windows that hold only negative numbers came out as 0: the search for the maximum started there. What is
    smaller than anything a window can hold?"""
    return np.maximum(_forward(x, window, stride), 0)


@mistake("max_pool2d_forward")
def average_of_window(x, *, window, stride):
    """This is the average of each window. That is average pooling, another exercise."""
    return np.mean(_positions(x, window, stride), axis=0)


@mistake("max_pool2d_forward")
def reshaped_along_wrong_axes(x, *, window, stride):
    """The shape is right and the numbers are scrambled: a reshape has to split H and W each into (windows, within the
    window), in the order they lie in memory. And it cannot show windows that overlap."""
    height, width = _sizes(x, window, stride)
    return x.reshape(len(x), height, width, window, window, x.shape[3]).max(axis=(3, 4))


@mistake("max_pool2d_backward")
def every_tied_maximum_gets_all(dout, x, *, window, stride):
    """Wrong only where a window holds its maximum more than once: each of them got the whole gradient, so more comes
    back than went in. After a ReLU ties are everywhere (zeros). The shares must sum to dout."""
    out, dx = _forward(x, window, stride), np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] += dout[:, i : i + 1, j : j + 1] * (x[place] == out[:, i : i + 1, j : j + 1])
    return dx


@mistake("max_pool2d_backward")
def windows_overwrite_each_other(dout, x, *, window, stride):
    """Where windows overlap, each one wiped out what the one before had written. A pixel that is the maximum of
    several windows gets the sum."""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] = dout[:, i : i + 1, j : j + 1] * _first(x[place])
    return dx


@mistake("max_pool2d_backward")
def maximum_overwritten(dout, x, *, window, stride):
    """A pixel that is the maximum of several windows holds the last one's gradient only. It gets the sum of them."""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        won = _first(x[place])
        dx[place] = np.where(won, dout[:, i : i + 1, j : j + 1], dx[place])
    return dx


@mistake("max_pool2d_backward")
def mask_over_whole_image(dout, x, *, window, stride):
    """The maximum was searched in the whole image, so equal numbers outside the window received gradient too. Compare
    within the window only."""
    out, dx = _forward(x, window, stride), np.zeros_like(x)
    for i, j, _ in _places(dout, window, stride):
        dx += dout[:, i : i + 1, j : j + 1] * (x == out[:, i : i + 1, j : j + 1])
    return dx


@mistake("max_pool2d_backward")
def one_maximum_for_all_channels(dout, x, *, window, stride):
    """Only one pixel and channel of each window received gradient: the maximum was searched over all channels. Each
    channel has a maximum of its own."""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        best = x[place].max(axis=(1, 2, 3), keepdims=True)
        dx[place] += dout[:, i : i + 1, j : j + 1] * (x[place] == best)
    return dx


@mistake("max_pool2d_backward")
def only_first_window(dout, x, *, window, stride):
    """Only the first window sent anything back: the rest of dx is 0. Is a `return` indented into the loop?"""
    dx = np.zeros_like(x)
    dx[:, :window, :window] = dout[:, :1, :1] * _first(x[:, :window, :window])
    return dx


@mistake("max_pool2d_backward")
def dout_forgotten(dout, x, *, window, stride):
    """dx counts how often a pixel was the maximum: the local derivative alone. The chain rule multiplies it by
    something."""
    return _backward(np.ones_like(dout), x, window, stride)


@mistake("max_pool2d_backward")
def spread_evenly(dout, x, *, window, stride):
    """Every pixel of a window received an equal share: that is the gradient of average pooling. Which pixels changed
    the maximum?"""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] += dout[:, i : i + 1, j : j + 1] / window**2
    return dx


@mistake("max_pool2d_backward")
def given_to_whole_window(dout, x, *, window, stride):
    """Every pixel of a window received the whole gradient. Only one of them made it to the output."""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] += dout[:, i : i + 1, j : j + 1]
    return dx


@mistake("max_pool2d_backward")
def multiplied_by_the_maximum(dout, x, *, window, stride):
    """The gradient is multiplied by the maximum itself. The local derivative is a slope: how much does out change
    when its pixel changes a little?"""
    return _backward(dout * _forward(x, window, stride), x, window, stride)


@mistake("max_pool2d_backward")
def backward_windows_do_not_jump(dout, x, *, window, stride):
    """Gradients land in windows one pixel apart. Where did window (i, j) start in forward when the stride is not 1?"""
    return _backward(dout, x, window, 1)


@mistake("max_pool2d_forward")
def largest_by_size(x, *, window, stride):
    """The entry of the largest size was kept, whatever its sign: -7 was taken for more than 5. Compare without abs."""
    patches = np.array(_positions(x, window, stride))
    return np.take_along_axis(patches, np.abs(patches).argmax(axis=0)[None], axis=0)[0]


@mistake("max_pool2d_backward")
def ties_overwritten(dout, x, *, window, stride):
    """Where windows overlap, each one wiped out what the one before had written: add to dx. And where a window holds
    its maximum more than once, each of them got the whole gradient: the shares must sum to dout."""
    out, dx = _forward(x, window, stride), np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] = dout[:, i : i + 1, j : j + 1] * (x[place] == out[:, i : i + 1, j : j + 1])
    return dx


@mistake("max_pool2d_backward")
def gradient_lands_without_stride(dout, x, *, window, stride):
    """The right pixel of each window was found, and its gradient put elsewhere: the pixel's place in the image is its
    place in the window plus where the window begins. Where does window (i, j) begin?"""
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[:, i : i + window, j : j + window] += dout[:, i : i + 1, j : j + 1] * _first(x[place])
    return dx


def _sizes(x, window, stride):
    return [(size - window) // stride + 1 for size in x.shape[1:3]]


def _shape(x, window, stride):
    return (len(x), *_sizes(x, window, stride), x.shape[3])


def _positions(x, window, stride):
    height, width = _sizes(x, window, stride)
    return [x[:, p : p + height * stride : stride, q : q + width * stride : stride]
            for p in range(window) for q in range(window)]  # fmt: skip


def _forward(x, window, stride):
    return np.max(_positions(x, window, stride), axis=0)


def _clipped(x, window, stride, height, width):
    out = np.zeros((len(x), height, width, x.shape[3]))
    for i in range(height):
        for j in range(width):
            out[:, i, j] = x[:, i * stride : i * stride + window, j * stride : j * stride + window].max(axis=(1, 2))
    return out


def _places(dout, window, stride):
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            yield i, j, np.s_[:, i * stride : i * stride + window, j * stride : j * stride + window]


def _first(patch):
    rows = patch.reshape(len(patch), -1, patch.shape[3])
    won = np.zeros_like(rows)
    np.put_along_axis(won, rows.argmax(axis=1, keepdims=True), 1, axis=1)
    return won.reshape(patch.shape)


def _backward(dout, x, window, stride):
    dx = np.zeros_like(x)
    for i, j, place in _places(dout, window, stride):
        dx[place] += dout[:, i : i + 1, j : j + 1] * _first(x[place])
    return dx
