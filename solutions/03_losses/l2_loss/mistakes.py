"""L2 loss: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("l2_loss")
def averaged_over_all_entries(prediction, target):
    """The loss is too small by the number of features: `mean` ran over all entries, as in PyTorch. Here: sum over the
    features, average over the batch."""
    return np.mean((prediction - target) ** 2)


@convention("l2_loss")
def summed_not_averaged(prediction, target):
    """The loss is too large by the size of the batch: this is what libraries call the reduction “sum”. Here losses of
    the examples are averaged."""
    return np.sum((prediction - target) ** 2)


@mistake("l2_loss")
def only_one_axis_of_features(prediction, target):
    """Fine for (B, D) only: the sum runs over axis 1. An example may be a single number, or an image: sum over all axes
    but the first."""
    return np.mean(np.sum((prediction - target) ** 2, axis=1))


@mistake("l2_loss")
def features_averaged_batch_summed(prediction, target):
    """The loss is divided by the number of features, and summed over the batch: the other way round."""
    return np.sum((prediction - target) ** 2) / prediction.shape[-1]


@mistake("l2_loss")
def halved(prediction, target):
    """The loss is half of what it should be. Many books write a factor 1/2 to please the derivative; this loss has
    none."""
    return np.sum((prediction - target) ** 2) / (2 * len(prediction))


@mistake("l2_loss")
def root_of_each_example(prediction, target):
    """A root was taken of each example's sum: that is a distance. The loss is its square."""
    return np.mean(np.linalg.norm((prediction - target).reshape(len(prediction), -1), axis=1))


@mistake("l2_loss")
def root_of_the_mean(prediction, target):
    """A root was taken of the result. The L2 loss is a mean of squares, without one."""
    return np.sqrt(np.sum((prediction - target) ** 2) / len(prediction))


@mistake("l2_loss")
def absolute_differences(prediction, target):
    """The absolute values were added: that is the L1 loss, another exercise."""
    return np.sum(np.abs(prediction - target)) / len(prediction)


@mistake("l2_loss")
def square_of_the_sum(prediction, target):
    """The differences were added first and then squared, so misses above and below cancel. Square each one."""
    return np.mean((prediction - target).reshape(len(prediction), -1).sum(axis=1) ** 2)


@mistake("l2_loss")
def difference_of_squares(prediction, target):
    """The two were squared before subtracting. The miss is the difference: square that."""
    return np.sum(prediction**2 - target**2) / len(prediction)


@mistake("l2_loss")
def one_loss_for_each_example(prediction, target):
    """There is one loss for each example. Their mean is wanted: one number."""
    return ((prediction - target) ** 2).reshape(len(prediction), -1).sum(axis=1)


@mistake("l2_loss")
def prediction_changed_in_place(prediction, target):
    """The loss is right, but the caller's prediction was changed: a line writes into the array you were given. Make
    a new array."""
    prediction -= target
    return np.sum(prediction**2) / len(prediction)


@mistake("l2_loss_backward")
def sign_flipped(prediction, target):
    """dprediction has the opposite sign everywhere. Where the prediction is too high, raising it costs more."""
    return 2 * (target - prediction) / len(prediction)


@mistake("l2_loss_backward")
def factor_two_forgotten(prediction, target):
    """dprediction is half of what it should be. The loss has no factor 1/2: what is the derivative of a square?"""
    return (prediction - target) / len(prediction)


@convention("l2_loss_backward")
def not_averaged(prediction, target):
    """dprediction is too large by the size of the batch: it belongs to a loss that is summed. The loss averages over
    the batch: what does that do to the gradient?"""
    return 2 * (prediction - target)


@convention("l2_loss_backward")
def divided_by_all_entries(prediction, target):
    """dprediction is too small by the number of features: it belongs to a mean over all entries, as in PyTorch. The
    loss is a mean over the batch only."""
    return 2 * (prediction - target) / prediction.size


@mistake("l2_loss_backward")
def divided_by_the_features(prediction, target):
    """dprediction is divided by the number of features. B is the length of the first axis."""
    return 2 * (prediction - target) / prediction.shape[-1]


@mistake("l2_loss_backward")
def target_forgotten(prediction, target):
    """dprediction does not depend on the target. The inner derivative is 1, but the outer one is taken at the
    difference."""
    return 2 * prediction / len(prediction)


@mistake("l2_loss_backward")
def distance_doubled(prediction, target):
    """dprediction is never negative. Where the prediction is too low, the loss falls when it rises."""
    return 2 * np.abs(prediction - target) / len(prediction)


@mistake("l2_loss_backward")
def sign_only(prediction, target):
    """dprediction has the same size everywhere: that is the gradient of the L1 loss. The slope of a square grows with
    the distance."""
    return np.sign(prediction - target) / len(prediction)


@mistake("l2_loss_backward")
def gradient_written_into_prediction(prediction, target):
    """The gradient is right, but the caller's prediction was changed: a line writes into the array you were given.
    Make a new array."""
    prediction -= target
    return 2 * prediction / len(prediction)
