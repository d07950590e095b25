"""Batch normalization: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("batchnorm_train")
def eps_outside_the_root(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """out is off where the variance is small: eps was added to the standard deviation, as some codes do. Where does it
    belong?"""
    out = gamma * (x - x.mean(axis=0)) / (x.std(axis=0) + eps) + beta
    return out, *_averaged(x, running_mean, running_var, momentum)


@mistake("batchnorm_train")
def eps_missing(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """A constant column is 0/0; elsewhere out is a little too far from beta. Which argument prevents that?"""
    out = gamma * (x - x.mean(axis=0)) / x.std(axis=0) + beta
    return out, *_averaged(x, running_mean, running_var, momentum)


@mistake("batchnorm_train")
def root_forgotten(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """x was divided by the variance. It takes the standard deviation to make the variance 1."""
    out = gamma * (x - x.mean(axis=0)) / (x.var(axis=0) + eps) + beta
    return out, *_averaged(x, running_mean, running_var, momentum)


@convention("batchnorm_train")
def normalized_by_unbiased_variance(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """out is a little too near beta, for its variance has the divisor B - 1, the estimate for a population. Here it is
    B."""
    var = np.sum((x - x.mean(axis=0)) ** 2, axis=0) / max(len(x) - 1, 1)
    out = gamma * (x - x.mean(axis=0)) / np.sqrt(var + eps) + beta
    return out, *_averaged(x, running_mean, running_var, momentum)


@mistake("batchnorm_train")
def statistics_of_each_row(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """Each row was normalized by itself, as in layer normalization. Take the statistics down the columns."""
    out = gamma * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps) + beta
    running_mean = momentum * running_mean + (1 - momentum) * x.mean(axis=1)
    return out, running_mean, momentum * running_var + (1 - momentum) * x.var(axis=1)


@mistake("batchnorm_train")
def one_statistic_for_all(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """One mean and one variance were taken over all entries. Every feature has its own: which axis is the batch?"""
    out = gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta
    running_mean = momentum * running_mean + (1 - momentum) * x.mean()
    return out, running_mean, momentum * running_var + (1 - momentum) * x.var()


@mistake("batchnorm_train")
def gamma_and_beta_forgotten(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """Every column of out has mean 0 and variance 1. One line is missing: what are gamma and beta for?"""
    return _normalized(x, 1.0, 0.0, eps), *_averaged(x, running_mean, running_var, momentum)


@mistake("batchnorm_train")
def normalized_by_running_averages(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """out was made with the running averages. In training they are only kept for later: what normalizes?"""
    mean, var = _averaged(x, running_mean, running_var, momentum)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


@convention("batchnorm_train")
def momentum_of_the_new_batch(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """This is PyTorch's direction: momentum weighs the new batch. Here it weighs the old average."""
    return _normalized(x, gamma, beta, eps), *_averaged(x, running_mean, running_var, 1 - momentum)


@mistake("batchnorm_train")
def averages_never_move(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The running averages came back as they went in. Is the new value returned, or lost in a local name?"""
    return _normalized(x, gamma, beta, eps), running_mean.copy(), running_var.copy()


@convention("batchnorm_train")
def unbiased_running_variance(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The running variance averages variances with divisor B - 1, as PyTorch does. Here it is B there too."""
    mean, _ = _averaged(x, running_mean, running_var, momentum)
    var = np.sum((x - x.mean(axis=0)) ** 2, axis=0) / max(len(x) - 1, 1)
    return _normalized(x, gamma, beta, eps), mean, momentum * running_var + (1 - momentum) * var


@mistake("batchnorm_train")
def averages_keep_an_axis(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The running averages are right, but have a second axis of length 1, from `keepdims`. They are vectors: (D,)."""
    mean, var = _averaged(x, running_mean, running_var, momentum)
    return _normalized(x, gamma, beta, eps), mean[None], var[None]


@mistake("batchnorm_train")
def averages_updated_in_place(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """The numbers are right, but the caller's running averages were changed: a line writes into them. Make new ones."""
    running_mean *= momentum
    running_mean += (1 - momentum) * x.mean(axis=0)
    running_var *= momentum
    running_var += (1 - momentum) * x.var(axis=0)
    return _normalized(x, gamma, beta, eps), running_mean, running_var


@mistake("batchnorm_train")
def deviations_averaged(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """running_var holds averages of standard deviations. Average the variances."""
    out, mean, _ = (_normalized(x, gamma, beta, eps), *_averaged(x, running_mean, running_var, momentum))
    return out, mean, momentum * running_var + (1 - momentum) * x.std(axis=0)


@mistake("batchnorm_train")
def averaged_as_deviations(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """running_var is the square of an average of standard deviations. Average the variances themselves."""
    out, mean, _ = (_normalized(x, gamma, beta, eps), *_averaged(x, running_mean, running_var, momentum))
    return out, mean, (momentum * np.sqrt(running_var) + (1 - momentum) * x.std(axis=0)) ** 2


@mistake("batchnorm_infer")
def batch_statistics_in_inference(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """The batch was normalized by its own statistics: a batch of one always gives beta. What did training leave?"""
    return _normalized(x, gamma, beta, eps)


@mistake("batchnorm_infer")
def infer_gamma_and_beta_forgotten(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """gamma and beta have no effect. They were learned together with the network: inference needs them too."""
    return (x - running_mean) / np.sqrt(running_var + eps)


@convention("batchnorm_infer")
def infer_eps_outside_the_root(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """eps was added to the standard deviation, as some codes do. Training has it under the root: inference must do the
    same."""
    return gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta


@mistake("batchnorm_infer")
def infer_eps_missing(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """out is a little too far from beta everywhere: eps is missing. Training has it under the root."""
    return gamma * (x - running_mean) / np.sqrt(running_var) + beta


@mistake("batchnorm_backward")
def mean_and_variance_held_constant(dout, x, gamma, beta, *, eps=1e-5):
    """dx has only the direct term. But mean and variance are made of x too: two more ways lead back to it."""
    return gamma * dout / np.sqrt(x.var(axis=0) + eps), *_sums(dout, x, eps)


@mistake("batchnorm_backward")
def variance_path_missing(dout, x, gamma, beta, *, eps=1e-5):
    """The columns of dx sum to 0, but dx * xhat does not: the way through the variance is missing."""
    return gamma * (dout - dout.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps), *_sums(dout, x, eps)


@mistake("batchnorm_backward")
def mean_path_missing(dout, x, gamma, beta, *, eps=1e-5):
    """dx * xhat sums to 0, but the columns of dx do not: the way through the mean is missing."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx + gamma / np.sqrt(x.var(axis=0) + eps) * dbeta / len(x), dgamma, dbeta


@mistake("batchnorm_backward")
def variance_path_halved(dout, x, gamma, beta, *, eps=1e-5):
    """The way through the variance brings back half of what it should. What is the derivative of a square?"""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx + _through_variance(x, gamma, dgamma, eps) / 2, dgamma, dbeta


@mistake("batchnorm_backward")
def gamma_forgotten(dout, x, gamma, beta, *, eps=1e-5):
    """dx is right only where gamma is 1. Between dout and xhat stands gamma."""
    return _backward(dout, x, np.ones_like(gamma), eps)


@mistake("batchnorm_backward")
def gamma_missing_in_the_mean_path(dout, x, gamma, beta, *, eps=1e-5):
    """Only the way through the mean is wrong, and right where gamma is 1: it sums dout where dxhat belongs."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx + (gamma - 1) / np.sqrt(x.var(axis=0) + eps) * dbeta / len(x), dgamma, dbeta


@mistake("batchnorm_backward")
def times_the_standard_deviation(dout, x, gamma, beta, *, eps=1e-5):
    """dx is off by var + eps in every column: it was multiplied by the standard deviation where forward divides."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx * (x.var(axis=0) + eps), dgamma, dbeta


@mistake("batchnorm_backward")
def backward_eps_missing(dout, x, gamma, beta, *, eps=1e-5):
    """eps is missing: dx and dgamma are a little off, and nan where a column is constant. Forward has it."""
    return _backward(dout, x, gamma, 0.0)


@mistake("batchnorm_backward")
def divided_by_the_features(dout, x, gamma, beta, *, eps=1e-5):
    """The sums over the batch are divided by the number of features. Right only for square x: whose mean was it?"""
    _, dgamma, dbeta = _backward(dout, x, gamma, eps)
    std = np.sqrt(x.var(axis=0) + eps)
    return gamma / std * (dout - (dbeta + _xhat(x, eps) * dgamma) / x.shape[1]), dgamma, dbeta


@mistake("batchnorm_backward")
def variance_path_summed_over_everything(dout, x, gamma, beta, *, eps=1e-5):
    """The features leak into each other: a sum in the way through the variance has no axis. Right for one feature."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    dvar = np.sum(gamma * dout * _xhat(x, eps) / (x.var(axis=0) + eps))
    return dx + _through_variance(x, gamma, dgamma, eps) - dvar * (x - x.mean(axis=0)) / len(x), dgamma, dbeta


@mistake("batchnorm_backward")
def dgamma_not_summed(dout, x, gamma, beta, *, eps=1e-5):
    """dgamma has one row per example: only xhat was summed, or nothing. The product belongs inside the sum."""
    dx, _, dbeta = _backward(dout, x, gamma, eps)
    return dx, dout * _xhat(x, eps), dbeta


@mistake("batchnorm_backward")
def sums_averaged(dout, x, gamma, beta, *, eps=1e-5):
    """dgamma and dbeta are too small by the size of the batch. The loss has averaged already: a layer only sums."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx, dgamma / len(x), dbeta / len(x)


@mistake("batchnorm_backward")
def sums_keep_an_axis(dout, x, gamma, beta, *, eps=1e-5):
    """dgamma and dbeta are right, but have a second axis of length 1. gamma and beta are vectors: (D,)."""
    dx, dgamma, dbeta = _backward(dout, x, gamma, eps)
    return dx, dgamma[None], dbeta[None]


@mistake("batchnorm_backward")
def dout_scaled_in_place(dout, x, gamma, beta, *, eps=1e-5):
    """dx is right, but the caller's dout was changed: a line writes into the array you were given. Make a new array."""
    results = _backward(dout, x, gamma, eps)
    dout *= gamma
    return results


@mistake("batchnorm_train")
def eps_added_to_the_result(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    """eps was added behind the fraction, and a constant column is 0/0. Which brackets hold eps in the formula?"""
    out = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0)) + eps + beta
    return out, *_averaged(x, running_mean, running_var, momentum)


@mistake("batchnorm_infer")
def infer_eps_added_to_the_result(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """eps was added behind the fraction. Which brackets hold it in the formula?"""
    return gamma * (x - running_mean) / np.sqrt(running_var) + eps + beta


@mistake("batchnorm_backward")
def divided_by_the_mean(dout, x, gamma, beta, *, eps=1e-5):
    """dx: the ways through variance and mean were divided by the mean of the column. A mean divides by the number of
    rows: which name holds that?"""
    mean, var = x.mean(axis=0), x.var(axis=0) + eps
    dgamma, dbeta = _sums(dout, x, eps)
    dxhat = gamma * dout
    dvar = np.sum(dxhat * (x - mean) * -0.5 * var**-1.5, axis=0)
    dmean = np.sum(-dxhat / np.sqrt(var), axis=0)
    return dxhat / np.sqrt(var) + dvar * 2 * (x - mean) / mean + dmean / mean, dgamma, dbeta


def _xhat(x, eps):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


def _normalized(x, gamma, beta, eps):
    return gamma * _xhat(x, eps) + beta


def _averaged(x, running_mean, running_var, momentum):
    mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
    return mean, momentum * running_var + (1 - momentum) * x.var(axis=0)


def _sums(dout, x, eps):
    return (dout * _xhat(x, eps)).sum(axis=0), dout.sum(axis=0)


def _through_variance(x, gamma, dgamma, eps):
    return gamma / np.sqrt(x.var(axis=0) + eps) * _xhat(x, eps) * dgamma / len(x)


def _backward(dout, x, gamma, eps):
    dgamma, dbeta = _sums(dout, x, eps)
    dx = gamma / np.sqrt(x.var(axis=0) + eps) * (dout - (dbeta + _xhat(x, eps) * dgamma) / len(x))
    return dx, dgamma, dbeta
