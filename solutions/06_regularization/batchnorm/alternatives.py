"""Batch normalization: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("batchnorm_train", fast=False)
def entry_by_entry(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    batch, features = x.shape
    out, new_mean, new_var = np.zeros((batch, features)), np.zeros(features), np.zeros(features)
    for d in range(features):
        mean = sum(x[i, d] for i in range(batch)) / batch
        var = sum((x[i, d] - mean) ** 2 for i in range(batch)) / batch
        for i in range(batch):
            out[i, d] = gamma[d] * (x[i, d] - mean) / math.sqrt(var + eps) + beta[d]
        new_mean[d] = momentum * running_mean[d] + (1 - momentum) * mean
        new_var[d] = momentum * running_var[d] + (1 - momentum) * var
    return out, new_mean, new_var


@alternative("batchnorm_train", fast=False)
def feature_by_feature(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    out = np.zeros_like(x)
    for d in range(x.shape[1]):
        out[:, d] = gamma[d] * (x[:, d] - np.mean(x[:, d])) / np.sqrt(np.var(x[:, d]) + eps) + beta[d]
    new_mean = momentum * running_mean + (1 - momentum) * np.mean(x, axis=0)
    return out, new_mean, momentum * running_var + (1 - momentum) * np.var(x, axis=0)


@alternative("batchnorm_train")
def averages_moved_by_a_share(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mean = np.ones(len(x)) @ x / len(x)
    var = np.square(x - mean).sum(axis=0) / len(x)
    out = (x - mean) * (gamma * (var + eps) ** -0.5) + beta
    running_mean = running_mean + (1 - momentum) * (mean - running_mean)
    return np.asfortranarray(out), running_mean, running_var + (1 - momentum) * (var - running_var)


@alternative("batchnorm_train")
def features_first(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    rows = x.T
    mean, std = rows.mean(axis=1, keepdims=True), np.sqrt(rows.var(axis=1, keepdims=True) + eps)
    new_mean = momentum * running_mean + (1 - momentum) * mean[:, 0]
    new_var = momentum * running_var + (1 - momentum) * (std[:, 0] ** 2 - eps)
    return ((rows - mean) / std * gamma[:, None] + beta[:, None]).T, new_mean, new_var


@alternative("batchnorm_infer")
def infer_entry_by_entry(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    out = np.zeros_like(x)
    for i, d in np.ndindex(x.shape):
        out[i, d] = gamma[d] * (x[i, d] - running_mean[d]) / math.sqrt(running_var[d] + eps) + beta[d]
    return out


@alternative("batchnorm_infer")
def infer_as_one_line(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return np.asfortranarray(slope * x + (beta - slope * running_mean))


@alternative("batchnorm_backward", fast=False)
def gradient_entry_by_entry(dout, x, gamma, beta, *, eps=1e-5):
    batch, features = x.shape
    dx, dgamma, dbeta = np.zeros_like(x), np.zeros(features), np.zeros(features)
    for d in range(features):
        mean = sum(x[i, d] for i in range(batch)) / batch
        std = math.sqrt(sum((x[i, d] - mean) ** 2 for i in range(batch)) / batch + eps)
        for i in range(batch):
            dbeta[d] += dout[i, d]
            dgamma[d] += dout[i, d] * (x[i, d] - mean) / std
        for i in range(batch):
            along = (dbeta[d] + (x[i, d] - mean) / std * dgamma[d]) / batch
            dx[i, d] = gamma[d] / std * (dout[i, d] - along)
    return dx, dgamma, dbeta


@alternative("batchnorm_backward", fast=False)
def jacobian_of_each_feature(dout, x, gamma, beta, *, eps=1e-5):
    batch = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    dx = np.zeros_like(x)
    for d in range(x.shape[1]):
        jacobian = np.eye(batch) - (1 + np.outer(xhat[:, d], xhat[:, d])) / batch
        dx[:, d] = gamma[d] / std[d] * (jacobian @ dout[:, d])
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


@alternative("batchnorm_backward")
def closed_form(dout, x, gamma, beta, *, eps=1e-5):
    batch, std = x.shape[0], np.sqrt(np.var(x, axis=0) + eps)
    xhat = (x - np.mean(x, axis=0)) / std
    dgamma, dbeta = np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)
    dx = gamma / (batch * std) * (batch * dout - dbeta - xhat * dgamma)
    return np.asfortranarray(dx), dgamma, dbeta


@alternative("batchnorm_backward")
def node_by_node(dout, x, gamma, beta, *, eps=1e-5):
    batch = len(x)
    centered = x - x.mean(axis=0)
    std = np.sqrt(np.mean(centered**2, axis=0) + eps)
    dgamma, dbeta = np.einsum("bd,bd->d", dout, centered / std), np.einsum("bd->d", dout)
    dxhat = dout * gamma
    dinverse = np.sum(dxhat * centered, axis=0)
    dstd = -dinverse / std**2
    dvar = dstd / (2 * std)
    dcentered = dxhat / std + 2 * centered * (dvar / batch)
    return dcentered - dcentered.sum(axis=0) / batch, dgamma, dbeta
