"""Heavy ball: right answers written another way."""

from __future__ import annotations

from autograder.spec import alternative


@alternative("heavy_step")
def uphill(w, dw, v, *, lr, mu=0.9):
    up = lr * dw - mu * v
    return w - up, -up


@alternative("heavy_step")
def one_expression_each(w, dw, v, *, lr, mu=0.9):
    return w + mu * v - lr * dw, mu * v - lr * dw
