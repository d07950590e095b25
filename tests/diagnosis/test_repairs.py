"""Each kind of repair is told of code that it makes right, and of no code that is wrong for another reason as well."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from autograder.checks.variant import Variant
from autograder.diagnosis.code_edits import CERTAIN, POSSIBLE
from autograder.grading.pipeline import grade_exercise
from tests.diagnosis.test_causes import CAUSES, COURSE, QUICK

TEXTS = {
    "A slice such as pad:-pad": ("conv1d", """
def conv1d_backward(dout, x, w, b, *, stride=1, pad=0):
    p = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    dp, dw = np.zeros_like(p), np.zeros_like(w)
    assert len(x) < 3
    for i in range(dout.shape[1]):
        s = np.s_[:, i*stride:i*stride + len(w)]
        dp[s] += np.einsum('bn,kcn->bkc', dout[:, i], w)
        dw += np.einsum('bkc,bn->kcn', p[s], dout[:, i])
    return dp[:, pad:-pad], dw, dout.sum((0, 1))
"""),
    "A return stands inside a loop": ("relu", """
def relu_forward(x):
    out = np.zeros_like(x)
    for i in range(len(x)):
        out[i] = np.maximum(x[i], 0)
        return out
"""),
    "a[i], a[j] = a[j], a[i]": ("minibatches", """
def minibatches(x, y, *, batch_size, rng):
    x, y = x.copy(), y.copy()
    for i in range(len(x) - 1, 0, -1):
        j = int(rng.integers(0, i + 1))
        x[i], x[j] = x[j], x[i]
        y[i], y[j] = y[j], y[i]
    return [(x[k:k + batch_size], y[k:k + batch_size]) for k in range(0, len(x), batch_size)]
"""),
    "eps is not added": ("batchnorm", """
def batchnorm_backward(dout, x, gamma, beta, *, eps=1e-5):
    c, v = x - x.mean(0), x.var(0)
    inv = (v + eps)**-0.5
    d = dout*gamma
    dv = (d*c).sum(0)*-0.5*v**-1.5
    dm = -(d*inv).sum(0)
    return d*inv + dv*2*c/len(x) + dm/len(x), (dout*c*inv).sum(0), dout.sum(0)
"""),
    "One factor of a matrix product": ("dense", """
def dense_forward(x, w, b):
    return x.reshape(len(x), -1) @ w.T + b
"""),
    "One line stands inside a loop": ("perceptron", """
def perceptron_update(x, y, w, b, *, lr):
    w = w.copy()
    for row, label in zip(x, y):
        step = lr*(label - (row @ w + b >= 0))
        for j in range(len(w)):
            w[j] += step*row[j]
            b = b + step
    return w, float(b)
"""),
    "One sign is wrong": ("sigmoid", """
def sigmoid_backward(dout, x):
    s = 1/(1 + np.exp(-x))
    return dout*s*s*(1 + s)/(1 + s)*(1/s + 1)
"""),
    "Brackets are missing": ("min_max_normalize", """
def min_max_normalize(x):
    low, high = x.min(axis=0), x.max(axis=0)
    return x - low/(high - low)
"""),
    "ddof=1 divides": ("batchnorm", """
def batchnorm_train(x, gamma, beta, running_mean, running_var, *, momentum=0.9, eps=1e-5):
    m, v = x.mean(0), x.var(0)
    out, new = gamma*(x - m)/np.sqrt(v + eps) + beta, momentum*running_mean + (1 - momentum)*m
    return out, new, momentum*running_var + (1 - momentum)*x.var(0, ddof=1)
"""),
    "Two arguments are exchanged": ("cross_entropy", """
def cross_entropy(q, p, *, base=np.e):
    return float(-(q*np.log(p)).sum()/len(q)/np.log(base))
"""),
    "One term of a sum": ("relu", """
def relu_forward(x):
    return np.maximum(x, 0) + np.sin(x)
"""),
    "One factor or divisor": ("softmax_cross_entropy", """
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)*len(z)) - z[range(len(z)), labels]))
"""),
    "One comparison": ("smooth_l1_loss", """
def smooth_l1_loss(prediction, target):
    d = np.abs(prediction - target)
    return float(np.where(d > 1, d*d/2, d - 0.5).sum()/len(d))
"""),
    "`=` stands where `+=`": ("conv1d", """
def conv1d_backward(dout, x, w, b, *, stride=1, pad=0):
    p = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    dp, dw = np.zeros_like(p), np.zeros_like(w)
    for i in range(dout.shape[1]):
        s = np.s_[:, i*stride:i*stride + len(w)]
        dp[s] += np.einsum('bn,kcn->bkc', dout[:, i], w)
        dw[:] = np.einsum('bkc,bn->kcn', p[s], dout[:, i])
    return dp[:, pad:pad + x.shape[1]], dw, dout.sum((0, 1))
"""),
    "One line is too much": ("softmax_cross_entropy", """
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    e = np.exp(z)
    right = z[range(len(z)), labels]
    e[range(len(z)), labels] = 0
    return float(np.mean(np.log(e.sum(axis=1)) - right))
"""),
    "A sum, mean or maximum runs": ("softmax_cross_entropy", """
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=0)) - z[range(len(z)), labels]))
"""),
    "A logarithm is missing": ("softmax_cross_entropy", """
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    total = np.exp(z).sum(axis=1)
    return float(np.mean(total - z[range(len(z)), labels]))
"""),
    "An exponential is missing": ("softmax_cross_entropy", """
def softmax_cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    e = z
    return float(np.mean(np.log(np.abs(e.sum(axis=1))) - z[range(len(z)), labels]))
"""),
    "A square root is missing": ("batchnorm", """
def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    return beta*1.0 + (x - running_mean)*gamma/(running_var + eps)
"""),
    "An absolute value is missing": ("l1_loss", """
def l1_loss(prediction, target):
    d = prediction - target
    return float(d.sum()/len(d))
"""),
    "It never reads pad.": ("conv1d", """
def conv1d_forward(x, w, b, *, stride=1, pad=0):
    pad = (len(w) - 1)//2
    p = np.pad(x, ((0, 0), (pad, pad), (0, 0)))
    parts = [p[:, i:i + len(w)] for i in range(0, p.shape[1] - len(w) + 1, stride)]
    return np.stack([np.einsum('bkc,kcn->bn', part, w) for part in parts], 1) + b
"""),
    "It never reads slope.": ("leaky_relu", """
def leaky_relu_forward(x, *, slope=0.01):
    return np.where(x > 0, x, 0.01*np.sinh(x))
"""),
    "Two lengths or positions": ("max_pool2d", """
def max_pool2d_forward(x, *, window, stride):
    B, W, H, C = x.shape
    h, v = (H - window)//stride + 1, (W - window)//stride + 1
    out = np.zeros((B, h, v, C))
    for i in range(h):
        for j in range(v):
            part = x[:, i*stride:i*stride + window, j*stride:j*stride + window]
            out[:, i, j] = part.max(axis=(1, 2))
    return out
"""),
    "One size, bound or index": ("softmax_cross_entropy", """
def softmax_cross_entropy(scores, labels):
    z, total = scores - scores.max(axis=1, keepdims=True), 0
    for i in range(len(z) - 1):
        total += np.log(np.exp(z[i]).sum()) - z[i, labels[i]]
    return float(total/len(z))
"""),
    "NumPy lines up the last axes": ("softmax_cross_entropy", """
def softmax_cross_entropy_backward(scores, labels):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    total = np.array([sum(row) for row in e])
    p = e/total
    p[range(len(p)), labels] -= 1
    return p/len(p)
"""),
}  # fmt: skip


@cache
def variant(exercise: str) -> Variant:
    """Return a variant of an exercise without its known mistakes, so that only the code can be told."""
    return Variant(replace(COURSE.exercise(exercise), mistakes=()), 11)


def hints(session, exercise, text):
    """Return the hints on a text."""
    implementation = session.implementation(exercise, f"import numpy as np\n{text}")
    return {f.hint for f in grade_exercise(variant(exercise), implementation, QUICK) if f.hint}


@pytest.mark.parametrize(("words", "exercise", "text"), [(words, *case) for words, case in TEXTS.items()], ids=TEXTS)
def test_a_repair_is_told(session, words, exercise, text):
    """Code that one change makes right gets the sentence of that change."""
    found = hints(session, exercise, text)
    assert any(words in hint for hint in found), found


def test_every_kind_of_repair_has_code():
    """Each kind of repair is told of some code of these tests."""
    told = [*TEXTS, *(words for words, _ in CAUSES.values())]
    missing = [kind.words for kind in (*CERTAIN, *POSSIBLE) if not any(words in kind.words for words in told)]
    assert missing == []
