"""The perceptron, the simplest neural network.

A neuron receives numbers, weighs each by how strong its connection is, adds a threshold and fires or stays silent.
That is a line drawn through the plane of its inputs: on one side it says 1, on the other 0. Rosenblatt found how it
learns from examples: while the answer is right, change nothing; when it is wrong, turn the weights towards a missed
example, away from a false alarm.
"""

# Check it:  handgrad check perceptron

import numpy as np


def perceptron_forward(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Say for every example whether the neuron fires.

    x (B, D), one example per row; w (D,) weights; b a number, the threshold that is added to the sum. Returns out
    (B,), float64, also for B = 1:

        out[i] = 1.0        if (sum over d of x[i, d] * w[d]) + b >= 0
        out[i] = 0.0        otherwise

    A sum of exactly 0 fires. Do not change x or w.

    By hand, with w = 1, 1 and b = -1.5: the sums are 1 + 1 - 1.5 = 0.5, 1 + 0 - 1.5 = -0.5 and 0 + 0 - 1.5 = -1.5.
    This neuron computes "and".

    >>> perceptron_forward(np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]), np.array([1.0, 1.0]), -1.5)
    array([1., 0., 0.])
    """
    raise NotImplementedError("write perceptron_forward")


def perceptron_update(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float, *, lr: float) -> tuple[np.ndarray, float]:
    """Learn from every example once, in order, by Rosenblatt's rule.

    x (B, D), y (B,) the right answers, each 0.0 or 1.0; w (D,) and b as above; lr is the learning rate. Returns the
    new (w, b), a new array and a number (x, y and w stay as they are). For each row i, first to last:

        out   = 1 if x[i] @ w + b >= 0 else 0        with w and b as the rows before left them
        w     = w + lr * (y[i] - out) * x[i]
        b     = b + lr * (y[i] - out)

    So a right answer changes nothing, a missed example is added and a false alarm is subtracted. If some line
    separates the two classes, repeated passes find one; if none does, they go on forever.

    By hand, from w = 0, 0 and b = 0 with lr = 0.5. Row (2, 1): the sum 0 fires, but y = 0, so w = -1, -0.5 and
    b = -0.5. Row (1, -1): the sum is -1, silent, but y = 1, so w = -0.5, -1 and b = 0. Row (-4, 1): the sum is 1, it
    fires, y = 1: right, nothing changes.

    >>> x = np.array([[2.0, 1.0], [1.0, -1.0], [-4.0, 1.0]])
    >>> w, b = perceptron_update(x, np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.0]), 0.0, lr=0.5)
    >>> w, float(b)
    (array([-0.5, -1. ]), 0.0)
    """
    raise NotImplementedError("write perceptron_update")
