"""L1 loss: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("l1_loss")
def averaged_over_all_entries(prediction, target):
    """The loss is too small by the number of features: `mean` ran over all entries, as in PyTorch. Here: sum over the
    features, average over the batch."""
    return np.mean(np.abs(prediction - target))


@convention("l1_loss")
def summed_not_averaged(prediction, target):
    """The loss is too large by the size of the batch: this is what libraries call the reduction “sum”. Here losses of
    the examples are averaged."""
    return np.sum(np.abs(prediction - target))


@mistake("l1_loss")
def only_one_axis_of_features(prediction, target):
    """Fine for (B, D) only: the sum runs over axis 1. An example may be a single number, or an image: sum over all axes
    but the first."""
    return np.mean(np.sum(np.abs(prediction - target), axis=1))


@mistake("l1_loss")
def features_averaged_batch_summed(prediction, target):
    """The loss is divided by the number of features, and summed over the batch: the other way round."""
    return np.sum(np.abs(prediction - target)) / prediction.shape[-1]


@mistake("l1_loss")
def differences_cancel(prediction, target):
    """Misses above and below cancel: the difference has kept its sign. A distance is never negative."""
    return np.sum(prediction - target) / len(prediction)


@mistake("l1_loss")
def absolute_value_of_the_sum(prediction, target):
    """Misses above and below cancel within the sum. Take the absolute value of each difference first."""
    return np.abs(np.sum(prediction - target)) / len(prediction)


@mistake("l1_loss")
def squared_differences(prediction, target):
    """The differences were squared: that is the L2 loss, another exercise."""
    return np.sum((prediction - target) ** 2) / len(prediction)


@mistake("l1_loss")
def euclidean_distance(prediction, target):
    """This is the length of each example's difference, a root of squares. L1 adds the absolute values."""
    return np.mean(np.linalg.norm((prediction - target).reshape(len(prediction), -1), axis=1))


@mistake("l1_loss")
def one_loss_for_each_example(prediction, target):
    """There is one loss for each example. Their mean is wanted: one number."""
    return np.abs(prediction - target).reshape(len(prediction), -1).sum(axis=1)


@mistake("l1_loss")
def prediction_changed_in_place(prediction, target):
    """The loss is right, but the caller's prediction was changed: a line writes into the array you were given. Make
    a new array."""
    prediction -= target
    return np.sum(np.abs(prediction)) / len(prediction)


@mistake("l1_loss_backward")
def sign_flipped(prediction, target):
    """dprediction has the opposite sign everywhere. Where the prediction is too high, raising it costs more."""
    return np.sign(target - prediction) / len(prediction)


@mistake("l1_loss_backward")
def one_everywhere(prediction, target):
    """dprediction is 1/B everywhere. Where the prediction is too low, the loss falls when it rises."""
    return np.ones_like(prediction) / len(prediction)


@convention("l1_loss_backward")
def not_averaged(prediction, target):
    """dprediction is too large by the size of the batch: it belongs to a loss that is summed. The loss averages over
    the batch: what does that do to the gradient?"""
    return np.sign(prediction - target)


@convention("l1_loss_backward")
def divided_by_all_entries(prediction, target):
    """dprediction is too small by the number of features: it belongs to a mean over all entries, as in PyTorch. The
    loss is a mean over the batch only."""
    return np.sign(prediction - target) / prediction.size


@mistake("l1_loss_backward")
def divided_by_the_features(prediction, target):
    """dprediction is divided by the number of features. B is the length of the first axis."""
    return np.sign(prediction - target) / prediction.shape[-1]


@mistake("l1_loss_backward")
def difference_itself(prediction, target):
    """dprediction grows with the miss: that is a gradient of squares. The slope of |d| is the same at any distance."""
    return (prediction - target) / len(prediction)


@mistake("l1_loss_backward")
def zero_divided_by_zero(prediction, target):
    """nan where the prediction is exact: d / |d| is 0/0 there. Which function gives the sign without a division?"""
    return (prediction - target) / np.abs(prediction - target) / len(prediction)


@mistake("l1_loss_backward")
def magnitude_returned(prediction, target):
    """dprediction is the distance itself, the loss's own terms. What is the slope of |d|?"""
    return np.abs(prediction - target) / len(prediction)


@mistake("l1_loss_backward")
def zero_below(prediction, target):
    """dprediction is 0 where the prediction is too low. The loss has a slope there too, a negative one."""
    return (prediction > target) / len(prediction)


@mistake("l1_loss_backward")
def gradient_written_into_prediction(prediction, target):
    """The gradient is right, but the caller's prediction was changed: a line writes into the array you were given.
    Make a new array."""
    prediction -= target
    return np.sign(prediction) / len(prediction)
