import numpy as np


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    m = x.shape[0]
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    unbiased = var * m / max(m - 1, 1)
    x_hat = (x - mean) / np.sqrt(var + eps)
    r_mean = (1 - momentum) * running_mean + momentum * mean
    r_var = (1 - momentum) * running_var + momentum * unbiased
    return gamma * x_hat + beta, r_mean, r_var


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)
    return gamma * x_hat + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    m = x.shape[0]
    inv = 1.0 / np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) * inv
    d_gamma = np.sum(dout * x_hat, axis=0)
    d_beta = np.sum(dout, axis=0)
    dx = (1 / m) * gamma * inv * (m * dout - d_beta - x_hat * d_gamma)
    return dx, d_gamma, d_beta
