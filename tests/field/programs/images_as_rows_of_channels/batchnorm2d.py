import numpy as np


def bn(x2, gamma, beta, eps):
    mean, var = x2.mean(axis=0), x2.var(axis=0)
    return (x2 - mean) / np.sqrt(var + eps) * gamma + beta, mean, var


def batchnorm2d_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    out, mean, var = bn(x.reshape(-1, x.shape[-1]), gamma, beta, eps)
    keep = lambda old, new: momentum * old + (1 - momentum) * new
    return out.reshape(x.shape), keep(running_mean, mean), keep(running_var, var)


def batchnorm2d_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return (x - running_mean) * (gamma / np.sqrt(running_var + eps)) + beta


def batchnorm2d_backward(dout, x, gamma, beta, *, eps=1e-5):
    x2, d2 = x.reshape(-1, x.shape[-1]), dout.reshape(-1, x.shape[-1])
    n = x2.shape[0]
    inv = 1 / np.sqrt(x2.var(axis=0) + eps)
    xhat = (x2 - x2.mean(axis=0)) * inv
    dbeta, dgamma = d2.sum(axis=0), np.einsum('nc,nc->c', d2, xhat)
    dx = gamma * inv / n * (n * d2 - dbeta - xhat * dgamma)
    return dx.reshape(x.shape), dgamma, dbeta
