import numpy as np


def _r(v):
    return v.reshape(1, -1, 1, 1)


def batchnorm2d_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mean = x.mean(axis=(0, 2, 3))
    var = x.var(axis=(0, 2, 3))
    xhat = (x - _r(mean)) / np.sqrt(_r(var) + eps)
    out = _r(gamma) * xhat + _r(beta)
    return out, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var


def batchnorm2d_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return _r(gamma) * (x - _r(running_mean)) / np.sqrt(_r(running_var) + eps) + _r(beta)


def batchnorm2d_backward(dout, x, gamma, beta, *, eps=1e-5):
    N, C, H, W = x.shape
    m = N * H * W
    mean = x.mean(axis=(0, 2, 3))
    inv = 1 / np.sqrt(x.var(axis=(0, 2, 3)) + eps)
    xhat = (x - _r(mean)) * _r(inv)
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3))
    dbeta = np.sum(dout, axis=(0, 2, 3))
    dx = _r(gamma * inv) / m * (m * dout - _r(dbeta) - xhat * _r(dgamma))
    return dx, dgamma, dbeta
