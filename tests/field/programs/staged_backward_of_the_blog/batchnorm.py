import numpy as np


def _stages(x, eps):
    mu = 1. / len(x) * np.sum(x, axis=0)
    xmu = x - mu
    var = 1. / len(x) * np.sum(xmu ** 2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1. / sqrtvar
    return mu, xmu, var, sqrtvar, ivar


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mu, xmu, var, sqrtvar, ivar = _stages(x, eps)
    out = gamma * (xmu * ivar) + beta
    return out, momentum * running_mean + (1 - momentum) * mu, momentum * running_var + (1 - momentum) * var


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return x * scale + (beta - running_mean * scale)


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    N, D = dout.shape
    mu, xmu, var, sqrtvar, ivar = _stages(x, eps)
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * (xmu * ivar), axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1. / (sqrtvar ** 2) * divar
    dvar = 0.5 * 1. / np.sqrt(var + eps) * dsqrtvar
    dsq = 1. / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1. / N * np.ones((N, D)) * dmu
    return dx1 + dx2, dgamma, dbeta
