import numpy as np


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    mu, var = x.mean(0), x.var(0)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    g = momentum
    return y, g * running_mean + (1.0 - g) * mu, g * running_var + (1.0 - g) * var


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    stddev = np.sqrt(running_var + eps)
    return gamma * ((x - running_mean) / stddev) + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    num_examples = x.shape[0]
    mean_x, var_x = x.mean(0), x.var(0)
    x_minus_mean = x - mean_x
    stddev_x = np.sqrt(var_x + eps)
    standard_x = x_minus_mean / stddev_x
    standard_grad = dout * gamma
    var_grad = np.sum(standard_grad * x_minus_mean * -0.5 * var_x ** (-3 / 2), axis=0, keepdims=True)
    stddev_inv = 1 / stddev_x
    aux_x_minus_mean = 2 * x_minus_mean / num_examples
    mean_grad = (np.sum(standard_grad * -stddev_inv, axis=0, keepdims=True) +
                 var_grad * np.sum(-aux_x_minus_mean, axis=0, keepdims=True))
    dx = standard_grad * stddev_inv + var_grad * aux_x_minus_mean + mean_grad / num_examples
    return dx, np.sum(dout * standard_x, axis=0), np.sum(dout, axis=0)
