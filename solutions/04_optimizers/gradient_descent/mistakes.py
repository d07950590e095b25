"""Gradient descent: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("gradient_descent")
def gradient_ascent(gradient, w, *, lr, steps):
    """The walk goes uphill. The gradient points to where the loss grows."""
    return _walk(lambda w, t: w + lr * gradient(w), w, steps)


@mistake("gradient_descent")
def lr_missing(gradient, w, *, lr, steps):
    """The steps do not depend on the learning rate."""
    return _walk(lambda w, t: w - gradient(w), w, steps)


@mistake("gradient_descent")
def lr_fixed(gradient, w, *, lr, steps):
    """The learning rate is written into the formula as 0.1. Use the argument."""
    return _walk(lambda w, t: w - 0.1 * gradient(w), w, steps)


@mistake("gradient_descent")
def gradient_at_the_start_only(gradient, w, *, lr, steps):
    """The first step is right, then the walk goes on in a straight line: the gradient was asked for once, at the start.
    It changes from point to point."""
    slope = gradient(w)
    return _walk(lambda w, t: w - lr * slope, w, steps)


@mistake("gradient_descent")
def every_step_from_the_start(gradient, w, *, lr, steps):
    """The first step is right, then the walk stands still: every step starts from the first point again. Which
    variable holds where you are?"""
    return np.array([w] + [w - lr * gradient(w) for _ in range(steps)])


@mistake("gradient_descent")
def one_coordinate_after_the_other(gradient, w, *, lr, steps):
    """Right in one dimension only: the second coordinate's gradient was taken where the first had moved already. One
    step moves all coordinates at once, from one gradient."""

    def step(w, t):
        w = w.copy()
        for d in range(len(w)):
            w[d] -= lr * gradient(w)[d]
        return w

    return _walk(step, w, steps)


@mistake("gradient_descent")
def sign_of_the_gradient(gradient, w, *, lr, steps):
    """All steps are equally long: only the gradient's sign was used. A steep slope should make a long step."""
    return _walk(lambda w, t: w - lr * np.sign(gradient(w)), w, steps)


@mistake("gradient_descent")
def gradient_divided_by_its_length(gradient, w, *, lr, steps):
    """All steps have length lr: the gradient was divided by its length. Use it as it is, so that steps shrink near
    the valley's floor."""
    return _walk(lambda w, t: w - lr * gradient(w) / np.linalg.norm(gradient(w)), w, steps)


@mistake("gradient_descent")
def lr_decays(gradient, w, *, lr, steps):
    """The first step is right, later ones are too short: the learning rate was divided by the number of the step. It
    stays the same here."""
    return _walk(lambda w, t: w - lr / (t + 1) * gradient(w), w, steps)


@mistake("gradient_descent")
def start_left_out(gradient, w, *, lr, steps):
    """The start is missing: the trajectory has steps + 1 points, and the first of them is w itself."""
    return _walk(lambda w, t: w - lr * gradient(w), w, steps)[1:]


@mistake("gradient_descent")
def last_point_left_out(gradient, w, *, lr, steps):
    """The last point is missing: n steps lead to n + 1 points, the start included."""
    return _walk(lambda w, t: w - lr * gradient(w), w, steps)[:-1]


@mistake("gradient_descent")
def one_step_too_many(gradient, w, *, lr, steps):
    """There is one point too many. How many steps lead from the first of steps + 1 points to the last?"""
    return _walk(lambda w, t: w - lr * gradient(w), w, steps + 1)


@mistake("gradient_descent")
def only_the_last_point(gradient, w, *, lr, steps):
    """You returned where the walk ends. The whole walk is asked for, one row per point."""
    return _walk(lambda w, t: w - lr * gradient(w), w, steps)[-1]


@mistake("gradient_descent")
def points_as_columns(gradient, w, *, lr, steps):
    """The points stand side by side as columns. Each should be a row."""
    return _walk(lambda w, t: w - lr * gradient(w), w, steps).T


@mistake("gradient_descent")
def list_of_points(gradient, w, *, lr, steps):
    """The points are right, but they came in a list. Make one array of them."""
    return list(_walk(lambda w, t: w - lr * gradient(w), w, steps))


@mistake("gradient_descent")
def same_array_every_time(gradient, w, *, lr, steps):
    """All rows are the last point: `w -= …` changes the one array that every row of your list stands for. Make a new
    array at every step, or append copies."""
    trajectory = [w]
    for _ in range(steps):
        w -= lr * gradient(w)
        trajectory.append(w)
    return np.array(trajectory)


@mistake("gradient_descent")
def start_moved_in_place(gradient, w, *, lr, steps):
    """The trajectory is right, but the caller's w has walked along: `w -= …` writes into the array you were given."""
    trajectory = [w.copy()]
    for _ in range(steps):
        w -= lr * gradient(w)
        trajectory.append(w.copy())
    return np.array(trajectory)


def _walk(step, w, steps):
    trajectory = [w]
    for t in range(steps):
        trajectory.append(step(trajectory[-1], t))
    return np.array(trajectory)
