"""Huber loss: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("huber_loss")
def averaged_over_all_entries(prediction, target, *, delta=1.0):
    """The loss is too small by the number of features: `mean` ran over all entries, as in PyTorch. Here: sum over the
    features, average over the batch."""
    return np.mean(_huber(prediction - target, delta))


@convention("huber_loss")
def summed_not_averaged(prediction, target, *, delta=1.0):
    """The loss is too large by the size of the batch: this is what libraries call the reduction “sum”. Here losses of
    the examples are averaged."""
    return np.sum(_huber(prediction - target, delta))


@mistake("huber_loss")
def only_one_axis_of_features(prediction, target, *, delta=1.0):
    """Fine for (B, D) only: the sum runs over axis 1. An example may be a single number, or an image: sum over all axes
    but the first."""
    return np.mean(np.sum(_huber(prediction - target, delta), axis=1))


@mistake("huber_loss")
def sign_in_the_comparison(prediction, target, *, delta=1.0):
    """Wrong where the prediction is far too low: `d < delta` holds for every negative d. Compare the distance."""
    d = prediction - target
    return np.sum(np.where(d < delta, 0.5 * d**2, delta * (np.abs(d) - 0.5 * delta))) / len(d)


@mistake("huber_loss")
def second_branch_squared(prediction, target, *, delta=1.0):
    """The second branch is squared, as it is sometimes printed. Beyond delta the loss is a straight line."""
    return _branches(prediction - target, delta, lambda distance: (distance - 0.5) ** 2)


@mistake("huber_loss")
def line_of_smooth_l1(prediction, target, *, delta=1.0):
    """Right with delta = 1 only: the second branch is that of smooth L1. With another delta the line needs another
    slope and another shift, so that the branches meet."""
    return _branches(prediction - target, delta, lambda distance: distance - 0.5)


@mistake("huber_loss")
def shift_of_the_line_without_delta(prediction, target, *, delta=1.0):
    """The slope of the line is right, but it is shifted as for delta = 1, so the loss jumps at delta. Which shift
    makes it meet the parabola?"""
    return _branches(prediction - target, delta, lambda distance: delta * (distance - 0.5))


@mistake("huber_loss")
def slope_of_the_line_without_delta(prediction, target, *, delta=1.0):
    """The line has the slope 1, right with delta = 1 only. Which slope has the parabola where it ends?"""
    return _branches(prediction - target, delta, lambda distance: distance - 0.5 * delta)


@mistake("huber_loss")
def line_not_shifted(prediction, target, *, delta=1.0):
    """The loss jumps at delta: the line lacks its shift, and starts above the parabola's end."""
    return _branches(prediction - target, delta, lambda distance: delta * distance)


@mistake("huber_loss")
def always_smooth_l1(prediction, target, *, delta=1.0):
    """delta has no effect: this is smooth L1, with 1 written into the comparison and the line."""
    return np.sum(_huber(prediction - target, 1.0)) / len(prediction)


@mistake("huber_loss")
def branch_chosen_at_one(prediction, target, *, delta=1.0):
    """The branch is chosen at a distance of 1, whatever delta is. The formulas use delta, the comparison does not."""
    d = np.abs(prediction - target)
    return np.sum(np.where(d < 1, 0.5 * d**2, delta * (d - 0.5 * delta))) / len(d)


@convention("huber_loss")
def divided_by_delta(prediction, target, *, delta=1.0):
    """The loss is too small by the factor delta: this is smooth L1 with PyTorch's beta. Huber's parabola is 0.5 * d^2,
    whatever delta is."""
    return np.sum(_huber(prediction - target, delta)) / delta / len(prediction)


@mistake("huber_loss")
def half_forgotten_in_the_parabola(prediction, target, *, delta=1.0):
    """The parabola lacks its factor 1/2, so it meets the line neither in value nor in slope."""
    d = np.abs(prediction - target)
    return np.sum(np.where(d < delta, d**2, delta * (d - 0.5 * delta))) / len(d)


@mistake("huber_loss")
def branches_swapped(prediction, target, *, delta=1.0):
    """The parabola is used far from the target and the line near it: the other way round."""
    d = np.abs(prediction - target)
    return np.sum(np.where(d < delta, delta * (d - 0.5 * delta), 0.5 * d**2)) / len(d)


@mistake("huber_loss")
def one_loss_for_each_example(prediction, target, *, delta=1.0):
    """There is one loss for each example. Their mean is wanted: one number."""
    return _huber(prediction - target, delta).reshape(len(prediction), -1).sum(axis=1)


@mistake("huber_loss")
def prediction_changed_in_place(prediction, target, *, delta=1.0):
    """The loss is right, but the caller's prediction was changed: a line writes into the array you were given. Make
    a new array."""
    prediction -= target
    return np.sum(_huber(prediction, delta)) / len(prediction)


@mistake("huber_loss")
def pseudo_huber(prediction, target, *, delta=1.0):
    """This is the pseudo-Huber loss, a smooth curve near Huber's. Here a parabola and two lines meet at delta."""
    d = (prediction - target) / delta
    return np.sum(delta**2 * (np.sqrt(1 + d**2) - 1)) / len(d)


@mistake("huber_loss")
def log_cosh(prediction, target, *, delta=1.0):
    """This is the log-cosh loss, which has no delta. Here a parabola and two lines meet at delta."""
    d = np.abs(prediction - target)
    return np.sum(d + np.log1p(np.exp(-2 * d)) - np.log(2)) / len(d)


@mistake("huber_loss")
def one_branch_for_all(prediction, target, *, delta=1.0):
    """One branch was chosen for all entries, by their mean distance. Each entry has its own."""
    d = np.abs(prediction - target)
    return np.sum(d**2 / 2 if d.mean() < delta else delta * (d - delta / 2)) / len(d)


@mistake("huber_loss_backward")
def sign_flipped(prediction, target, *, delta=1.0):
    """dprediction has the opposite sign everywhere. Where the prediction is too high, raising it costs more."""
    return np.clip(target - prediction, -delta, delta) / len(prediction)


@mistake("huber_loss_backward")
def not_limited(prediction, target, *, delta=1.0):
    """dprediction grows without bound: the parabola's slope was used everywhere. Beyond delta the loss is a line."""
    return (prediction - target) / len(prediction)


@mistake("huber_loss_backward")
def limited_to_one(prediction, target, *, delta=1.0):
    """Right with delta = 1 only: dprediction was limited to 1/B. Which slope has the line?"""
    return np.clip(prediction - target, -1, 1) / len(prediction)


@mistake("huber_loss_backward")
def sign_alone_beyond_delta(prediction, target, *, delta=1.0):
    """Beyond delta the slope is 1 or -1, right with delta = 1 only. Differentiate delta * (|d| - 0.5 * delta)."""
    d = prediction - target
    return np.where(np.abs(d) < delta, d, np.sign(d)) / len(d)


@mistake("huber_loss_backward")
def delta_on_both_sides(prediction, target, *, delta=1.0):
    """Far below the target dprediction is positive, as far above it. The loss falls there when the prediction rises."""
    d = prediction - target
    return np.where(np.abs(d) < delta, d, delta) / len(d)


@mistake("huber_loss_backward")
def sign_in_the_gradients_comparison(prediction, target, *, delta=1.0):
    """Not limited where the prediction is far too low: `d < delta` holds for every negative d. Compare the distance."""
    return np.minimum(prediction - target, delta) / len(prediction)


@mistake("huber_loss_backward")
def zero_beyond_delta(prediction, target, *, delta=1.0):
    """Far from the target dprediction is 0: those entries would never learn. A straight line has a slope too."""
    d = prediction - target
    return np.where(np.abs(d) < delta, d, 0.0) / len(d)


@convention("huber_loss_backward")
def gradient_divided_by_delta(prediction, target, *, delta=1.0):
    """dprediction is too small by the factor delta: this is smooth L1 with PyTorch's beta."""
    return np.clip(prediction - target, -delta, delta) / delta / len(prediction)


@convention("huber_loss_backward")
def not_averaged(prediction, target, *, delta=1.0):
    """dprediction is too large by the size of the batch: it belongs to a loss that is summed. The loss averages over
    the batch: what does that do to the gradient?"""
    return np.clip(prediction - target, -delta, delta)


@convention("huber_loss_backward")
def divided_by_all_entries(prediction, target, *, delta=1.0):
    """dprediction is too small by the number of features: it belongs to a mean over all entries, as in PyTorch. The
    loss is a mean over the batch only."""
    return np.clip(prediction - target, -delta, delta) / prediction.size


@mistake("huber_loss_backward")
def gradient_written_into_prediction(prediction, target, *, delta=1.0):
    """The gradient is right, but the caller's prediction was changed: a line writes into the array you were given."""
    prediction -= target
    return np.clip(prediction, -delta, delta) / len(prediction)


@mistake("huber_loss_backward")
def limited_smoothly(prediction, target, *, delta=1.0):
    """The gradient nears its limit smoothly, by a tanh. Up to delta it is the difference itself."""
    d = prediction - target
    return delta * np.tanh(d / delta) / len(d)


def _branches(d, delta, line):
    distance = np.abs(d)
    return np.sum(np.where(distance < delta, 0.5 * d**2, line(distance))) / len(d)


def _huber(d, delta):
    return np.where(np.abs(d) < delta, 0.5 * d**2, delta * (np.abs(d) - 0.5 * delta))
