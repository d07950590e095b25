"""One-dimensional convolution: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("conv1d_forward")
def bias_forgotten(x, w, b, *, stride=1, pad=0):
    """Every output channel is off by the same number everywhere. Which argument is constant over a whole channel?"""
    return _forward(_pad(x, pad), w, np.zeros_like(b), stride)


@mistake("conv1d_forward")
def bias_in_every_product(x, w, b, *, stride=1, pad=0):
    """The bias is counted once for every weight of the filter. How often does it belong into one output?"""
    return _forward(_pad(x, pad), w, b * w[..., 0].size, stride)


@convention("conv1d_forward")
def kernel_turned(x, w, b, *, stride=1, pad=0):
    """This is the convolution of mathematics, which np.convolve computes: the kernel runs backwards. Here it is laid
    on as it is."""
    return _forward(_pad(x, pad), w[::-1], b, stride)


@mistake("conv1d_forward")
def only_last_channel(x, w, b, *, stride=1, pad=0):
    """Only the last input channel reaches the output; each channel overwrites the one before. What happens to the C
    products?"""
    return _forward(_pad(x, pad)[..., -1:], w[:, -1:], b, stride)


@mistake("conv1d_forward")
def only_last_position(x, w, b, *, stride=1, pad=0):
    """Only the kernel's last position reaches the output; each position overwrites the one before. What happens to
    the k products?"""
    padded = _pad(x, pad)
    out = np.zeros((len(x), _size(padded, w, stride), w.shape[2]))
    for i in range(out.shape[1]):
        out[:, i] = padded[:, i * stride + len(w) - 1] @ w[-1] + b
    return out


@mistake("conv1d_forward")
def padding_forgotten(x, w, b, *, stride=1, pad=0):
    """The sequence was not padded, so the output is too short where `pad` is not 0."""
    return _forward(x, w, b, stride)


@mistake("conv1d_forward")
def padded_on_one_side(x, w, b, *, stride=1, pad=0):
    """All the zeros were added at the end, so the sequence is shifted. `pad` is the number at each end."""
    return _forward(np.pad(x, ((0, 0), (0, 2 * pad), (0, 0))), w, b, stride)


@mistake("conv1d_forward")
def batch_padded_too(x, w, b, *, stride=1, pad=0):
    """The batch has grown: sequences of zeros were added before and after it. Which axis should the padding touch?"""
    return _forward(np.pad(x, ((pad, pad), (pad, pad), (0, 0))), w, b, stride)


@mistake("conv1d_forward")
def windows_do_not_jump(x, w, b, *, stride=1, pad=0):
    """The output has the right size, but neighbouring windows are one step apart. Where does window i start when the
    stride is not 1?"""
    padded = _pad(x, pad)
    return _forward(padded, w, b, 1)[:, : _size(padded, w, stride)]


@mistake("conv1d_forward")
def size_rounded_up(x, w, b, *, stride=1, pad=0):
    """The output's length is rounded up, so the last window hangs over the end. A window that does not fit is left
    out: look at the kind of division."""
    padded = _pad(x, pad)
    over = -(padded.shape[1] - len(w)) % stride
    return _forward(np.pad(padded, ((0, 0), (0, over), (0, 0))), w, b, stride)


@convention("conv1d_forward")
def channels_before_time(x, w, b, *, stride=1, pad=0):
    """The output is (B, N, L'), as libraries with channels first have it. Here the channels come last."""
    return _forward(_pad(x, pad), w, b, stride).swapaxes(1, 2)


@mistake("conv1d_backward")
def crop_with_pad_zero(dout, x, w, b, *, stride=1, pad=0):
    """With pad = 0 your dx is empty: the slice `pad:-pad` then reads `0:0`. Say where the sequence ends some other
    way."""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    return dpadded[:, pad:-pad], dw, db


@mistake("conv1d_backward")
def padding_not_cropped(dout, x, w, b, *, stride=1, pad=0):
    """dx is as long as the padded sequence. The padding is no input, so its share of the gradient is cut off."""
    return _backward(dout, _pad(x, pad), w, stride)


@mistake("conv1d_backward")
def dx_without_stride(dout, x, w, b, *, stride=1, pad=0):
    """dw and db are fine, dx is wrong when the stride is not 1: gradients land in windows one step apart. Where did
    window i start in forward?"""
    padded = _pad(x, pad)
    _, dw, db = _backward(dout, padded, w, stride)
    return _crop(_scatter(dout, padded, w, 1), x, pad), dw, db


@mistake("conv1d_backward")
def dw_without_stride(dout, x, w, b, *, stride=1, pad=0):
    """dx and db are fine, dw is wrong when the stride is not 1: it reads windows one step apart. Where did window i
    start in forward?"""
    padded = _pad(x, pad)
    dpadded, _, db = _backward(dout, padded, w, stride)
    return _crop(dpadded, x, pad), _backward(dout, padded, w, 1)[1], db


@mistake("conv1d_backward")
def dx_ends_with_the_last_window(dout, x, w, b, *, stride=1, pad=0):
    """dx ends where the last window ends. When the stride does not divide, forward never saw the last entries of x:
    they still need a gradient, namely which?"""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    length = (dout.shape[1] - 1) * stride + len(w) - 2 * pad
    return dpadded[:, pad : pad + length], dw, db


@mistake("conv1d_backward")
def dx_kernel_turned(dout, x, w, b, *, stride=1, pad=0):
    """dw and db are fine, dx comes from a kernel that runs backwards. Adding to windows uses w as it is; only one
    correlation over all of dout needs it turned. Were both done?"""
    padded = _pad(x, pad)
    _, dw, db = _backward(dout, padded, w, stride)
    return _crop(_scatter(dout, padded, w[::-1], stride), x, pad), dw, db


@mistake("conv1d_backward")
def dw_turned(dout, x, w, b, *, stride=1, pad=0):
    """dw is right, but runs backwards. Follow the first weight: which inputs did it meet?"""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw[::-1], db


@mistake("conv1d_backward")
def dw_channels_and_filters_swapped(dout, x, w, b, *, stride=1, pad=0):
    """dw has channels and filters the wrong way round. Compare its shape with that of w; where C = N only the numbers
    tell."""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw.swapaxes(1, 2), db


@mistake("conv1d_backward")
def dx_weights_not_transposed(dout, x, w, b, *, stride=1, pad=0):
    """dx multiplies dout by w[p] as it stands. Forward went from C to N, dx has to go back: write the shapes under
    the product. Where C = N only the numbers tell."""
    padded = _pad(x, pad)
    dpadded = np.zeros_like(padded)
    for i in range(dout.shape[1]):
        for p in range(len(w)):
            dpadded[:, i * stride + p] += dout[:, i] @ w[p]
    _, dw, db = _backward(dout, padded, w, stride)
    return _crop(dpadded, x, pad), dw, db


@mistake("conv1d_backward")
def dw_from_unpadded_x(dout, x, w, b, *, stride=1, pad=0):
    """dw reads the sequence without its padding, so with pad > 0 its windows lie in the wrong places or leave it. What
    did forward's windows see?"""
    _, dw, db = _backward(dout, x, w, stride)
    return _crop(_scatter(dout, _pad(x, pad), w, stride), x, pad), dw, db


@mistake("conv1d_backward")
def windows_overwrite_each_other(dout, x, w, b, *, stride=1, pad=0):
    """Where windows overlap, dx holds the last window's share only. An input that took part in several outputs gets
    the sum of what they send back."""
    padded = _pad(x, pad)
    dpadded = np.zeros_like(padded)
    for i in range(dout.shape[1]):
        _window(dpadded, w, i * stride)[...] = np.tensordot(dout[:, i], w, axes=(1, 2))
    _, dw, db = _backward(dout, padded, w, stride)
    return _crop(dpadded, x, pad), dw, db


@mistake("conv1d_backward")
def dw_overwritten(dout, x, w, b, *, stride=1, pad=0):
    """dw holds the last window's share only. A weight takes part in every output: what becomes of their gradients?"""
    padded = _pad(x, pad)
    dpadded, _, db = _backward(dout, padded, w, stride)
    last = dout.shape[1] - 1
    return _crop(dpadded, x, pad), np.tensordot(_window(padded, w, last * stride), dout[:, last], axes=(0, 0)), db


@mistake("conv1d_backward")
def db_per_step(dout, x, w, b, *, stride=1, pad=0):
    """db was summed over the batch only. A bias is added at every step of its channel too: what shape has b?"""
    dpadded, dw, _ = _backward(dout, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw, dout.sum(axis=0)


@mistake("conv1d_backward")
def averaged_over_batch(dout, x, w, b, *, stride=1, pad=0):
    """dw and db are too small by the number of sequences. The loss has averaged already, and dout carries that factor:
    a layer only sums."""
    dpadded, dw, db = _backward(dout, _pad(x, pad), w, stride)
    return _crop(dpadded, x, pad), dw / len(x), db / len(x)


def _pad(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (0, 0)))


def _crop(dpadded, x, pad):
    return dpadded[:, pad : pad + x.shape[1]]


def _window(padded, w, start):
    return padded[:, start : start + len(w)]


def _size(padded, w, stride):
    return (padded.shape[1] - len(w)) // stride + 1


def _forward(padded, w, b, stride):
    out = np.zeros((len(padded), _size(padded, w, stride), w.shape[2]))
    for i in range(out.shape[1]):
        out[:, i] = np.tensordot(_window(padded, w, i * stride), w, axes=2) + b
    return out


def _scatter(dout, padded, w, stride):
    dpadded = np.zeros_like(padded)
    for i in range(dout.shape[1]):
        _window(dpadded, w, i * stride)[...] += np.tensordot(dout[:, i], w, axes=(1, 2))
    return dpadded


def _backward(dout, padded, w, stride):
    dw = np.zeros_like(w)
    for i in range(dout.shape[1]):
        dw += np.tensordot(_window(padded, w, i * stride), dout[:, i], axes=(0, 0))
    return _scatter(dout, padded, w, stride), dw, dout.sum(axis=(0, 1))
