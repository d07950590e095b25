"""One-hot encoding: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("one_hot")
def classes_counted_from_the_labels(labels, K):
    """There are as many columns as the largest label asks for. A class that does not occur in this batch exists all
    the same: use K."""
    return np.eye(labels.max() + 1)[labels]


@mistake("one_hot")
def only_classes_that_occur(labels, K):
    """There is a column for each class that occurs, and none for the others. Use K, and the label itself as column."""
    return (labels[:, None] == np.unique(labels)).astype(float)


@mistake("one_hot")
def whole_columns(labels, K):
    """`out[:, labels] = 1` writes into whole columns. One entry per row is wanted: index the rows too."""
    out = np.zeros((len(labels), K))
    out[:, labels] = 1
    return out


@mistake("one_hot")
def whole_rows(labels, K):
    """`out[labels] = 1` writes into whole rows, those whose number is a label. Which row belongs to label i, and which
    column?"""
    out = np.zeros((len(labels), K))
    out[labels] = 1
    return out


@convention("one_hot")
def classes_from_one(labels, K):
    """The ones stand one column too far to the left: the classes were counted from 1, as in MATLAB. Here the first
    class is 0."""
    return np.eye(K)[labels - 1]


@convention("one_hot")
def transposed(labels, K):
    """There is one column per example, as some courses have it. One row per example is wanted: (B, K)."""
    return np.eye(K)[labels].T.copy()


@mistake("one_hot")
def integers_returned(labels, K):
    """The values are right, but they are integers. The result takes part in products with float64: give it that
    dtype."""
    return np.eye(K, dtype=int)[labels]


@mistake("one_hot")
def truths_returned(labels, K):
    """The places are right, but hold True and False. Make numbers of them: float64."""
    return labels[:, None] == np.arange(K)


@mistake("one_hot")
def label_written_instead_of_one(labels, K):
    """The place of the true class holds its number, so class 0 is invisible. The probability of the truth is 1."""
    return np.eye(K)[labels] * labels[:, None]


@mistake("one_hot")
def single_axes_dropped(labels, K):
    """An axis of length 1 has disappeared: `squeeze` removes the batch axis when there is only one example, and the
    class axis when there is only one class."""
    return np.eye(K)[labels].squeeze()


@mistake("one_hot")
def zeros_and_ones_swapped(labels, K):
    """The true class has 0 and all others have 1: the other way round."""
    return 1 - np.eye(K)[labels]


@mistake("one_hot")
def labels_sorted(labels, K):
    """Every row is a right one, but they are sorted by class. Row i belongs to label i."""
    return np.eye(K)[np.sort(labels)]


@mistake("one_hot")
def labels_shifted_in_place(labels, K):
    """The result is right, but the caller's labels were changed: a line writes into the array you were given. Make
    a new array."""
    labels += np.arange(len(labels)) * K
    out = np.zeros(len(labels) * K)
    out[labels] = 1
    return out.reshape(-1, K)
