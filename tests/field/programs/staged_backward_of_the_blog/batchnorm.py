import numpy as np


def forward_graph(x, eps):
    B = float(len(x))
    g = {}
    g['mean'] = np.add.reduce(x, axis=0) / B
    g['diff'] = x - g['mean']
    g['square'] = g['diff'] ** 2
    g['var'] = np.add.reduce(g['square'], axis=0) / B
    g['root'] = np.sqrt(g['var'] + eps)
    g['inverse'] = 1.0 / g['root']
    g['xhat'] = g['diff'] * g['inverse']
    return g


def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    g = forward_graph(x, eps)
    blend = lambda old, new: momentum * old + (1 - momentum) * new
    return gamma * g['xhat'] + beta, blend(running_mean, g['mean']), blend(running_var, g['var'])


def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return (x - running_mean) * scale + beta


def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    B = float(len(x))
    g = forward_graph(x, eps)
    d = {'xhat': dout * gamma}
    d['inverse'] = np.add.reduce(d['xhat'] * g['diff'], axis=0)
    d['root'] = d['inverse'] * -1.0 / g['root'] ** 2
    d['var'] = d['root'] * 0.5 / g['root']
    d['square'] = np.broadcast_to(d['var'] / B, x.shape)
    d['diff'] = d['xhat'] * g['inverse'] + d['square'] * 2 * g['diff']
    d['mean'] = -np.add.reduce(d['diff'], axis=0)
    dx = d['diff'] + d['mean'] / B
    return dx, np.add.reduce(dout * g['xhat'], axis=0), np.add.reduce(dout, axis=0)
