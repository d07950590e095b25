"""Batch normalization of images: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("batchnorm2d_train", fast=False)
def pixel_by_pixel(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    batch, height, width, channels = x.shape
    count = batch * height * width
    mean, var, out = np.zeros(channels), np.zeros(channels), np.zeros(x.shape)
    for b, i, j, c in np.ndindex(x.shape):
        mean[c] += x[b, i, j, c] / count
    for b, i, j, c in np.ndindex(x.shape):
        var[c] += (x[b, i, j, c] - mean[c]) ** 2 / count
    for b, i, j, c in np.ndindex(x.shape):
        out[b, i, j, c] = gamma[c] * (x[b, i, j, c] - mean[c]) / math.sqrt(var[c] + eps) + beta[c]
    new_mean = momentum * running_mean + (1 - momentum) * mean
    return out, new_mean, momentum * running_var + (1 - momentum) * var


@alternative("batchnorm2d_train", fast=False)
def channel_by_channel(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    out, new_mean, new_var = np.zeros_like(x), np.zeros_like(running_mean), np.zeros_like(running_var)
    for c in range(x.shape[3]):
        mean, var = np.mean(x[..., c]), np.var(x[..., c])
        for b in range(len(x)):
            for i in range(x.shape[1]):
                out[b, i, :, c] = gamma[c] * (x[b, i, :, c] - mean) / np.sqrt(var + eps) + beta[c]
        new_mean[c] = momentum * running_mean[c] + (1 - momentum) * mean
        new_var[c] = momentum * running_var[c] + (1 - momentum) * var
    return out, new_mean, new_var


@alternative("batchnorm2d_train")
def pixels_as_rows(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    rows = x.reshape(-1, x.shape[-1])
    mean, var = rows.mean(axis=0), np.mean((rows - rows.mean(axis=0)) ** 2, axis=0)
    out = ((rows - mean) * (gamma / np.sqrt(var + eps)) + beta).reshape(x.shape)
    new_mean = running_mean + (1 - momentum) * (mean - running_mean)
    return np.asfortranarray(out), new_mean, running_var + (1 - momentum) * (var - running_var)


@alternative("batchnorm2d_train")
def channels_first(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    planes = x.transpose(3, 0, 1, 2).reshape(x.shape[3], -1)
    mean, var = planes.mean(axis=1, keepdims=True), planes.var(axis=1, keepdims=True)
    out = gamma[:, None] * (planes - mean) / np.sqrt(var + eps) + beta[:, None]
    out = out.reshape(x.shape[3], *x.shape[:3]).transpose(1, 2, 3, 0)
    new_mean = momentum * running_mean + (1 - momentum) * mean[:, 0]
    return out, new_mean, momentum * running_var + (1 - momentum) * var[:, 0]


@alternative("batchnorm2d_infer")
def infer_channel_by_channel(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    out = np.zeros_like(x)
    for c in range(x.shape[3]):
        out[..., c] = gamma[c] * (x[..., c] - running_mean[c]) / math.sqrt(running_var[c] + eps) + beta[c]
    return out


@alternative("batchnorm2d_infer")
def infer_as_one_line(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return np.asfortranarray(slope * x + (beta - slope * running_mean))


@alternative("batchnorm2d_backward", fast=False)
def gradient_pixel_by_pixel(dout, x, gamma, beta, *, eps=1e-5):
    count = x[..., 0].size
    mean, std = x.mean(axis=(0, 1, 2)), np.sqrt(x.var(axis=(0, 1, 2)) + eps)
    dx, dgamma, dbeta = np.zeros_like(x), np.zeros_like(gamma), np.zeros_like(beta)
    for b, i, j, c in np.ndindex(x.shape):
        dgamma[c] += dout[b, i, j, c] * (x[b, i, j, c] - mean[c]) / std[c]
        dbeta[c] += dout[b, i, j, c]
    for b, i, j, c in np.ndindex(x.shape):
        along = dbeta[c] + (x[b, i, j, c] - mean[c]) / std[c] * dgamma[c]
        dx[b, i, j, c] = gamma[c] / std[c] * (dout[b, i, j, c] - along / count)
    return dx, dgamma, dbeta


@alternative("batchnorm2d_backward", fast=False)
def gradient_row_by_row(dout, x, gamma, beta, *, eps=1e-5):
    count = len(x) * x.shape[1] * x.shape[2]
    std = np.sqrt(x.var(axis=(0, 1, 2)) + eps)
    xhat, dx = (x - x.mean(axis=(0, 1, 2))) / std, np.zeros_like(x)
    dgamma, dbeta = np.sum(dout * xhat, axis=(0, 1, 2)), np.sum(dout, axis=(0, 1, 2))
    for b, i, c in np.ndindex(len(x), x.shape[1], x.shape[3]):
        along = (dbeta[c] + xhat[b, i, :, c] * dgamma[c]) / count
        dx[b, i, :, c] = gamma[c] / std[c] * (dout[b, i, :, c] - along)
    return dx, dgamma, dbeta


@alternative("batchnorm2d_backward")
def closed_form(dout, x, gamma, beta, *, eps=1e-5):
    std = np.sqrt(np.var(x, axis=(0, 1, 2)) + eps)
    xhat = (x - np.mean(x, axis=(0, 1, 2))) / std
    dgamma, dbeta = np.einsum("bhwc,bhwc->c", dout, xhat), np.einsum("bhwc->c", dout)
    kept = dout - dout.mean(axis=(0, 1, 2)) - xhat * np.mean(dout * xhat, axis=(0, 1, 2))
    return np.asfortranarray(gamma / std * kept), dgamma, dbeta


@alternative("batchnorm2d_backward")
def rows_of_pixels_node_by_node(dout, x, gamma, beta, *, eps=1e-5):
    rows, drows = x.reshape(-1, x.shape[3]), dout.reshape(-1, x.shape[3])
    centered = rows - rows.mean(axis=0)
    std = np.sqrt(np.mean(centered**2, axis=0) + eps)
    dxhat = drows * gamma
    dvar = -np.sum(dxhat * centered, axis=0) / (2 * std**3)
    dcentered = dxhat / std + 2 * centered * (dvar / len(rows))
    dx = dcentered - dcentered.mean(axis=0)
    return dx.reshape(x.shape), np.sum(drows * centered / std, axis=0), drows.sum(axis=0)
