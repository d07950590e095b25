"""Convolution: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("conv2d_forward")
def bias_forgotten(x, w, b, *, stride=1, pad=0):
    """Every output channel is off by the same number everywhere. Which argument is constant over a whole channel?"""
    return _forward(_pad(x, pad), w, np.zeros_like(b), stride)


@mistake("conv2d_forward")
def bias_in_every_product(x, w, b, *, stride=1, pad=0):
    """The bias is counted once for every weight of the filter. How often does it belong into one output?"""
    return _forward(_pad(x, pad), w, b * w[..., 0].size, stride)


@convention("conv2d_forward")
def kernel_flipped(x, w, b, *, stride=1, pad=0):
    """This is the convolution of mathematics: the kernel is turned by 180 degrees. Here it is laid on as it is."""
    return _forward(_pad(x, pad), w[::-1, ::-1], b, stride)


@mistake("conv2d_forward")
def kernel_rows_and_columns_swapped(x, w, b, *, stride=1, pad=0):
    """The kernel is transposed: its rows run along the image's columns. Which axis of w goes with which axis of x?"""
    return _forward(_pad(x, pad), w.swapaxes(0, 1), b, stride)


@mistake("conv2d_forward")
def width_from_height(x, w, b, *, stride=1, pad=0):
    """The output's width is computed from the height, which is right for square images only. Use W and KW for it."""
    padded = _pad(x, pad)
    size = (padded.shape[1] - w.shape[0]) // stride + 1
    out = np.zeros((len(x), size, size, w.shape[3]))
    for i in range(size):
        for j in range(size):
            out[:, i, j] = np.tensordot(_window(padded, w, i * stride, j * stride), w, axes=3) + b
    return out


@mistake("conv2d_forward")
def windows_do_not_jump(x, w, b, *, stride=1, pad=0):
    """The output has the right size, but neighbouring windows are one pixel apart. Where does window i start when the
    stride is not 1?"""
    out = _forward(_pad(x, pad), w, b, 1)
    height, width = _sizes(_pad(x, pad), w, stride)
    return out[:, :height, :width]


@mistake("conv2d_forward")
def size_rounded_up(x, w, b, *, stride=1, pad=0):
    """The output's size is rounded up, so the last window hangs over the edge. A window that does not fit is left
    out: look at the kind of division."""
    padded = _pad(x, pad)
    over = [-(padded.shape[axis] - w.shape[axis - 1]) % stride for axis in (1, 2)]
    return _forward(np.pad(padded, ((0, 0), (0, over[0]), (0, over[1]), (0, 0))), w, b, stride)


@mistake("conv2d_forward")
def batch_padded_too(x, w, b, *, stride=1, pad=0):
    """The batch has grown: images of zeros were added before and after it. Which axes should the padding touch?"""
    return _forward(np.pad(x, ((pad, pad), (pad, pad), (pad, pad), (0, 0))), w, b, stride)


@mistake("conv2d_forward")
def border_repeated(x, w, b, *, stride=1, pad=0):
    """Only outputs near the border are wrong: the padding repeats the edge pixels. With what does the assignment fill
    the border?"""
    return _forward(np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="edge"), w, b, stride)


@mistake("conv2d_forward")
def padded_on_one_side(x, w, b, *, stride=1, pad=0):
    """All the zeros were added below and to the right, so the picture is shifted. `pad` is the number on each side."""
    return _forward(np.pad(x, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0))), w, b, stride)


@mistake("conv2d_forward")
def only_last_channel(x, w, b, *, stride=1, pad=0):
    """Only the last input channel reaches the output; each channel overwrites the one before. A filter is as deep as
    the image: what happens to its C products?"""
    return _forward(_pad(x, pad)[..., -1:], w[:, :, -1:], b, stride)


@mistake("conv2d_backward")
def crop_with_pad_zero(dout, x, w, b, *, stride=1, pad=0):
    """With pad = 0 your dx is empty: the slice `pad:-pad` then reads `0:0`. Say where the image ends some other way."""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    return dpadded[:, pad:-pad, pad:-pad], dw, db


@mistake("conv2d_backward")
def padding_not_cropped(dout, x, w, b, *, stride=1, pad=0):
    """dx has the shape of the padded image. The padding is no input, so its share of the gradient is cut off."""
    return _backward(dout, _pad(x, pad), w, stride)


@mistake("conv2d_backward")
def dw_stride_on_rows_only(dout, x, w, b, *, stride=1, pad=0):
    """dx and db are fine, dw is wrong when the stride is not 1: the windows jump along one axis only. Compare the
    index of the row with that of the column."""
    padded, dw = _pad(x, pad), np.zeros_like(w)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            dw += np.tensordot(_window(padded, w, i * stride, j), dout[:, i, j], axes=(0, 0))
    dpadded, _, db = _backward(dout, padded, w, stride)
    return _crop(dpadded, x, pad), dw, db


@mistake("conv2d_backward")
def dx_without_stride(dout, x, w, b, *, stride=1, pad=0):
    """dw and db are fine, dx is wrong when the stride is not 1: gradients land in windows one pixel apart. Where did
    window (i, j) start in forward?"""
    padded = _pad(x, pad)
    _, dw, db = _backward(dout, padded, w, stride)
    return _crop(_scatter(dout, padded, w, 1), x, pad), dw, db


@mistake("conv2d_backward")
def dx_shape_from_output(dout, x, w, b, *, stride=1, pad=0):
    """dx ends where the last window ends. When the stride does not divide, forward never saw the last rows or
    columns of x: they still need a gradient, namely which?"""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    height, width = ((n - 1) * stride + k - 2 * pad for n, k in zip(dout.shape[1:3], w.shape[:2], strict=True))
    return dpadded[:, pad : pad + height, pad : pad + width], dw, db


@mistake("conv2d_backward")
def gradient_written_into_padded_x(dout, x, w, b, *, stride=1, pad=0):
    """The gradient of x was added into the padded image itself, while dw was still reading it. So dx is 0 and dw is
    polluted: give the padded image's gradient an array of its own."""
    padded, dw = _pad(x, pad), np.zeros_like(w)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            window = _window(padded, w, i * stride, j * stride)
            dw += np.tensordot(window, dout[:, i, j], axes=(0, 0))
            window += np.tensordot(dout[:, i, j], w, axes=(1, 3))
    return np.zeros_like(x), dw, dout.sum(axis=(0, 1, 2))


@mistake("conv2d_backward")
def dx_kernel_flipped(dout, x, w, b, *, stride=1, pad=0):
    """dw and db are fine, dx comes from a kernel turned by 180 degrees. Adding to windows uses w as it is; only one
    correlation over all of dout needs it turned. Were both done?"""
    padded = _pad(x, pad)
    _, dw, db = _backward(dout, padded, w, stride)
    return _crop(_scatter(dout, padded, w[::-1, ::-1], stride), x, pad), dw, db


@mistake("conv2d_backward")
def dw_turned(dout, x, w, b, *, stride=1, pad=0):
    """dw is right, but turned by 180 degrees. Follow the top left weight: which pixels did it meet?"""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw[::-1, ::-1], db


@mistake("conv2d_backward")
def dw_from_unpadded_x(dout, x, w, b, *, stride=1, pad=0):
    """dw reads the image without its padding, so with pad > 0 its windows lie in the wrong places or leave the image.
    What did forward's windows see?"""
    _, dw, db = _backward(dout, x, w, stride)
    return _crop(_scatter(dout, _pad(x, pad), w, stride), x, pad), dw, db


@mistake("conv2d_backward")
def windows_overwrite_each_other(dout, x, w, b, *, stride=1, pad=0):
    """Where windows overlap, dx holds the last window's share only. A pixel that took part in several outputs gets
    the sum of what they send back."""
    padded = _pad(x, pad)
    dpadded = np.zeros_like(padded)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            _window(dpadded, w, i * stride, j * stride)[...] = np.tensordot(dout[:, i, j], w, axes=(1, 3))
    _, dw, db = _backward(dout, padded, w, stride)
    return _crop(dpadded, x, pad), dw, db


@mistake("conv2d_backward")
def db_per_pixel(dout, x, w, b, *, stride=1, pad=0):
    """db was summed over the batch only. A bias is added at every pixel of its channel too: what shape has b?"""
    dpadded, dw, _ = _backward(dout, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw, dout.sum(axis=0)


@mistake("conv2d_backward")
def averaged_over_batch(dout, x, w, b, *, stride=1, pad=0):
    """dw and db are too small by the number of images. The loss has averaged already, and dout carries that factor:
    a layer only sums."""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw / len(x), db / len(x)


@mistake("conv2d_backward")
def backward_width_from_height(dout, x, w, b, *, stride=1, pad=0):
    """Both loops run over the output's height, which is right for square outputs only. How many columns has dout?"""
    size = dout.shape[1]
    narrow = np.zeros_like(dout)
    for i in range(size):
        for j in range(size):
            narrow[:, i, j] = dout[:, i, j]
    dpadded, dw, db = _backward(narrow, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw, db


@mistake("conv2d_forward")
def filter_of_the_image(x, w, b, *, stride=1, pad=0):
    """All filters give the same: the filter was chosen by the number of the image. Each image meets every filter: which
    index does w take?"""
    out = _forward(_pad(x, pad), w, b, stride)
    return np.array([np.repeat(image[..., [a % w.shape[3]]], w.shape[3], axis=2) for a, image in enumerate(out)])


def _pad(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def _crop(dpadded, x, pad):
    return dpadded[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]


def _window(padded, w, top, left):
    return padded[:, top : top + w.shape[0], left : left + w.shape[1]]


def _sizes(padded, w, stride):
    return [(padded.shape[axis] - w.shape[axis - 1]) // stride + 1 for axis in (1, 2)]


def _forward(padded, w, b, stride):
    height, width = _sizes(padded, w, stride)
    out = np.zeros((len(padded), height, width, w.shape[3]))
    for i in range(height):
        for j in range(width):
            out[:, i, j] = np.tensordot(_window(padded, w, i * stride, j * stride), w, axes=3) + b
    return out


def _scatter(dout, padded, w, stride):
    dpadded = np.zeros_like(padded)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            _window(dpadded, w, i * stride, j * stride)[...] += np.tensordot(dout[:, i, j], w, axes=(1, 3))
    return dpadded


def _backward(dout, padded, w, stride):
    dw = np.zeros_like(w)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            dw += np.tensordot(_window(padded, w, i * stride, j * stride), dout[:, i, j], axes=(0, 0))
    return _scatter(dout, padded, w, stride), dw, dout.sum(axis=(0, 1, 2))
