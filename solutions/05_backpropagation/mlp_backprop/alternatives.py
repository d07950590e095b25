"""Backpropagation through the MLP: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("mlp_backward", fast=False)
def weight_by_weight(dout, x, weights, biases):
    dx = np.zeros(x.shape)
    dweights, dbiases = [np.zeros(w.shape) for w in weights], [np.zeros(b.shape) for b in biases]
    for i in range(len(x)):
        h = [x[i]]
        for w, b in zip(weights, biases, strict=True):
            h.append(1 / (1 + np.exp(-(h[-1] @ w + b))))
        dh = dout[i]
        for layer in range(len(weights) - 1, -1, -1):
            w, before = weights[layer], np.zeros(len(h[layer]))
            for m in range(w.shape[1]):
                ds = dh[m] * h[layer + 1][m] * (1 - h[layer + 1][m])
                dbiases[layer][m] += ds
                for d in range(w.shape[0]):
                    dweights[layer][d, m] += h[layer][d] * ds
                    before[d] += w[d, m] * ds
            dh = before
        dx[i] = dh
    return dx, dweights, dbiases


@alternative("mlp_backward", fast=False)
def outer_products(dout, x, weights, biases):
    dx, dweights, dbiases = np.zeros_like(x), [0] * len(weights), [0] * len(biases)
    for i, row in enumerate(x):
        h = [row]
        for w, b in zip(weights, biases, strict=True):
            h.append(np.reciprocal(1 + np.exp(-(w.T @ h[-1] + b))))
        dh = dout[i]
        for layer in reversed(range(len(weights))):
            ds = dh * h[layer + 1] * (1 - h[layer + 1])
            dweights[layer] = dweights[layer] + np.outer(h[layer], ds)
            dbiases[layer] = dbiases[layer] + ds
            dh = weights[layer] @ ds
        dx[i] = dh
    return dx, dweights, dbiases


@alternative("mlp_backward")
def columns_and_tuples(dout, x, weights, biases):
    h = [x.T]
    for w, b in zip(weights, biases, strict=True):
        h.append(0.5 + 0.5 * np.tanh((w.T @ h[-1] + b[:, None]) / 2))
    dh, dweights, dbiases = dout.T, (), ()
    while len(h) > 1:
        out = h.pop()
        ds = dh * (out - out**2)
        dweights = ((ds @ h[-1].T).T, *dweights)
        dbiases = (ds @ np.ones(ds.shape[1]), *dbiases)
        dh = weights[len(h) - 1] @ ds
    return dh.T, dweights, dbiases


@alternative("mlp_backward")
def recursion_from_the_front(dout, x, weights, biases):
    def through(h, layer):
        if layer == len(weights):
            return dout, [], []
        e = np.exp(-(np.dot(h, weights[layer]) + biases[layer]))
        dh, dweights, dbiases = through(1 / (1 + e), layer + 1)
        ds = dh * e / np.square(1 + e)
        dw = np.einsum("id,im->dm", h, ds, optimize=True)
        return np.dot(ds, weights[layer].T), [np.asfortranarray(dw), *dweights], [np.add.reduce(ds), *dbiases]

    return through(x, 0)


@alternative("mlp_backward")
def threshold_as_a_weight(dout, x, weights, biases):
    tables = [np.vstack([w, b]) for w, b in zip(weights, biases, strict=True)]
    rows, outs = [], [x]
    for table in tables:
        rows.append(np.hstack([outs[-1], np.ones((len(x), 1))]))
        outs.append(1 / (1 + np.exp(-rows[-1] @ table)))
    dweights, dbiases, dh = [], [], dout
    for table, row, out in zip(tables[::-1], rows[::-1], outs[:0:-1], strict=True):
        ds = dh * out * (1 - out)
        dtable = row.T @ ds
        dweights.append(dtable[:-1])
        dbiases.append(dtable[-1])
        dh = (ds @ table.T)[:, :-1]
    dweights.reverse()
    dbiases.reverse()
    return dh, dweights, dbiases
