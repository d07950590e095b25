"""Corrected momentum: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

from autograder.spec import convention, mistake


@mistake("corrected_momentum_step")
def one_step_too_old(w, dw, m, *, lr, t, mu=0.9):
    """w moves too little, most of all at first: the sum of the weights is that of one step later. What is t in the
    first step?"""
    m = _average(dw, m, mu)
    return w - lr * m / (1 - mu ** (t + 1)), m


@mistake("corrected_momentum_step")
def corrected_average_kept(w, dw, m, *, lr, t, mu=0.9):
    """What came back as m is already corrected, and the next step would correct it again. Which of the two is kept?"""
    mhat = _average(dw, m, mu) / (1 - mu**t)
    return w - lr * mhat, mhat


@mistake("corrected_momentum_step")
def correction_forgotten(w, dw, m, *, lr, t, mu=0.9):
    """m is right, and the first steps of w are too small: the average was used as it is. What is it divided by?"""
    m = _average(dw, m, mu)
    return w - lr * m, m


@mistake("corrected_momentum_step")
def corrected_as_in_the_first_step(w, dw, m, *, lr, t, mu=0.9):
    """w is right in the first step only, and then moves too far: the correction does not know t."""
    m = _average(dw, m, mu)
    return w - lr * m / (1 - mu), m


@mistake("corrected_momentum_step")
def multiplied_by_the_correction(w, dw, m, *, lr, t, mu=0.9):
    """The first steps of w are even smaller than without a correction. Does it make the average larger or smaller?"""
    m = _average(dw, m, mu)
    return w - lr * m * (1 - mu**t), m


@mistake("corrected_momentum_step")
def mu_times_t(w, dw, m, *, lr, t, mu=0.9):
    """w is right in the first step only. After t steps the start has been multiplied by mu t times: is that a product
    or a power?"""
    m = _average(dw, m, mu)
    return w - lr * m / (1 - mu * t), m


@mistake("corrected_momentum_step")
def old_average_used(w, dw, m, *, lr, t, mu=0.9):
    """m is right, but w moved with the average from before this gradient. In which order are the lines?"""
    return w - lr * m / (1 - mu**t), _average(dw, m, mu)


@convention("corrected_momentum_step")
def gradient_counts_in_full(w, dw, m, *, lr, t, mu=0.9):
    """The gradient is added in full, as in plain momentum. Here m is an average: the new gradient has the share that
    the old ones lose."""
    m = mu * m + dw
    return w - lr * m / (1 - mu**t), m


@mistake("corrected_momentum_step")
def shares_exchanged(w, dw, m, *, lr, t, mu=0.9):
    """m forgets too fast: mu is the share of the old average, and was given to the new gradient."""
    m = (1 - mu) * m + mu * dw
    return w - lr * m / (1 - mu**t), m


@mistake("corrected_momentum_step")
def uphill(w, dw, m, *, lr, t, mu=0.9):
    """m is right, and w moves the wrong way."""
    m = _average(dw, m, mu)
    return w + lr * m / (1 - mu**t), m


@mistake("corrected_momentum_step")
def results_exchanged(w, dw, m, *, lr, t, mu=0.9):
    """w and m came back in the wrong order."""
    m = _average(dw, m, mu)
    return m, w - lr * m / (1 - mu**t)


@mistake("corrected_momentum_step")
def updated_in_place(w, dw, m, *, lr, t, mu=0.9):
    """The numbers are right, but the caller's arrays were changed: lines write into them. Make new ones."""
    m *= mu
    m += (1 - mu) * dw
    w -= lr * m / (1 - mu**t)
    return w, m


@mistake("corrected_momentum_step")
def power_of_the_difference(w, dw, m, *, lr, t, mu=0.9):
    """w is right in the first step only, and then moves much too far: (1 - mu)^t is not 1 - mu^t. What does the power
    belong to?"""
    m = _average(dw, m, mu)
    return w - lr * m / (1 - mu) ** t, m


def _average(dw, m, mu):
    return mu * m + (1 - mu) * dw
