"""overfit_check: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake

LR, MU = 0.1, 0.9


@mistake("train_until")
def uphill(x, labels, *, tolerance, rng):
    """The loss grows from the first step: the velocity follows the gradient. It should turn the other way."""
    return _train(x, labels, tolerance, rng, lr=-LR / 10, most=30)


@mistake("train_until")
def tolerance_ignored(x, labels, *, tolerance, rng):
    """The training takes a fixed number of steps, whatever the tolerance. Ask after each step whether to stop."""
    return _train(x, labels, -1.0, rng, most=80)


@mistake("train_until")
def stopped_at_full_accuracy(x, labels, *, tolerance, rng):
    """The training stops when every row gets the right label. The loss may still be far from tolerance: the right class
    has won, but not by much."""
    return _train(x, labels, tolerance, rng, stop=lambda loss, scores: (scores.argmax(axis=1) == labels).all())


@mistake("train_until")
def loss_summed(x, labels, *, tolerance, rng):
    """history holds the sum of the rows' losses, and the training goes on until the sum is below tolerance. The loss is
    their mean."""
    params, history = _train(x, labels, tolerance / len(x), rng)
    return params, [loss * len(x) for loss in history]


@mistake("train_until")
def one_step_too_many(x, labels, *, tolerance, rng):
    """The last loss belongs to the params before the last step: they were changed once more after it was computed. Ask
    for the tolerance before the step."""
    return _train(x, labels, tolerance, rng, late=True)


@mistake("train_until")
def starting_params_returned(x, labels, *, tolerance, rng):
    """The params that you return are those you started from: what was learned stayed in other variables."""
    seed = rng.bit_generator.state
    _, history = _train(x, labels, tolerance, rng)
    rng.bit_generator.state = seed
    return _start(x, labels, rng), history


@mistake("train_until")
def only_the_last_loss(x, labels, *, tolerance, rng):
    """history has a single entry: the list is made anew in each step. Make it once, before the loop."""
    params, history = _train(x, labels, tolerance, rng)
    return params, history[-1:]


@mistake("train_until")
def labels_shifted(x, labels, *, tolerance, rng):
    """x and labels are no longer in the same order: each row is learned with another row's label. Keep the pairs."""
    return _train(x, np.roll(labels, 1), tolerance, rng)


@mistake("train_until")
def history_as_text(x, labels, *, tolerance, rng):
    """history holds text. Append the numbers themselves, and format them when you print."""
    params, history = _train(x, labels, tolerance, rng)
    return params, [f"loss {loss:.4f}" for loss in history]


@mistake("train_until")
def params_as_a_list(x, labels, *, tolerance, rng):
    """The params come as a list. Return the dict, with the names w1, b1, w2 and b2."""
    params, history = _train(x, labels, tolerance, rng)
    return list(params.values()), history


def _start(x, labels, rng):
    inputs, classes = x.shape[1], labels.max() + 1
    return {
        "w1": rng.standard_normal((inputs, 32)) * np.sqrt(2 / inputs), "b1": np.zeros(32),
        "w2": rng.standard_normal((32, classes)) * np.sqrt(2 / 32), "b2": np.zeros(classes),
    }  # fmt: skip


def _train(x, labels, tolerance, rng, *, lr=LR, most=5000, stop=None, late=False):
    params = _start(x, labels, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    history = []
    for _ in range(most):
        sums = x @ params["w1"] + params["b1"]
        hidden = np.maximum(sums, 0)
        scores = hidden @ params["w2"] + params["b2"]
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        history.append(float(-log_p[np.arange(len(x)), labels].mean()))
        done = stop(history[-1], scores) if stop else history[-1] < tolerance
        if done and not late:
            break
        dscores = (np.exp(log_p) - np.eye(scores.shape[1])[labels]) / len(x)
        dsums = dscores @ params["w2"].T * (sums > 0)
        gradients = {"w1": x.T @ dsums, "b1": dsums.sum(0), "w2": hidden.T @ dscores, "b2": dscores.sum(0)}
        for name, gradient in gradients.items():
            velocity[name] = MU * velocity[name] - lr * gradient
            params[name] = params[name] + velocity[name]
        if done:
            break
    return params, history
