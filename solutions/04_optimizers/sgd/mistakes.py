"""SGD: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("sgd_step")
def gradient_ascent(w, dw, *, lr):
    """w moves uphill. The gradient points to where the loss grows: which way should w go?"""
    return w + lr * dw


@mistake("sgd_step")
def lr_missing(w, dw, *, lr):
    """The step does not depend on the learning rate."""
    return w - dw


@mistake("sgd_step")
def only_the_step(w, dw, *, lr):
    """You returned the step, not the place it leads to. From where does it start?"""
    return -lr * dw


@mistake("sgd_step")
def lr_on_w_too(w, dw, *, lr):
    """The learning rate scales w as well. Look at the brackets: it belongs to the gradient only."""
    return lr * (w - dw)


@mistake("sgd_step")
def divided_by_lr(w, dw, *, lr):
    """The smaller the learning rate, the longer your step. It should be the other way round."""
    return w - dw / lr


@mistake("sgd_step")
def averaged_again(w, dw, *, lr):
    """The step is too short by the length of w. The first axis of w is no batch: the loss has averaged already."""
    return w - lr * dw / len(w)


@mistake("sgd_step")
def gradient_averaged_over_rows(w, dw, *, lr):
    """All rows of w moved alike: the gradient was averaged over the first axis. Each entry has a gradient of its
    own."""
    return w - lr * dw.mean(axis=0)


@mistake("sgd_step")
def sign_of_the_gradient(w, dw, *, lr):
    """Every entry moved equally far: only the gradient's sign was used. A steep slope should make a long step."""
    return w - lr * np.sign(dw)


@mistake("sgd_step")
def unit_length(w, dw, *, lr):
    """The gradient was scaled to length 1, so every step is equally long. Use it as it is."""
    return w - lr * dw / np.linalg.norm(dw)


@mistake("sgd_step")
def w_shrinks_in_proportion(w, dw, *, lr):
    """The step is multiplied by w. Is it w times something, or w minus something?"""
    return w * (1 - lr * dw)


@mistake("sgd_step")
def lr_fixed(w, dw, *, lr):
    """Right with lr = 0.1 only: the number is written into the formula. Use the argument."""
    return w - 0.1 * dw


@mistake("sgd_step")
def updated_in_place(w, dw, *, lr):
    """The numbers are right, but the caller's w was changed: `w -= …` writes into the array you were given. Make a new
    array."""
    w -= lr * dw
    return w


@mistake("sgd_step")
def gradient_scaled_in_place(w, dw, *, lr):
    """The new w is right, but the caller's gradient was changed: `dw *= lr` writes into the array you were given."""
    dw *= lr
    return w - dw
