"""Softmax: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("softmax_forward", fast=False)
def plain_python(scores):
    out = np.zeros(scores.shape)
    for i in range(scores.shape[0]):
        largest = max(scores[i])
        total = sum(math.exp(score - largest) for score in scores[i])
        for k in range(scores.shape[1]):
            out[i, k] = math.exp(scores[i, k] - largest) / total
    return out


@alternative("softmax_forward", fast=False)
def row_by_row(scores):
    rows = [np.exp(row - np.max(row)) for row in scores]
    return np.array([row / np.sum(row) for row in rows])


@alternative("softmax_forward")
def exp_of_log_softmax(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    return np.asfortranarray(np.exp(shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))))


@alternative("softmax_forward")
def exp_of_difference_to_logaddexp(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))


@alternative("softmax_forward")
def classes_first(scores):
    columns = scores.T - scores.max(axis=1)
    p = np.exp(columns)
    return (p / p.sum(axis=0)).T


@alternative("softmax_backward", fast=False)
def jacobian_of_each_row(dout, scores):
    dscores = np.zeros_like(scores)
    for i, p in enumerate(_softmax(scores)):
        dscores[i] = (np.diag(p) - np.outer(p, p)) @ dout[i]
    return dscores


@alternative("softmax_backward", fast=False)
def every_pair_of_classes(dout, scores):
    p, dscores = _softmax(scores), np.zeros_like(scores)
    for i in range(p.shape[0]):
        for k in range(p.shape[1]):
            for j in range(p.shape[1]):
                dscores[i, k] += dout[i, j] * p[i, j] * ((j == k) - p[i, k])
    return dscores


@alternative("softmax_backward")
def through_the_quotient(dout, scores):
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    total = exponentials.sum(axis=1, keepdims=True)
    dexponentials = dout / total - np.sum(dout * exponentials, axis=1, keepdims=True) / total**2
    return np.asfortranarray(dexponentials * exponentials)


@alternative("softmax_backward")
def probabilities_by_logaddexp(dout, scores):
    p = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    return p * (dout - np.sum(dout * p, axis=1, keepdims=True))


@alternative("softmax_backward")
def dot_product_of_rows(dout, scores):
    p = _softmax(scores)
    return p * (dout - np.einsum("ik,ik->i", dout, p)[:, None])


def _softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
