import numpy as np

AXES = (0, 1, 2)


def batchnorm2d_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mean, var = np.mean(x, axis=AXES), np.var(x, axis=AXES)
    out = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return out, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var


def batchnorm2d_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def batchnorm2d_backward(dout, x, gamma, beta, *, eps=1e-5):
    N, H, W, C = x.shape
    mean, var = np.mean(x, axis=AXES), np.var(x, axis=AXES)
    inv = 1.0 / np.sqrt(var + eps)
    xhat = (x - mean) * inv
    dbeta = np.sum(dout, axis=AXES)
    dgamma = np.sum(dout * xhat, axis=AXES)
    dx = gamma * inv / N * (N * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta
