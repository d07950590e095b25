"""A training loop: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("fit_line")
def last_batch_dropped(x, y, w, *, lr, batch_size, epochs):
    """Right only where the batches come out even: the rows that are left over at the end are never seen."""
    return _fit(x, y, w, lr, batch_size, epochs, rows=len(x) - len(x) % batch_size)


@mistake("fit_line")
def batches_weigh_alike(x, y, w, *, lr, batch_size, epochs):
    """history is right only where the batches come out even: it is the mean of the batches' means, so that a row of a
    small batch counts for more. Over what is the mean?"""
    return _fit(x, y, w, lr, batch_size, epochs, mean=lambda losses, _: np.mean([np.mean(part) for part in losses]))


@mistake("fit_line")
def divided_by_batch_size(x, y, w, *, lr, batch_size, epochs):
    """The step of the last, smaller batch is too short: it was divided by batch_size. How many rows does it have?"""
    return _fit(x, y, w, lr, batch_size, epochs, share=lambda xb: batch_size)


@mistake("fit_line")
def step_summed(x, y, w, *, lr, batch_size, epochs):
    """The steps grow with the batch. The gradient is a mean over its rows."""
    return _fit(x, y, w, lr, batch_size, epochs, share=lambda xb: 1)


@mistake("fit_line")
def factor_two_forgotten(x, y, w, *, lr, batch_size, epochs):
    """The steps are half as long as they should be. What is the slope of a square?"""
    return _fit(x, y, w, lr / 2, batch_size, epochs)


@mistake("fit_line")
def uphill(x, y, w, *, lr, batch_size, epochs):
    """The loss rises from step to step: the weights move along the gradient."""
    return _fit(x, y, w, -lr, batch_size, epochs)


@mistake("fit_line")
def begins_anew_every_epoch(x, y, w, *, lr, batch_size, epochs):
    """All epochs have the same loss: each one began with the weights that you were given."""
    w, history = _fit(x, y, w, lr, batch_size, 1)
    return w, np.repeat(history, epochs)


@mistake("fit_line")
def history_of_the_last_batch(x, y, w, *, lr, batch_size, epochs):
    """w is right; history holds the loss of each epoch's last batch. Collect over the whole epoch."""
    return _fit(x, y, w, lr, batch_size, epochs, mean=lambda losses, _: np.mean(losses[-1]))


@mistake("fit_line")
def history_after_the_epoch(x, y, w, *, lr, batch_size, epochs):
    """w is right; history was measured with the weights that the epoch ended with. Each row's error belongs before its
    step."""
    return _fit(x, y, w, lr, batch_size, epochs, mean=lambda _, w: np.mean((x @ w - y) ** 2))


@mistake("fit_line")
def history_summed(x, y, w, *, lr, batch_size, epochs):
    """w is right; history holds sums over the rows. It should hold means."""
    return _fit(x, y, w, lr, batch_size, epochs, mean=lambda losses, _: np.sum(np.concatenate(losses)))


@mistake("fit_line")
def whole_batch(x, y, w, *, lr, batch_size, epochs):
    """Each epoch makes one step with all rows: batch_size has no effect."""
    return _fit(x, y, w, lr, len(x), epochs)


@mistake("fit_line")
def weights_changed_in_place(x, y, w, *, lr, batch_size, epochs):
    """The numbers are right, but the caller's w was changed: a line writes into the array you were given."""
    found = _fit(x, y, w, lr, batch_size, epochs)
    w[...] = found[0]
    return found


def _mean(losses, w):
    return np.mean(np.concatenate(losses))


def _fit(x, y, w, lr, batch_size, epochs, rows=None, mean=_mean, share=len):
    history = []
    for _ in range(epochs):
        losses = []
        for start in range(0, len(x) if rows is None else rows, batch_size):
            xb, yb = x[start : start + batch_size], y[start : start + batch_size]
            error = xb @ w - yb
            losses.append(error**2)
            w = w - lr * 2 * xb.T @ error / share(xb)
        history.append(mean(losses, w))
    return w, np.array(history)
