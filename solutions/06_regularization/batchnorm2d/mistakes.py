"""Batch normalization of images: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake

PIXELS = (0, 1, 2)


@mistake("batchnorm2d_train")
def statistics_over_the_batch_alone(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """Every pixel got statistics of its own: the sums run over the batch alone. A channel has one mean for all its
    pixels."""
    return _train(x, gamma, beta, running_mean, running_var, momentum, eps, 0)


@mistake("batchnorm2d_train")
def statistics_of_each_image(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """Each image was normalized by itself, which is instance normalization, and is right for one image. The batch
    belongs into the sums."""
    out = _normalized(x, gamma, beta, eps, (1, 2))
    return out, *_averaged(x, running_mean, running_var, momentum)


@convention("batchnorm2d_train")
def statistics_of_each_row_of_pixels(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The statistics run over axes 0, 2 and 3, as for images that are stored channels first. Here the channels are the
    last axis."""
    return _train(x, gamma, beta, running_mean, running_var, momentum, eps, (0, 2, 3))


@mistake("batchnorm2d_train")
def statistics_per_image_over_all_channels(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The statistics run over height, width and channels: one for each image. Take one for each channel."""
    return _train(x, gamma, beta, running_mean, running_var, momentum, eps, (1, 2, 3))


@mistake("batchnorm2d_train")
def one_statistic_for_all(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """One mean and one variance were taken over all entries. Every channel has its own."""
    return _train(x, gamma, beta, running_mean, running_var, momentum, eps, PIXELS + (3,))


@mistake("batchnorm2d_train")
def reshaped_without_transpose(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The channels are mixed: `reshape(C, -1)` does not bring the channels to the front, it only cuts the numbers as
    they lie in memory. Which reshape keeps the last axis whole?"""
    planes = x.reshape(x.shape[3], -1).T
    out, *averages = _train(planes, gamma, beta, running_mean, running_var, momentum, eps, 0)
    return out.T.reshape(x.shape), *averages


@mistake("batchnorm2d_train")
def variance_divided_by_the_batch(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The variance is too large by H*W: the sum over all pixels was divided by the number of images. How many numbers
    are in that sum?"""
    mean, _ = _averaged(x, running_mean, running_var, momentum)
    var = x.var(axis=PIXELS) * x[0, :, :, 0].size
    out = gamma * (x - x.mean(axis=PIXELS)) / np.sqrt(var + eps) + beta
    return out, mean, momentum * running_var + (1 - momentum) * var


@convention("batchnorm2d_train")
def eps_outside_the_root(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """out is off where the variance is small: eps was added to the standard deviation, as some codes do. Where does it
    belong?"""
    out = gamma * (x - x.mean(axis=PIXELS)) / (x.std(axis=PIXELS) + eps) + beta
    return out, *_averaged(x, running_mean, running_var, momentum)


@mistake("batchnorm2d_train")
def eps_missing(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """A constant channel is 0/0; elsewhere out is a little too far from beta. Which argument prevents that?"""
    return _normalized(x, gamma, beta, 0.0, PIXELS), *_averaged(x, running_mean, running_var, momentum)


@mistake("batchnorm2d_train")
def gamma_and_beta_forgotten(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """Every channel of out has mean 0 and variance 1. One line is missing: what are gamma and beta for?"""
    return _train(x, 1.0, 0.0, running_mean, running_var, momentum, eps, PIXELS)


@mistake("batchnorm2d_train")
def normalized_by_running_averages(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """out was made with the running averages. In training they are only kept for later: what normalizes?"""
    mean, var = _averaged(x, running_mean, running_var, momentum)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


@convention("batchnorm2d_train")
def momentum_of_the_new_batch(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """This is PyTorch's direction: momentum weighs the new batch. Here it weighs the old average."""
    return _train(x, gamma, beta, running_mean, running_var, 1 - momentum, eps, PIXELS)


@mistake("batchnorm2d_train")
def averages_never_move(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The running averages came back as they went in. Is the new value returned, or lost in a local name?"""
    return _train(x, gamma, beta, running_mean, running_var, 1.0, eps, PIXELS)


@convention("batchnorm2d_train")
def unbiased_running_variance(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The running variance averages variances with divisor N - 1, as PyTorch does. Here it is N there too."""
    out, mean, _ = _train(x, gamma, beta, running_mean, running_var, momentum, eps, PIXELS)
    return out, mean, momentum * running_var + (1 - momentum) * x.var(axis=PIXELS, ddof=1)


@mistake("batchnorm2d_train")
def averages_keep_their_axes(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The running averages are right, but have axes of length 1, from `keepdims`. They are vectors: (C,)."""
    out, mean, var = _train(x, gamma, beta, running_mean, running_var, momentum, eps, PIXELS)
    return out, mean[None, None, None], var[None, None, None]


@mistake("batchnorm2d_train")
def averages_updated_in_place(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The numbers are right, but the caller's running averages were changed: a line writes into them. Make new ones."""
    results = _train(x, gamma, beta, running_mean, running_var, momentum, eps, PIXELS)
    running_mean[...], running_var[...] = results[1], results[2]
    return results


@mistake("batchnorm2d_infer")
def batch_statistics_in_inference(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """The images were normalized by their own statistics, as in training. Which averages did training leave?"""
    return _normalized(x, gamma, beta, eps, PIXELS)


@mistake("batchnorm2d_infer")
def infer_gamma_and_beta_forgotten(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """gamma and beta have no effect. They were learned together with the network: inference needs them too."""
    return (x - running_mean) / np.sqrt(running_var + eps)


@convention("batchnorm2d_infer")
def infer_eps_outside_the_root(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """eps was added to the standard deviation, as some codes do. Training has it under the root: inference must do the
    same."""
    return gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta


@mistake("batchnorm2d_infer")
def infer_eps_missing(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """out is a little too far from beta everywhere: eps is missing. Training has it under the root."""
    return gamma * (x - running_mean) / np.sqrt(running_var) + beta


@mistake("batchnorm2d_backward")
def counts_the_images_only(dout, x, gamma, beta, *, eps=1e-5):
    """The ways through mean and variance are too strong by H*W: their sums were divided by the number of images. How
    many numbers does a channel's mean divide by?"""
    return _backward(dout, x, gamma, eps, len(x))


@mistake("batchnorm2d_backward")
def counts_all_entries(dout, x, gamma, beta, *, eps=1e-5):
    """The ways through mean and variance are too weak by C: their sums were divided by the size of x. How many numbers
    does a channel's mean divide by?"""
    return _backward(dout, x, gamma, eps, x.size)


@mistake("batchnorm2d_backward")
def mean_and_variance_held_constant(dout, x, gamma, beta, *, eps=1e-5):
    """dx has only the direct term. But mean and variance are made of x too: two more ways lead back to it."""
    return _backward(dout, x, gamma, eps, np.inf)


@mistake("batchnorm2d_backward")
def variance_path_missing(dout, x, gamma, beta, *, eps=1e-5):
    """Each channel of dx sums to 0, but dx * xhat does not: the way through the variance is missing."""
    _, dgamma, dbeta = _backward(dout, x, gamma, eps, 1)
    return gamma * (dout - dout.mean(axis=PIXELS)) / np.sqrt(x.var(axis=PIXELS) + eps), dgamma, dbeta


@mistake("batchnorm2d_backward")
def mean_path_missing(dout, x, gamma, beta, *, eps=1e-5):
    """dx * xhat sums to 0, but the channels of dx do not: the way through the mean is missing."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps, x[..., 0].size)
    return dx + gamma / np.sqrt(x.var(axis=PIXELS) + eps) * dout.mean(axis=PIXELS), dgamma, dbeta


@mistake("batchnorm2d_backward")
def gamma_forgotten(dout, x, gamma, beta, *, eps=1e-5):
    """dx is right only where gamma is 1. Between dout and xhat stands gamma."""
    return _backward(dout, x, np.ones_like(gamma), eps, x[..., 0].size)


@mistake("batchnorm2d_backward")
def backward_eps_missing(dout, x, gamma, beta, *, eps=1e-5):
    """eps is missing: dx and dgamma are a little off, and nan where a channel is constant. Forward has it."""
    return _backward(dout, x, gamma, 0.0, x[..., 0].size)


@mistake("batchnorm2d_backward")
def sums_over_the_batch_alone(dout, x, gamma, beta, *, eps=1e-5):
    """dgamma and dbeta were summed over the batch only. They act at every pixel of a channel: what shape has gamma?"""
    dx, _, _ = _backward(dout, x, gamma, eps, x[..., 0].size)
    return dx, (dout * _xhat(x, eps, PIXELS)).sum(axis=0), dout.sum(axis=0)


@mistake("batchnorm2d_backward")
def sums_averaged(dout, x, gamma, beta, *, eps=1e-5):
    """dgamma and dbeta are averages over the pixels. The loss has averaged already: a layer only sums."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps, x[..., 0].size)
    return dx, dgamma / x[..., 0].size, dbeta / x[..., 0].size


@mistake("batchnorm2d_backward")
def dout_scaled_in_place(dout, x, gamma, beta, *, eps=1e-5):
    """dx is right, but the caller's dout was changed: a line writes into the array you were given. Make a new array."""
    results = _backward(dout, x, gamma, eps, x[..., 0].size)
    dout *= gamma
    return results


def _xhat(x, eps, axes):
    return (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True) + eps)


def _normalized(x, gamma, beta, eps, axes):
    return gamma * _xhat(x, eps, axes) + beta


def _averaged(x, running_mean, running_var, momentum, axes=PIXELS):
    mean = momentum * running_mean + (1 - momentum) * x.mean(axis=axes)
    return mean, momentum * running_var + (1 - momentum) * x.var(axis=axes)


def _train(x, gamma, beta, running_mean, running_var, momentum, eps, axes):
    out = _normalized(x, gamma, beta, eps, axes)
    return out, *_averaged(x, running_mean, running_var, momentum, axes)


def _backward(dout, x, gamma, eps, count):
    xhat = _xhat(x, eps, PIXELS)
    dgamma, dbeta = (dout * xhat).sum(axis=PIXELS), dout.sum(axis=PIXELS)
    return gamma / np.sqrt(x.var(axis=PIXELS) + eps) * (dout - (dbeta + xhat * dgamma) / count), dgamma, dbeta
