"""L2 penalty: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("l2_penalty")
def halved(w, *, strength):
    """The penalty is half of what it should be. Many books write a factor 1/2 to please the derivative; this penalty
    has none."""
    return 0.5 * strength * np.sum(w**2)


@mistake("l2_penalty")
def averaged(w, *, strength):
    """The penalty is too small by the number of weights: a mean was taken. It is a sum."""
    return strength * np.mean(w**2)


@mistake("l2_penalty")
def divided_by_the_rows(w, *, strength):
    """The penalty is too small by the number of rows of w. It knows no batch: its sum is not divided."""
    return strength * np.sum(w**2) / len(w)


@mistake("l2_penalty")
def root_taken(w, *, strength):
    """A root was taken: that is the length of w. The penalty is its square."""
    return strength * np.sqrt(np.sum(w**2))


@mistake("l2_penalty")
def absolute_values(w, *, strength):
    """The absolute values were added: that is the L1 penalty, another exercise."""
    return strength * np.sum(np.abs(w))


@mistake("l2_penalty")
def square_of_the_sum(w, *, strength):
    """The weights were added first and then squared, so positive and negative ones cancel. Square each one."""
    return strength * np.sum(w) ** 2


@mistake("l2_penalty")
def strength_forgotten(w, *, strength):
    """The penalty does not depend on its strength."""
    return np.sum(w**2)


@mistake("l2_penalty")
def strength_squared_too(w, *, strength):
    """The strength was squared together with the weights. It stands before the sum."""
    return np.sum((strength * w) ** 2)


@mistake("l2_penalty")
def one_penalty_for_each_column(w, *, strength):
    """There is one penalty for each column. Sum over all axes: one number."""
    return strength * np.sum(w**2, axis=0)


@mistake("l2_penalty")
def squared_in_place(w, *, strength):
    """The penalty is right, but the caller's weights were changed: a line writes into the array you were given."""
    w *= w
    return strength * np.sum(w)


@convention("l2_penalty_backward")
def factor_two_forgotten(w, *, strength):
    """dw is half of what it should be: it belongs to a penalty with a factor 1/2, as many books write it. This one has
    none: what is the derivative of a square?"""
    return strength * w


@mistake("l2_penalty_backward")
def sum_of_the_weights(w, *, strength):
    """All entries of dw are alike: the sum of w came into the gradient. Each square depends on its own weight only."""
    return np.full(w.shape, 2 * strength * np.sum(w))


@mistake("l2_penalty_backward")
def gradient_without_strength(w, *, strength):
    """dw does not depend on the strength. A factor before the sum stays a factor of the gradient."""
    return 2 * w


@mistake("l2_penalty_backward")
def pushed_away_from_zero(w, *, strength):
    """dw has the opposite sign. A larger weight makes the penalty larger; the minus comes in the optimizer's step."""
    return -2 * strength * w


@mistake("l2_penalty_backward")
def sign_of_the_weights(w, *, strength):
    """dw is the strength with the weights' signs: that is the gradient of the L1 penalty."""
    return strength * np.sign(w)


@mistake("l2_penalty_backward")
def squares_returned(w, *, strength):
    """dw is made of squares, the penalty's own terms. What is the derivative of a square?"""
    return 2 * strength * w**2


@mistake("l2_penalty_backward")
def gradient_divided_by_the_rows(w, *, strength):
    """dw is too small by the number of rows of w. The penalty knows no batch: nothing is divided."""
    return 2 * strength * w / len(w)


@mistake("l2_penalty_backward")
def scaled_in_place(w, *, strength):
    """The gradient is right, but the caller's weights were changed: a line writes into the array you were given."""
    w *= 2 * strength
    return w
