"""Train a multilayer perceptron on handwritten digits.

Everything so far comes together: two dense layers with a ReLU between them, softmax cross-entropy, backpropagation,
mini-batches and momentum. What counts is how many images the network gets right that it has never seen.
"""

import numpy as np

HIDDEN = 32
BATCH = 20
EPOCHS = 20
LR = 0.005
MU = 0.95


def start(inputs: int, classes: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Given: parameters to start from, with small random weights and zero biases.

    w1 (inputs, HIDDEN), b1 (HIDDEN,), w2 (HIDDEN, classes), b2 (classes,). Were all weights zero, all hidden units
    would compute the same and learn the same: nothing.
    """
    return {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs),
        "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN),
        "b2": np.zeros(classes),
    }


def loss_and_gradients(
    x: np.ndarray, labels: np.ndarray, params: dict[str, np.ndarray]
) -> tuple[float, dict[str, np.ndarray]]:
    """Compute the mean cross-entropy of a batch, and its gradient for every parameter under the same name.

    sums = x @ w1 + b1, hidden = max(sums, 0), scores = hidden @ w2 + b2, then softmax cross-entropy as in unit 3. This
    function is yours alone: nobody else calls it. Build it from what you wrote in units 2 and 3.
    """
    # BEGIN SOLUTION
    sums = x @ params["w1"] + params["b1"]
    hidden = np.maximum(sums, 0)
    scores = hidden @ params["w2"] + params["b2"]
    shifted = scores - scores.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = np.mean(np.log(total[:, 0]) - shifted[rows, labels])

    dscores = exponentials / total
    dscores[rows, labels] -= 1
    dscores /= len(x)
    dsums = dscores @ params["w2"].T * (sums > 0)
    gradients = {
        "w1": x.T @ dsums,
        "b1": dsums.sum(axis=0),
        "w2": hidden.T @ dscores,
        "b2": dscores.sum(axis=0),
    }
    return float(loss), gradients
    # END SOLUTION


def train(x: np.ndarray, labels: np.ndarray, *, rng: np.random.Generator) -> dict:
    """Learn parameters from labelled rows.

    x (B, D) float64: 400 images of 8x8 pixels, a row each, under stray light: four patterns, the same for all images,
    are added with a strength of their own in every image. labels (B,) int in 0 .. K-1, every class among them. The rows
    come class by class, as they often lie in files. Returns params: arrays, numbers, and lists, tuples
    and dicts of them, at most 12,000 numbers; only your own predict reads them. A way that works:

        params = start(D, K, rng); a velocity of zeros for each
        EPOCHS times: a new random order of the rows (rng.permutation), cut into batches of BATCH rows
            for each batch: the gradients, and for each parameter one step of momentum:
                velocity = MU * velocity - LR * gradient,  parameter = parameter + velocity

    All of it may be done otherwise: other sizes, another optimizer, another start. Graded are the accuracy on 800
    images that only predict gets to see, and the CPU time of both; each runs in a process of its own, so predict knows
    the params and nothing else. The light, and which number stands for which digit, are drawn anew each time. A list of
    losses under params["history"] is drawn as a curve in your feedback; it is not graded.

    >>> x, labels = np.eye(3), np.array([2, 0, 1])
    >>> predict(x, train(np.repeat(x, 40, axis=0), np.repeat(labels, 40), rng=np.random.default_rng(0)))
    array([2, 0, 1])
    """
    # BEGIN SOLUTION
    params = start(x.shape[1], labels.max() + 1, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    history = []
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        losses = []
        for first in range(0, len(x), BATCH):
            rows = order[first : first + BATCH]
            loss, gradients = loss_and_gradients(x[rows], labels[rows], params)
            losses.append(loss)
            for name, gradient in gradients.items():
                velocity[name] = MU * velocity[name] - LR * gradient
                params[name] = params[name] + velocity[name]
        history.append(np.mean(losses))
    return {**params, "history": history}
    # END SOLUTION


def predict(x: np.ndarray, params: dict) -> np.ndarray:
    """Say which class each row belongs to.

    x (B, D), any number of rows, one too; params as your train returned them. Returns labels (B,) int: the class with
    the largest score. A row's label depends on that row and on params alone, never on the other rows.

    By hand: the scores are max(x, 0) @ w2 = (2, 3) and (1, 0).

    >>> params = {"w1": np.eye(2), "b1": np.zeros(2), "w2": np.array([[2.0, 3.0], [1.0, 0.0]]), "b2": np.zeros(2)}
    >>> predict(np.array([[1.0, -1.0], [-1.0, 1.0]]), params)
    array([1, 0])
    """
    # BEGIN SOLUTION
    hidden = np.maximum(x @ params["w1"] + params["b1"], 0)
    scores = hidden @ params["w2"] + params["b2"]
    return np.argmax(scores, axis=1)
    # END SOLUTION
