"""Softmax: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("softmax_forward")
def exp_overflows(scores):
    """Right for small scores, but exp of more than 709 is inf, and exp of less than -745 is 0. Shift each row before
    exp: by what?"""
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


@mistake("softmax_forward")
def one_shift_for_all_rows(scores):
    """All rows were shifted by the same maximum, so rows with much smaller scores are 0/0. Each row has its own."""
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@mistake("softmax_forward")
def shifted_by_the_columns_maximum(scores):
    """The maximum was taken down the columns, so each score of a row is shifted by another number. That changes the
    result: softmax only ignores what a whole row has in common."""
    exponentials = np.exp(scores - scores.max(axis=0))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@mistake("softmax_forward")
def clipped_scores(scores):
    """Scores beyond some limit were cut off, so two large scores look alike. Shift the row, then nothing needs
    clipping."""
    exponentials = np.exp(np.clip(scores, -500, 500))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@mistake("softmax_forward")
def down_the_columns(scores):
    """Each column sums to 1: the sum ran down the batch. Each row, one example, should."""
    return _softmax(scores.T).T


@mistake("softmax_forward")
def over_everything(scores):
    """All entries together sum to 1: the sum has no axis. Each row should sum to 1."""
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum()


@mistake("softmax_forward")
def not_divided(scores):
    """The rows do not sum to 1: these are the exponentials alone."""
    return np.exp(scores - scores.max(axis=1, keepdims=True))


@mistake("softmax_forward")
def exp_forgotten(scores):
    """The scores themselves were divided by their sum. A score may be negative, a probability may not: what comes
    before the division?"""
    return scores / scores.sum(axis=1, keepdims=True)


@mistake("softmax_forward")
def sigmoid_of_each_score(scores):
    """Each score went through a sigmoid by itself, so the rows do not sum to 1. In softmax they compete."""
    return (1 + np.tanh(scores / 2)) / 2


@mistake("softmax_forward")
def small_number_in_the_denominator(scores):
    """The rows sum to a little less than 1: a small number was added to the denominator. After the shift the sum is at
    least 1 anyway."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / (exponentials.sum(axis=1, keepdims=True) + 1e-6)


@mistake("softmax_forward")
def log_softmax(scores):
    """These are the logarithms of the probabilities. One exp is missing."""
    return np.log(_softmax(scores) + 1e-300)


@mistake("softmax_forward")
def scores_shifted_in_place(scores):
    """The result is right, but the caller's scores were changed: a line writes into the array you were given. Make
    a new array."""
    scores -= scores.max(axis=1, keepdims=True)
    return _softmax(scores)


@mistake("softmax_forward")
def powers_of_two(scores):
    """These are powers of 2. Softmax takes the powers of e."""
    powers = 2.0 ** (scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@mistake("softmax_backward")
def only_the_diagonal(dout, scores):
    """dscores is p * (1 - p) * dout, and its rows do not sum to 0. Each score changes the other probabilities
    of its row too, through the common sum."""
    p = _softmax(scores)
    return dout * p * (1 - p)


@mistake("softmax_backward")
def sum_without_p(dout, scores):
    """The sum over the row adds dout alone. Each dout[i, j] came through p[i, j]: weight it."""
    p = _softmax(scores)
    return p * (dout - dout.sum(axis=1, keepdims=True))


@mistake("softmax_backward")
def mean_instead_of_sum(dout, scores):
    """The mean over the row was subtracted where the sum belongs: off by the number of classes."""
    p = _softmax(scores)
    return p * (dout - np.mean(dout * p, axis=1, keepdims=True))


@mistake("softmax_backward")
def summed_over_everything(dout, scores):
    """The subtracted sum runs over the whole batch, right for one row only. Examples know nothing of each other."""
    p = _softmax(scores)
    return p * (dout - np.sum(dout * p))


@mistake("softmax_backward")
def summed_down_the_batch(dout, scores):
    """The sum runs down the columns. It belongs to the row: the scores of one example share one denominator."""
    p = _softmax(scores)
    return p * (dout - np.sum(dout * p, axis=0))


@mistake("softmax_backward")
def last_factor_p_forgotten(dout, scores):
    """dout less its weighted mean is right, but it is not multiplied by p: the rows do not sum to 0."""
    p = _softmax(scores)
    return dout - np.sum(dout * p, axis=1, keepdims=True)


@mistake("softmax_backward")
def sign_flipped(dout, scores):
    """dscores has the opposite sign everywhere. Raising a score raises its own probability."""
    p = _softmax(scores)
    return p * (np.sum(dout * p, axis=1, keepdims=True) - dout)


@mistake("softmax_backward")
def dout_forgotten(dout, scores):
    """dscores does not depend on dout: this is the slope p * (1 - p) alone. The chain rule multiplies, and sums."""
    p = _softmax(scores)
    return p * (1 - p)


@mistake("softmax_backward")
def gradient_of_cross_entropy(dout, scores):
    """This is p - dout, the gradient of softmax with cross-entropy in one. Here softmax stands alone, and dout is a
    gradient, not a label."""
    return _softmax(scores) - dout


@mistake("softmax_backward")
def scores_taken_for_probabilities(dout, scores):
    """The formula is right, but applied to the scores. What it needs is p: do forward's step first."""
    return scores * (dout - np.sum(dout * scores, axis=1, keepdims=True))


@mistake("softmax_backward")
def gradient_exp_overflows(dout, scores):
    """Right for small scores, but exp of more than 709 is inf. Shift each row before exp, as in forward."""
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return p * (dout - np.sum(dout * p, axis=1, keepdims=True))


@mistake("softmax_backward")
def dout_changed_in_place(dout, scores):
    """The result is right, but the caller's dout was changed: a line writes into the array you were given. Make a
    new array."""
    p = _softmax(scores)
    dout -= np.sum(dout * p, axis=1, keepdims=True)
    return p * dout


def _softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
