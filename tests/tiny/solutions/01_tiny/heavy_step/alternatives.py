"""Heavy ball: right answers written another way."""

from __future__ import annotations

from autograder.exercise import alternative


@alternative("heavy_step")
def uphill(w, dw, v, *, lr, mu=0.9):
    up = lr * dw - mu * v
    return w - up, -up
