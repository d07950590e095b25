import numpy as np


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mu, var = x.mean(axis=0), x.var(axis=0)
    out = gamma * (x - mu) / np.sqrt(var + eps) + beta
    kept = 1.0 - momentum
    return out, momentum * running_mean + kept * mu, momentum * running_var + kept * var


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return gamma * ((x - running_mean) / np.sqrt(running_var + eps)) + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    B = len(x)
    mu, var = x.mean(axis=0), x.var(axis=0)
    diff = x - mu
    inv = 1 / np.sqrt(var + eps)
    dxhat = dout * gamma
    dvar = (dxhat * diff).sum(axis=0) * -0.5 * var ** -1.5
    dmu = -(dxhat * inv).sum(axis=0) + dvar * (-2 * diff).mean(axis=0)
    dx = dxhat * inv + dvar * 2 * diff / B + dmu / B
    return dx, (dout * diff * inv).sum(axis=0), dout.sum(axis=0)
