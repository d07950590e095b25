"""Cosine loss: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("cosine_loss_backward")
def length_held_constant(prediction, target):
    """dprediction has a part along prediction, as if its length were a constant. The length is made of the row: a
    second way leads back to it."""
    a, b, _, length, other = _parts(prediction, target)
    return -b / length / len(a), _right(prediction, target)[1]


@mistake("cosine_loss_backward")
def length_of_the_other(prediction, target):
    """dtarget has the right direction and the wrong size; it is right where both rows are of one length. Whose length
    belongs below it?"""
    a, b, cos, length, other = _parts(prediction, target)
    return _right(prediction, target)[0], (cos * b - a) / length / len(a)


@mistake("cosine_loss_backward")
def target_length_held_constant(prediction, target):
    """dtarget has a part along target, as if its length were a constant. The length is made of the row: a second way
    leads back to it."""
    a, b, _, _, other = _parts(prediction, target)
    return _right(prediction, target)[0], -a / other / len(a)


@mistake("cosine_loss_backward")
def lengths_exchanged(prediction, target):
    """Both gradients have the right direction and the wrong size. Whose length belongs below which?"""
    a, b, cos, length, other = _parts(prediction, target)
    return (cos * a - b) / other / len(a), (cos * b - a) / length / len(a)


@mistake("cosine_loss_backward")
def both_lengths_held_constant(prediction, target):
    """Both gradients have a part along their own rows, as if the lengths were constants. They are made of the rows."""
    a, b, _, length, other = _parts(prediction, target)
    return -b / length / len(a), -a / other / len(a)


@mistake("cosine_loss_backward")
def sign_flipped(prediction, target):
    """The gradients point the other way: they are those of the cosine. What stands before it in the loss?"""
    dprediction, dtarget = _right(prediction, target)
    return -dprediction, -dtarget


@convention("cosine_loss_backward")
def summed_over_batch(prediction, target):
    """This is the gradient of the summed loss. Here the loss is a mean over the batch."""
    dprediction, dtarget = _right(prediction, target)
    return dprediction * len(prediction), dtarget * len(prediction)


@mistake("cosine_loss_backward")
def divided_by_the_features(prediction, target):
    """The gradients were divided by the number of features. Right only for as many examples as features: over which
    axis is the mean?"""
    dprediction, dtarget = _right(prediction, target)
    share = len(prediction) / prediction.shape[1]
    return dprediction * share, dtarget * share


@mistake("cosine_loss_backward")
def prediction_changed_in_place(prediction, target):
    """The numbers are right, but the caller's prediction was changed: a line writes into the array you were given."""
    gradients = _right(prediction, target)
    prediction /= np.linalg.norm(prediction, axis=1, keepdims=True)
    return gradients


def _parts(prediction, target):
    length = np.linalg.norm(prediction, axis=1, keepdims=True)
    other = np.linalg.norm(target, axis=1, keepdims=True)
    a, b = prediction / length, target / other
    return a, b, np.sum(a * b, axis=1, keepdims=True), length, other


def _right(prediction, target):
    a, b, cos, length, other = _parts(prediction, target)
    return (cos * a - b) / length / len(a), (cos * b - a) / other / len(a)
