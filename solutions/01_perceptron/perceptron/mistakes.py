"""Perceptron: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("perceptron_forward")
def threshold_forgotten(x, w, b):
    """The threshold has no effect: the line always goes through the origin. Which argument moves it away?"""
    return np.where(x @ w >= 0, 1.0, 0.0)


@convention("perceptron_forward")
def threshold_subtracted(x, w, b):
    """The threshold is subtracted from the sum, as many books write it. Here inputs and threshold are added
    together."""
    return np.where(x @ w >= b, 1.0, 0.0)


@convention("perceptron_forward")
def silent_at_zero(x, w, b):
    """Only examples whose sum is exactly 0 are wrong: some books let them be silent. The assignment says which way they
    go: look at the comparison."""
    return np.where(x @ w + b > 0, 1.0, 0.0)


@mistake("perceptron_forward")
def truths_returned(x, w, b):
    """You return True and False; the next neuron wants numbers. Make 1.0 and 0.0 of them."""
    return x @ w + b >= 0


@mistake("perceptron_forward")
def whole_numbers_returned(x, w, b):
    """The values are right, but they are ints. float64 comes in, float64 goes out."""
    return (x @ w + b >= 0).astype(int)


@convention("perceptron_forward")
def answers_plus_and_minus_one(x, w, b):
    """Silence came out as -1. Some books count that way; here a silent neuron says 0."""
    return np.where(x @ w + b >= 0, 1.0, -1.0)


@mistake("perceptron_forward")
def step_forgotten(x, w, b):
    """You return the weighted sums. What does the activation function of a perceptron make of a sum?"""
    return x @ w + b


@mistake("perceptron_forward")
def sigmoid_for_the_step(x, w, b):
    """Outputs lie between 0 and 1: this is the sigmoid, the next exercise. The perceptron's activation is a step."""
    return 1 / (1 + np.exp(-(x @ w + b)))


@mistake("perceptron_forward")
def fires_the_wrong_way(x, w, b):
    """Every answer is the opposite of the right one. On which side of 0 does the neuron fire?"""
    return np.where(x @ w + b >= 0, 0.0, 1.0)


@mistake("perceptron_forward")
def sign_of_the_sum(x, w, b):
    """np.sign gives -1 for silence and 0 for a sum of 0. The step knows two values only, 0 and 1."""
    return np.sign(x @ w + b)


@mistake("perceptron_forward")
def batch_of_one_dropped(x, w, b):
    """With a single example the axis of the batch disappears: `squeeze` removes every axis of length 1."""
    return np.where(np.squeeze(x @ w[:, None] + b) >= 0, 1.0, 0.0)


@mistake("perceptron_forward")
def column_returned(x, w, b):
    """The values are right, but out has a second axis of length 1. One number per example: (B,)."""
    return np.where(x @ w[:, None] + b >= 0, 1.0, 0.0)


@mistake("perceptron_update")
def learns_when_right(x, y, w, b, *, lr):
    """The weights change although the answer was right. How large is y - out then?"""
    return _learn(x, y, w, b, lr, lambda answer, out: 2 * answer - 1)


@mistake("perceptron_update")
def learns_only_when_right(x, y, w, b, *, lr):
    """The condition is upside down: right answers change the weights and wrong ones do not."""
    return _learn(x, y, w, b, lr, lambda answer, out: (2 * answer - 1) * (answer == out))


@convention("perceptron_update")
def rule_for_plus_and_minus_one(x, y, w, b, *, lr):
    """False alarms change nothing: `lr * y * x` is the rule for answers -1 and +1, and here y is 0 then. What takes
    the place of y?"""
    return _learn(x, y, w, b, lr, lambda answer, out: answer * (answer != out))


@mistake("perceptron_update")
def pushed_away(x, y, w, b, *, lr):
    """Every step has the opposite sign, so errors grow. A missed example must be added: which difference is that?"""
    return _learn(x, y, w, b, lr, lambda answer, out: out - answer)


@mistake("perceptron_update")
def size_of_the_error(x, y, w, b, *, lr):
    """Missed examples and false alarms are both added. The sign of the error tells them apart."""
    return _learn(x, y, w, b, lr, lambda answer, out: abs(answer - out))


@mistake("perceptron_update")
def error_of_the_sum(x, y, w, b, *, lr):
    """The error compares y with the weighted sum, so right answers change the weights too: this is the delta rule of
    Adaline. Rosenblatt's rule compares y with the answer, 0 or 1."""
    w = w.copy()
    for i in range(len(x)):
        error = y[i] - (x[i] @ w + b)
        w, b = w + lr * error * x[i], b + lr * error
    return w, b


@mistake("perceptron_update")
def lr_forgotten(x, y, w, b, *, lr):
    """The step does not depend on the learning rate. Which terms does lr scale?"""
    return _learn(x, y, w, b, 1.0, lambda answer, out: answer - out)


@mistake("perceptron_update")
def lr_forgotten_for_the_threshold(x, y, w, b, *, lr):
    """b moves by whole numbers: the learning rate belongs to its step too."""
    for i in range(len(x)):
        error = y[i] - float(x[i] @ w + b >= 0)
        w, b = w + lr * error * x[i], b + error
    return w, b


@mistake("perceptron_update")
def threshold_not_learned(x, y, w, b, *, lr):
    """b came back as it was. It learns like a weight whose input is always 1."""
    for i in range(len(x)):
        w = w + lr * (y[i] - float(x[i] @ w + b >= 0)) * x[i]
    return w, b


@mistake("perceptron_update")
def input_forgotten(x, y, w, b, *, lr):
    """All weights move by the same amount. Each should move by how much its own input took part."""
    for i in range(len(x)):
        error = y[i] - float(x[i] @ w + b >= 0)
        w, b = w + lr * error, b + lr * error
    return w, b


@mistake("perceptron_update")
def whole_batch_at_once(x, y, w, b, *, lr):
    """All answers were given with the weights of the beginning. In Rosenblatt's rule each example meets the weights
    that the one before has left."""
    error = y - (x @ w + b >= 0)
    return w + lr * error @ x, float(b + lr * error.sum())


@mistake("perceptron_update")
def threshold_first(x, y, w, b, *, lr):
    """The new b is right for one example, but w then asks again with it, and the error has changed. Compute the error
    once, before w or b moves."""
    for i in range(len(x)):
        b = b + lr * (y[i] - float(x[i] @ w + b >= 0))
        w = w + lr * (y[i] - float(x[i] @ w + b >= 0)) * x[i]
    return w, b


@mistake("perceptron_update")
def stops_after_first_error(x, y, w, b, *, lr):
    """Only the first wrong example was learned: the others still wait. Is a `return` or `break` indented into the
    loop?"""
    for i in range(len(x)):
        error = y[i] - float(x[i] @ w + b >= 0)
        if error:
            return w + lr * error * x[i], b + lr * error
    return w.copy(), b


@mistake("perceptron_update")
def silent_on_the_line(x, y, w, b, *, lr):
    """Examples whose sum is exactly 0 were taken for silent. The forward fires there: use the same comparison."""
    for i in range(len(x)):
        error = y[i] - float(x[i] @ w + b > 0)
        w, b = w + lr * error * x[i], b + lr * error
    return w, b


@mistake("perceptron_update")
def averaged_over_batch(x, y, w, b, *, lr):
    """The steps are too small by the number of examples. Nothing is averaged here: every example is a step of its
    own."""
    return _learn(x, y, w, b, lr / len(x), lambda answer, out: answer - out)


@mistake("perceptron_update")
def results_swapped(x, y, w, b, *, lr):
    """w and b came back in the wrong order."""
    return _learn(x, y, w, b, lr, lambda answer, out: answer - out)[::-1]


@mistake("perceptron_update")
def weights_changed_in_place(x, y, w, b, *, lr):
    """The numbers are right, but the caller's w was changed: `w += ...` writes into the array you were given. Write
    `w = w + ...`, or start from a copy."""
    for i in range(len(x)):
        error = y[i] - float(x[i] @ w + b >= 0)
        w += lr * error * x[i]
        b += lr * error
    return w, b


@mistake("perceptron_forward")
def half_at_zero(x, w, b):
    """A sum of exactly 0 gives 0.5. Which of the two outputs is it here? See the second argument of np.heaviside."""
    return np.heaviside(x @ w + b, 0.5)


@mistake("perceptron_update")
def decision_with_the_old_threshold(x, y, w, b, *, lr):
    """The threshold is learned, but the decisions are made with the one from the start. Each example sees what the
    examples before it have changed, w and b."""
    start = b
    for example, answer in zip(x, y, strict=True):
        out = 1.0 if example @ w + start >= 0 else 0.0
        w, b = w + lr * (answer - out) * example, b + lr * (answer - out)
    return w, b


def _learn(x, y, w, b, lr, rule):
    for i in range(len(x)):
        error = rule(y[i], float(x[i] @ w + b >= 0))
        w, b = w + lr * error * x[i], b + lr * error
    return w, b
