"""Dropout and a penalty: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

from autograder.spec import convention, mistake


@mistake("dropout_regression_backward")
def scale_forgotten(x, target, w, mask, *, strength):
    """dx is 0 in the right places and too small in the others. Forward enlarged the units that stay: and backward?"""
    dx, dw = _back(x, target, w, mask, strength)
    return _dprediction(x, target, w, mask) @ w.T * (mask > 0), dw


@convention("dropout_regression_backward")
def penalty_halved(x, target, w, mask, *, strength):
    """The penalty pulls half as hard as it should: this is its slope where it has a factor ½, as in many courses. Here
    it has none."""
    dx, dw = _back(x, target, w, mask, strength / 2)
    return dx, dw


@mistake("dropout_regression_backward")
def dx_not_masked(x, target, w, mask, *, strength):
    """dx reaches units that were away. What did forward do with x before w met it?"""
    dx, dw = _back(x, target, w, mask, strength)
    return _dprediction(x, target, w, mask) @ w.T, dw


@mistake("dropout_regression_backward")
def dw_meets_x_undropped(x, target, w, mask, *, strength):
    """dx is right; dw was multiplied by x as it came in. What did w meet in forward?"""
    dx, dw = _back(x, target, w, mask, strength)
    return dx, x.T @ _dprediction(x, target, w, mask) + 2 * strength * w


@mistake("dropout_regression_backward")
def penalty_forgotten(x, target, w, mask, *, strength):
    """dw is right without a penalty. The loss has two terms: both have a slope."""
    return _back(x, target, w, mask, 0.0)


@mistake("dropout_regression_backward")
def penalty_summed(x, target, w, mask, *, strength):
    """The same number was added to every entry of dw: the sum of the weights. Each weight feels only itself."""
    dx, dw = _back(x, target, w, mask, 0.0)
    return dx, dw + 2 * strength * w.sum()


@mistake("dropout_regression_backward")
def penalty_averaged(x, target, w, mask, *, strength):
    """The penalty's part of dw was divided by the batch. The mean is over the squared errors only."""
    return _back(x, target, w, mask, strength / len(x))


@mistake("dropout_regression_backward")
def penalty_pushes(x, target, w, mask, *, strength):
    """The penalty makes the weights larger. Which sign has its slope?"""
    return _back(x, target, w, mask, -strength)


@mistake("dropout_regression_backward")
def summed_over_batch(x, target, w, mask, *, strength):
    """The error's part of both gradients grows with the batch. It is a mean."""
    dx, dw = _back(x, target, w, mask, strength)
    return dx * len(x), (dw - 2 * strength * w) * len(x) + 2 * strength * w


@mistake("dropout_regression_backward")
def dropout_forgotten(x, target, w, mask, *, strength):
    """The mask has no effect, as in inference. Here it is training."""
    return _back(x, target, w, mask * 0 + 1, strength)


@mistake("dropout_regression_backward")
def w_changed_in_place(x, target, w, mask, *, strength):
    """The numbers are right, but the caller's w was changed. Backward only computes gradients: the step downhill is the
    optimizer's."""
    gradients = _back(x, target, w, mask, strength)
    w -= 0.1 * gradients[1]
    return gradients


def _dprediction(x, target, w, mask):
    return 2 * ((x * mask) @ w - target) / len(x)


def _back(x, target, w, mask, strength):
    back = _dprediction(x, target, w, mask)
    return back @ w.T * mask, (x * mask).T @ back + 2 * strength * w
