import numpy as np


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mean = x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    norm = (x - mean) / std
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_std = momentum * running_var + (1 - momentum) * std
    return norm * gamma + beta, running_mean, running_std


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return (x - running_mean) / (running_var + eps) * gamma + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    N = x.shape[0]
    std = np.sqrt(x.var(axis=0) + eps)
    norm = (x - x.mean(axis=0)) / std
    dnorm = dout * gamma
    dx = (N * dnorm - dnorm.sum(axis=0) - norm * (dnorm * norm).sum(axis=0)) / (N * std)
    return dx, (dout * norm).sum(axis=0), dout.sum(axis=0)
