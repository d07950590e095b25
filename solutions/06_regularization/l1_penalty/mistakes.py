"""L1 penalty: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("l1_penalty")
def signs_kept(w, *, strength):
    """Positive and negative weights cancel: their signs were kept. A penalty is never negative."""
    return strength * np.sum(w)


@mistake("l1_penalty")
def absolute_value_of_the_sum(w, *, strength):
    """Positive and negative weights cancel within the sum. Take the absolute value of each weight first."""
    return strength * np.abs(np.sum(w))


@mistake("l1_penalty")
def averaged(w, *, strength):
    """The penalty is too small by the number of weights: a mean was taken. It is a sum."""
    return strength * np.mean(np.abs(w))


@mistake("l1_penalty")
def divided_by_the_rows(w, *, strength):
    """The penalty is too small by the number of rows of w. It knows no batch: its sum is not divided."""
    return strength * np.sum(np.abs(w)) / len(w)


@mistake("l1_penalty")
def squared_weights(w, *, strength):
    """The squares were added: that is the L2 penalty, another exercise."""
    return strength * np.sum(w**2)


@mistake("l1_penalty")
def matrix_norm(w, *, strength):
    """`np.linalg.norm(w, 1)` of a matrix is the largest column sum, and other shapes fail. All entries are added."""
    return strength * np.linalg.norm(w, 1)


@mistake("l1_penalty")
def halved(w, *, strength):
    """The penalty is half of what it should be: there is no factor 1/2."""
    return 0.5 * strength * np.sum(np.abs(w))


@mistake("l1_penalty")
def strength_forgotten(w, *, strength):
    """The penalty does not depend on its strength."""
    return np.sum(np.abs(w))


@mistake("l1_penalty")
def one_penalty_for_each_column(w, *, strength):
    """There is one penalty for each column. Sum over all axes: one number."""
    return strength * np.sum(np.abs(w), axis=0)


@mistake("l1_penalty")
def made_positive_in_place(w, *, strength):
    """The penalty is right, but the caller's weights were changed: assigning to `w[w < 0]` writes into the array you
    were given."""
    w[w < 0] *= -1
    return strength * np.sum(w)


@mistake("l1_penalty_backward")
def strength_times_the_absolute_value(w, *, strength):
    """dw is made of absolute values, the penalty's own terms. What is the slope of |w|, left and right of 0?"""
    return strength * np.abs(w)


@mistake("l1_penalty_backward")
def strength_everywhere(w, *, strength):
    """dw is the strength everywhere. A negative weight makes the penalty smaller when it rises."""
    return np.full(w.shape, strength)


@mistake("l1_penalty_backward")
def pushed_away_from_zero(w, *, strength):
    """dw has the opposite sign. A larger weight makes the penalty larger; the minus comes in the optimizer's step."""
    return -strength * np.sign(w)


@mistake("l1_penalty_backward")
def gradient_of_the_squares(w, *, strength):
    """dw grows with the weight: that is the gradient of the L2 penalty. Here the force is the same everywhere."""
    return 2 * strength * w


@mistake("l1_penalty_backward")
def gradient_without_strength(w, *, strength):
    """dw does not depend on the strength. A factor before the sum stays a factor of the gradient."""
    return np.sign(w)


@mistake("l1_penalty_backward")
def zero_divided_by_zero(w, *, strength):
    """nan where a weight is 0: w / |w| is 0/0 there. Which function gives the sign without a division?"""
    return strength * w / np.abs(w)


@mistake("l1_penalty_backward")
def zero_for_negative_weights(w, *, strength):
    """dw is 0 for negative weights. They are pulled towards 0 as well, from the other side."""
    return strength * (w > 0)


@mistake("l1_penalty_backward")
def gradient_divided_by_the_rows(w, *, strength):
    """dw is too small by the number of rows of w. The penalty knows no batch: nothing is divided."""
    return strength * np.sign(w) / len(w)


@mistake("l1_penalty_backward")
def signs_written_into_w(w, *, strength):
    """The gradient is right, but the caller's weights were changed: assigning into w writes into the array you were
    given."""
    w[...] = np.sign(w)
    return strength * w
