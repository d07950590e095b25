"""Softmax cross-entropy: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("softmax_cross_entropy")
def summed_not_averaged(scores, labels):
    """The loss is too large by the size of the batch: this is what libraries call the reduction “sum”. Here losses of
    the rows are averaged."""
    return -float(np.sum(_chosen(scores, labels)))


@mistake("softmax_cross_entropy")
def averaged_over_classes_too(scores, labels):
    """The loss is too small by the number of classes: the mean ran over all B*K entries, zeros of the one-hot table
    included. Average over the rows only."""
    return -float(np.mean(np.eye(scores.shape[1])[labels] * _log_softmax(scores)))


@mistake("softmax_cross_entropy")
def divided_by_classes(scores, labels):
    """The sum over the rows is divided by the number of classes. Of which array is that the length? Divide by the
    number of rows."""
    return -float(np.sum(_chosen(scores, labels)) / scores.shape[1])


@mistake("softmax_cross_entropy")
def exp_overflows(scores, labels):
    """Right for small scores, but exp of more than 709 is inf, and exp of less than -745 is 0. Shift each row before
    exp: by what, so that nothing overflows?"""
    exponentials = np.exp(scores)
    chosen = exponentials[np.arange(len(labels)), labels] / exponentials.sum(axis=1)
    return -float(np.mean(np.log(chosen)))


@mistake("softmax_cross_entropy")
def log_of_underflowed_probability(scores, labels):
    """The softmax is stable, but a probability below 1e-323 is 0, and its logarithm is -inf. Take the logarithm on
    paper first: log and exp cancel."""
    return -float(np.mean(np.log(_softmax(scores)[np.arange(len(labels)), labels])))


@mistake("softmax_cross_entropy")
def small_number_in_the_log(scores, labels):
    """A small number was added inside the logarithm to avoid log 0. The loss is then a little off everywhere, and
    bounded where it should grow. Take the logarithm on paper first, and nothing needs hiding."""
    return -float(np.mean(np.log(_softmax(scores)[np.arange(len(labels)), labels] + 1e-7)))


@mistake("softmax_cross_entropy")
def one_shift_for_all_rows(scores, labels):
    """All rows were shifted by the same maximum, so rows with much smaller scores underflow. Each row has its own."""
    exponentials = np.exp(scores - scores.max())
    shifted = scores - scores.max()
    return float(np.mean(np.log(exponentials.sum(axis=1)) - shifted[np.arange(len(labels)), labels]))


@convention("softmax_cross_entropy")
def base_ten(scores, labels):
    """The logarithm has base 10. Training uses the natural one."""
    return -float(np.mean(_chosen(scores, labels))) / np.log(10.0)


@mistake("softmax_cross_entropy")
def softmax_down_the_columns(scores, labels):
    """The probabilities were normalised down the batch: each column sums to 1. Each row, one example, should."""
    return -float(np.mean(_log_softmax(scores.T).T[np.arange(len(labels)), labels]))


@mistake("softmax_cross_entropy")
def softmax_twice(scores, labels):
    """Softmax was applied twice, so the loss stays near log K whatever the scores. The input is scores already: one
    softmax turns them into probabilities."""
    return -float(np.mean(_chosen(_softmax(scores), labels)))


@mistake("softmax_cross_entropy")
def columns_instead_of_entries(scores, labels):
    """`p[:, labels]` picks whole columns, a (B, B) table, and the mean runs over all of it. One entry per row is
    wanted: index the rows too."""
    return -float(np.mean(_log_softmax(scores)[:, labels]))


@mistake("softmax_cross_entropy")
def one_minus_probability(scores, labels):
    """This is how much probability the true class lacks. Cross-entropy takes minus the logarithm of what it has."""
    return float(np.mean(1 - np.exp(_chosen(scores, labels))))


@mistake("softmax_cross_entropy")
def sign_forgotten(scores, labels):
    """The loss is negative. The logarithm of a probability is never positive, the loss never negative."""
    return float(np.mean(_chosen(scores, labels)))


@mistake("softmax_cross_entropy")
def scores_shifted_in_place(scores, labels):
    """The loss is right, but the caller's scores were changed: a line writes into the array you were given. Make a
    new array."""
    scores -= scores.max(axis=1, keepdims=True)
    return -float(np.mean(_chosen(scores, labels)))


@mistake("softmax_cross_entropy")
def labels_smoothed(scores, labels):
    """A tenth of each label is shared among all classes: label smoothing. Here the true class has all of it."""
    return -float(np.mean(0.9 * _chosen(scores, labels) + 0.1 * _log_softmax(scores).mean(axis=1)))


@mistake("softmax_cross_entropy")
def median_of_the_rows(scores, labels):
    """The losses of the rows were reduced to their median. The loss is their mean."""
    return -float(np.median(_chosen(scores, labels)))


@convention("softmax_cross_entropy_backward")
def not_averaged(scores, labels):
    """dscores is too large by the size of the batch: it belongs to a loss that is summed. The loss averages over the
    batch: what does that do to the gradient?"""
    return _softmax(scores) - np.eye(scores.shape[1])[labels]


@mistake("softmax_cross_entropy_backward")
def gradient_divided_by_classes(scores, labels):
    """dscores is divided by the number of classes. The loss is a mean over rows."""
    return (_softmax(scores) - np.eye(scores.shape[1])[labels]) / scores.shape[1]


@mistake("softmax_cross_entropy_backward")
def sign_flipped(scores, labels):
    """dscores has the opposite sign everywhere. Raising the true class's score must lower the loss: which sign has
    its gradient?"""
    return (np.eye(scores.shape[1])[labels] - _softmax(scores)) / len(labels)


@mistake("softmax_cross_entropy_backward")
def truth_not_subtracted(scores, labels):
    """dscores is right except at the true classes, and its rows do not sum to 0. The labels have not been used."""
    return _softmax(scores) / len(labels)


@mistake("softmax_cross_entropy_backward")
def softmax_derivative_forgotten(scores, labels):
    """This is the gradient with respect to the probabilities, -1/p at the true class. The question is the scores: one
    more step of the chain rule, through softmax."""
    return -np.eye(scores.shape[1])[labels] / (_softmax(scores) * len(labels))


@mistake("softmax_cross_entropy_backward")
def only_diagonal_of_softmax(scores, labels):
    """Only the true class's score has a gradient. But softmax divides by the sum over all scores: each of them
    changes the true class's probability."""
    return (_softmax(scores) - 1) * np.eye(scores.shape[1])[labels] / len(labels)


@mistake("softmax_cross_entropy_backward")
def gradient_exp_overflows(scores, labels):
    """Right for small scores, but exp of more than 709 is inf. Shift each row before exp: by what?"""
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


@mistake("softmax_cross_entropy_backward")
def gradient_one_shift_for_all_rows(scores, labels):
    """All rows were shifted by the same maximum, so rows with much smaller scores are 0/0. Each row has its own."""
    p = np.exp(scores - scores.max())
    p /= p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


@mistake("softmax_cross_entropy_backward")
def gradient_softmax_down_the_columns(scores, labels):
    """The probabilities were normalised down the batch: each column sums to 1. Each row, one example, should."""
    return (_softmax(scores.T).T - np.eye(scores.shape[1])[labels]) / len(labels)


@mistake("softmax_cross_entropy_backward")
def one_subtracted_from_whole_columns(scores, labels):
    """`p[:, labels] -= 1` subtracts from whole columns. One entry per row is wanted: index the rows too."""
    p = _softmax(scores)
    p[:, labels] -= 1
    return p / len(labels)


@mistake("softmax_cross_entropy_backward")
def gradient_of_softmax_twice(scores, labels):
    """Softmax was applied twice, so the gradient hardly depends on the scores. They are scores, not probabilities
    yet: one softmax."""
    return (_softmax(_softmax(scores)) - np.eye(scores.shape[1])[labels]) / len(labels)


@mistake("softmax_cross_entropy_backward")
def gradient_shifts_scores_in_place(scores, labels):
    """The gradient is right, but the caller's scores were changed: a line writes into the array you were given.
    Make a new array."""
    scores -= scores.max(axis=1, keepdims=True)
    return (_softmax(scores) - np.eye(scores.shape[1])[labels]) / len(labels)


@mistake("softmax_cross_entropy")
def columns_and_a_small_number(scores, labels):
    """`p[:, labels]` picks whole columns, a (B, B) table; index the rows too. Then the small number inside the
    logarithm: it bounds the loss where it should grow."""
    return -float(np.mean(np.log(_softmax(scores)[:, labels] + 1e-12)))


def _log_softmax(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _softmax(scores):
    return np.exp(_log_softmax(scores))


def _chosen(scores, labels):
    return _log_softmax(scores)[np.arange(len(labels)), labels]
