import numpy as np


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mean = np.mean(x, axis=0, keepdims=True)
    var = np.var(x, axis=0, keepdims=True)
    xnorm = (x - mean) / np.sqrt(var + eps)
    out = gamma * xnorm + beta
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return out, running_mean, running_var


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    x = (x - running_mean) / np.sqrt(running_var + eps)
    return gamma * x + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    N, D = x.shape
    mean = np.mean(x, axis=0, keepdims=True)
    var = np.var(x, axis=0, keepdims=True)
    std = np.sqrt(var + eps)
    xnorm = (x - mean) / std
    dbeta = np.sum(dout, axis=0, keepdims=True)
    dgamma = np.sum(xnorm * dout, axis=0, keepdims=True)
    dy = dout * gamma.reshape(1, -1)
    dx1 = dy / std
    dx2 = -np.sum(dy / (std * N), axis=0, keepdims=True)
    dx3 = -np.sum(dy * xnorm / std ** 2, axis=0, keepdims=True) * ((x - mean) / N)
    return dx1 + dx2 + dx3, dgamma, dbeta
