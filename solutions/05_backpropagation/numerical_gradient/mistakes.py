"""Numerical gradient: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("numerical_gradient")
def forward_difference(f, x, *, h=1e-5):
    """One side is missing: this is (f(x + h) - f(x)) / h, whose error falls with h only. Step to both sides."""
    return _each(x, lambda e: (f(x + h * e) - f(x)) / h)


@mistake("numerical_gradient")
def backward_difference(f, x, *, h=1e-5):
    """One side is missing: this is (f(x) - f(x - h)) / h, whose error falls with h only. Step to both sides."""
    return _each(x, lambda e: (f(x) - f(x - h * e)) / h)


@mistake("numerical_gradient")
def two_forgotten(f, x, *, h=1e-5):
    """The gradient is twice too large. How far apart are the two points?"""
    return _each(x, lambda e: (f(x + h * e) - f(x - h * e)) / h)


@mistake("numerical_gradient")
def divided_by_two_times_h(f, x, *, h=1e-5):
    """The gradient is nearly 0: `/ 2 * h` divides by 2 and then multiplies by h. Put 2 * h in brackets."""
    return _each(x, lambda e: (f(x + h * e) - f(x - h * e)) / 2 * h)


@mistake("numerical_gradient")
def not_divided(f, x, *, h=1e-5):
    """You return the difference of the two values. The gradient is this difference per length of the step."""
    return _each(x, lambda e: f(x + h * e) - f(x - h * e))


@mistake("numerical_gradient")
def sign_flipped(f, x, *, h=1e-5):
    """The gradient has the opposite sign: which of the two values comes first?"""
    return _each(x, lambda e: (f(x - h * e) - f(x + h * e)) / (2 * h))


@convention("numerical_gradient")
def half_steps(f, x, *, h=1e-5):
    """You stepped by h/2 to each side. That is a central difference too, with another error: the formula steps by h."""
    return _each(x, lambda e: (f(x + h / 2 * e) - f(x - h / 2 * e)) / h)


@mistake("numerical_gradient")
def second_step_too_short(f, x, *, h=1e-5):
    """About half of the gradient: after `+= h` a step of `-= h` leads back to x, not to the other side."""
    return _each(x, lambda e: (f(x + h * e) - f(x)) / (2 * h))


@mistake("numerical_gradient")
def step_not_undone(f, x, *, h=1e-5):
    """The first entry is right, then it gets worse: the entries before are still displaced. Put each entry back before
    you go on to the next."""
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        grad[index] = (above - f(x)) / (2 * h)
    return grad


@mistake("numerical_gradient")
def step_undone_by_arithmetic(f, x, *, h=1e-5):
    """The gradient is right, but some entries of x differ in their last bits: adding and subtracting h rounds each
    time. Remember the old number and put that back, or work in a copy."""
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        grad[index] = (above - f(x)) / (2 * h)
        x[index] += h
    return grad


@mistake("numerical_gradient")
def all_entries_at_once(f, x, *, h=1e-5):
    """All entries of the gradient are equal: the whole array moved at once. Move one entry at a time."""
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@mistake("numerical_gradient")
def row_by_row(f, x, *, h=1e-5):
    """Right for a vector, but with more axes whole rows move at once: `x[i]` is a row then. Visit every entry:
    np.ndindex(x.shape) lists them."""
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad


@mistake("numerical_gradient")
def copies_that_are_none(f, x, *, h=1e-5):
    """The gradient is 0: `up = x` makes a second name, no second array, so both steps land in the same place and
    cancel. Copy: x.copy()."""
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up = x
        down = x
        old = x[index]
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
        x[index] = old
    return grad


@mistake("numerical_gradient")
def gradient_left_flat(f, x, *, h=1e-5):
    """The values are right, but they came back as a vector. A gradient has the shape of what it is the gradient of."""
    return _each(x, lambda e: (f(x + h * e) - f(x - h * e)) / (2 * h)).ravel()


@mistake("numerical_gradient")
def h_fixed(f, x, *, h=1e-5):
    """Right with h = 1e-5 only: the number is written into the formula. Use the argument."""
    return _each(x, lambda e: (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5)


@mistake("numerical_gradient")
def step_relative_to_x(f, x, *, h=1e-5):
    """The step was multiplied by the entry, so its length changes, and at 0 there is none. The formula steps by h."""
    steps = h * x
    with np.errstate(all="ignore"):
        return _each(x, lambda e: np.divide(f(x + steps * e) - f(x - steps * e), 2 * np.sum(steps * e)))


@mistake("numerical_gradient")
def computed_in_float32(f, x, *, h=1e-5):
    """float32 knows seven digits: with a small step nothing is left of the difference. Keep float64."""
    small = x.astype(np.float32)
    return _each(x, lambda e: (f(small + np.float32(h) * e.astype(np.float32))
                               - f(small - np.float32(h) * e.astype(np.float32))) / (2 * h))  # fmt: skip


@mistake("numerical_gradient")
def stored_in_float32(f, x, *, h=1e-5):
    """The gradient was kept in a float32 array, which rounds every entry to seven digits. Keep float64."""
    return _each(x, lambda e: (f(x + h * e) - f(x - h * e)) / (2 * h)).astype(np.float32).astype(np.float64)


@convention("numerical_gradient")
def five_points(f, x, *, h=1e-5):
    """This is the five-point formula, whose error is smaller still. A good one, but the exercise asks for the central
    difference with two points."""
    return _each(x, lambda e: (8 * (f(x + h * e) - f(x - h * e)) - f(x + 2 * h * e) + f(x - 2 * h * e)) / (12 * h))


@mistake("numerical_gradient")
def rows_remembered_as_views(f, x, *, h=1e-5):
    """Right for a vector. With more axes `x[i]` is a row, and `old = x[i]` a view of it, which moves with x: nothing is
    remembered. Visit single entries: np.ndindex(x.shape) lists them."""
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        grad[i] = (above - below) / (2 * h)
    return grad


def _each(x, quotient):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[index] = 1
        grad[index] = quotient(e)
    return grad
