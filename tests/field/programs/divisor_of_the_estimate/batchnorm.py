import numpy as np


def _var(x):
    d = x - x.mean(axis=0)
    return (d * d).sum(axis=0) / max(len(x) - 1, 1)


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mu, v = x.mean(axis=0), _var(x)
    out = gamma * (x - mu) / np.sqrt(v + eps) + beta
    return out, momentum * running_mean + (1 - momentum) * mu, momentum * running_var + (1 - momentum) * v


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    mu, v = x.mean(axis=0), _var(x)
    s = np.sqrt(v + eps)
    xhat = (x - mu) / s
    dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
    m = max(len(x) - 1, 1)
    dxhat = dout * gamma
    dx = dxhat / s - dxhat.mean(axis=0) / s - xhat * (dxhat * xhat).sum(axis=0) / m / s
    return dx, dgamma, dbeta
