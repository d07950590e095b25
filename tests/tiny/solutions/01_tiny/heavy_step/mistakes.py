"""Heavy ball: wrong answers."""

from __future__ import annotations

from autograder.spec import mistake


@mistake("heavy_step")
def velocity_forgotten(w, dw, v, *, lr, mu=0.9):
    """The old velocity has no effect."""
    v = -lr * dw
    return w + v, v


@mistake("heavy_step")
def old_velocity_returned(w, dw, v, *, lr, mu=0.9):
    """v is the one you were given; the next step needs the new one."""
    return w + mu * v - lr * dw, v


@mistake("heavy_step")
def in_place(w, dw, v, *, lr, mu=0.9):
    """The values are right, but the caller's w and v are changed."""
    v *= mu
    v -= lr * dw
    w += v
    return w, v


@mistake("heavy_step")
def velocity_as_a_list(w, dw, v, *, lr, mu=0.9):
    """v comes back as a list, with which the next step cannot calculate."""
    v = mu * v - lr * dw
    return w + v, v.tolist()
