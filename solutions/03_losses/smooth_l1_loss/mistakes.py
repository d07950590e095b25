"""Smooth L1 loss: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("smooth_l1_loss")
def averaged_over_all_entries(prediction, target):
    """The loss is too small by the number of features: `mean` ran over all entries, as in PyTorch. Here: sum over the
    features, average over the batch."""
    return np.mean(_smooth(prediction - target))


@convention("smooth_l1_loss")
def summed_not_averaged(prediction, target):
    """The loss is too large by the size of the batch: this is what libraries call the reduction “sum”. Here losses of
    the examples are averaged."""
    return np.sum(_smooth(prediction - target))


@mistake("smooth_l1_loss")
def only_one_axis_of_features(prediction, target):
    """Fine for (B, D) only: the sum runs over axis 1. An example may be a single number, or an image: sum over all axes
    but the first."""
    return np.mean(np.sum(_smooth(prediction - target), axis=1))


@mistake("smooth_l1_loss")
def sign_in_the_comparison(prediction, target):
    """Wrong where the prediction is far too low: `d < 1` is true for every negative d. Compare the distance."""
    d = prediction - target
    return np.sum(np.where(d < 1, 0.5 * d**2, np.abs(d) - 0.5)) / len(d)


@mistake("smooth_l1_loss")
def linear_branch_not_shifted(prediction, target):
    """The loss jumps at a distance of 1: the parabola arrives at 1/2, the line starts at 1. What shifts it?"""
    d = prediction - target
    return np.sum(np.where(np.abs(d) < 1, 0.5 * d**2, np.abs(d))) / len(d)


@mistake("smooth_l1_loss")
def half_forgotten_in_the_parabola(prediction, target):
    """The parabola lacks its factor 1/2, so it meets the line neither in value nor in slope."""
    d = prediction - target
    return np.sum(np.where(np.abs(d) < 1, d**2, np.abs(d) - 0.5)) / len(d)


@mistake("smooth_l1_loss")
def linear_branch_squared(prediction, target):
    """Far from the target the loss still grows like a square: the second branch is squared. It is a straight line: |d|
    - 0.5."""
    d = prediction - target
    return np.sum(np.where(np.abs(d) < 1, 0.5 * d**2, (np.abs(d) - 0.5) ** 2)) / len(d)


@mistake("smooth_l1_loss")
def branches_swapped(prediction, target):
    """The parabola is used far from the target and the line near it: the other way round."""
    d = prediction - target
    return np.sum(np.where(np.abs(d) < 1, np.abs(d) - 0.5, 0.5 * d**2)) / len(d)


@mistake("smooth_l1_loss")
def parabola_everywhere(prediction, target):
    """This is half the L2 loss: the line beyond a distance of 1 is missing."""
    return np.sum((prediction - target) ** 2) / 2 / len(prediction)


@mistake("smooth_l1_loss")
def line_everywhere(prediction, target):
    """This is the L1 loss: the parabola within a distance of 1 is missing."""
    return np.sum(np.abs(prediction - target)) / len(prediction)


@mistake("smooth_l1_loss")
def one_branch_for_each_example(prediction, target):
    """Each example chose its branch by its whole distance. Every entry chooses by itself."""
    d = (prediction - target).reshape(len(prediction), -1)
    distance = np.abs(d).sum(axis=1)
    return np.mean(np.where(distance < 1, 0.5 * np.sum(d**2, axis=1), distance - 0.5))


@mistake("smooth_l1_loss")
def one_loss_for_each_example(prediction, target):
    """There is one loss for each example. Their mean is wanted: one number."""
    return _smooth(prediction - target).reshape(len(prediction), -1).sum(axis=1)


@mistake("smooth_l1_loss")
def prediction_changed_in_place(prediction, target):
    """The loss is right, but the caller's prediction was changed: a line writes into the array you were given. Make
    a new array."""
    prediction -= target
    return np.sum(_smooth(prediction)) / len(prediction)


@mistake("smooth_l1_loss_backward")
def sign_flipped(prediction, target):
    """dprediction has the opposite sign everywhere. Where the prediction is too high, raising it costs more."""
    return np.clip(target - prediction, -1, 1) / len(prediction)


@mistake("smooth_l1_loss_backward")
def not_limited(prediction, target):
    """dprediction grows without bound: the parabola's slope was used everywhere. Beyond a distance of 1 the loss is a
    line."""
    return (prediction - target) / len(prediction)


@mistake("smooth_l1_loss_backward")
def sign_everywhere(prediction, target):
    """dprediction is 1/B or -1/B even near the target: that is the gradient of L1. Near the target it shrinks."""
    return np.sign(prediction - target) / len(prediction)


@mistake("smooth_l1_loss_backward")
def one_on_both_sides(prediction, target):
    """Far below the target dprediction is 1/B, as far above it. The loss falls there when the prediction rises."""
    d = prediction - target
    return np.where(np.abs(d) < 1, d, 1.0) / len(d)


@mistake("smooth_l1_loss_backward")
def sign_in_the_gradients_comparison(prediction, target):
    """Not limited where the prediction is far too low: `d < 1` is true for every negative d. Compare the distance."""
    return np.minimum(prediction - target, 1) / len(prediction)


@mistake("smooth_l1_loss_backward")
def doubled_near_the_target(prediction, target):
    """Near the target dprediction is twice too large. The parabola has a factor 1/2."""
    d = prediction - target
    return np.where(np.abs(d) < 1, 2 * d, np.sign(d)) / len(d)


@mistake("smooth_l1_loss_backward")
def zero_beyond_the_parabola(prediction, target):
    """Far from the target dprediction is 0: those entries would never learn. A straight line has a slope too."""
    d = prediction - target
    return np.where(np.abs(d) < 1, d, 0.0) / len(d)


@convention("smooth_l1_loss_backward")
def not_averaged(prediction, target):
    """dprediction is too large by the size of the batch: it belongs to a loss that is summed. The loss averages over
    the batch: what does that do to the gradient?"""
    return np.clip(prediction - target, -1, 1)


@convention("smooth_l1_loss_backward")
def divided_by_all_entries(prediction, target):
    """dprediction is too small by the number of features: it belongs to a mean over all entries, as in PyTorch. The
    loss is a mean over the batch only."""
    return np.clip(prediction - target, -1, 1) / prediction.size


@mistake("smooth_l1_loss_backward")
def limited_after_the_mean(prediction, target):
    """The limit of 1 was set after dividing by B, so it comes too late. First the slope, then the mean."""
    return np.clip((prediction - target) / len(prediction), -1, 1)


@mistake("smooth_l1_loss_backward")
def gradient_written_into_prediction(prediction, target):
    """The gradient is right, but the caller's prediction was changed: a line writes into the array you were given.
    Make a new array."""
    prediction -= target
    return np.clip(prediction, -1, 1) / len(prediction)


def _smooth(d):
    return np.where(np.abs(d) < 1, 0.5 * d**2, np.abs(d) - 0.5)
