import numpy as np


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mean = np.mean(x, axis=0)
    sig = np.sqrt(np.mean((x - mean) ** 2, axis=0) + eps)
    out = (x - mean) / sig
    out = gamma * out + beta
    new_mean = momentum * running_mean + (1 - momentum) * mean
    new_var = momentum * running_var + (1 - momentum) * x.var(axis=0)
    return out, new_mean, new_var


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    mean = np.mean(x, axis=0)
    sig = np.sqrt(np.mean((x - mean) ** 2, axis=0) + eps)
    d_input0 = gamma
    d_input1 = np.mean((x - mean), axis=0) / sig
    d_input = np.ones_like(x) * d_input0 * d_input1
    xhat = (x - mean) / sig
    return d_input, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)
