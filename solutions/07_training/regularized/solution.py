"""Dropout and batch normalization against over-fitting.

200 images, and the labels of 60 of them are wrong. A network of 100 hidden units learns even those by heart: on its own
rows it is nearly perfect, on fresh ones far from it. That gap is over-fitting. Dropout and batch normalization do not
let it: it gets worse on its own rows, wrong labels and all, and better on those that count.
"""

import numpy as np

HIDDEN = 100
DROP = 0.8
BATCH = 20
EPOCHS = 40
LR = 0.05
MU = 0.9
MOMENTUM = 0.9
EPS = 1e-5


def start(inputs: int, classes: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Given: parameters to start from, with small random weights and zero biases.

    w1 (inputs, HIDDEN), b1 (HIDDEN,), w2 (HIDDEN, classes), b2 (classes,), and for batch normalization gamma and beta
    (HIDDEN,), which change nothing yet.
    """
    return {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs),
        "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN),
        "b2": np.zeros(classes),
        "gamma": np.ones(HIDDEN),
        "beta": np.zeros(HIDDEN),
    }


def gradients_of(
    x: np.ndarray, labels: np.ndarray, params: dict[str, np.ndarray], mask: np.ndarray | None
) -> tuple[dict[str, np.ndarray], np.ndarray | float, np.ndarray | float]:
    """Compute the gradients of a batch by name, and the mean and the variance of its sums x @ w1 + b1 (plain: 0 and 1).

    The network is dense, batch normalization, ReLU, dropout, dense, softmax cross-entropy; with mask None it is dense,
    ReLU, dense, and gamma and beta have no gradient. mask (B, HIDDEN) is the dropout mask: 0 or 1/(1 - DROP). This
    function is yours alone: nobody else calls it. Build it from what you wrote in unit 6.
    """
    # BEGIN SOLUTION
    regularize = mask is not None
    sums = x @ params["w1"] + params["b1"]
    mean, var, normal = 0.0, 1.0, sums
    if regularize:
        mean, var = sums.mean(axis=0), sums.var(axis=0)
        xhat = (sums - mean) / np.sqrt(var + EPS)
        normal = params["gamma"] * xhat + params["beta"]
    kept = np.maximum(normal, 0) * (mask if regularize else 1)
    scores = kept @ params["w2"] + params["b2"]

    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = p / p.sum(axis=1, keepdims=True)
    dscores[np.arange(len(x)), labels] -= 1
    dscores /= len(x)
    dsums = dscores @ params["w2"].T * (mask if regularize else 1) * (normal > 0)
    gradients = {"w2": kept.T @ dscores, "b2": dscores.sum(axis=0)}
    if regularize:
        gradients["gamma"] = np.sum(dsums * xhat, axis=0)
        gradients["beta"] = dsums.sum(axis=0)
        centered = dsums - gradients["beta"] / len(x) - xhat * gradients["gamma"] / len(x)
        dsums = params["gamma"] / np.sqrt(var + EPS) * centered
    gradients["w1"] = x.T @ dsums
    gradients["b1"] = dsums.sum(axis=0)
    return gradients, mean, var
    # END SOLUTION


def train(x: np.ndarray, labels: np.ndarray, *, rng: np.random.Generator, regularize: bool) -> dict:
    """Learn parameters from labelled rows, with or without dropout and batch normalization.

    x (B, D) float64 in [0, 1]: 200 images of 8x8 pixels, a row each, the pixels in a drawn order. labels (B,) int in 0
    .. K-1, 60 of them wrong, and nobody knows which. regularize=False is the plain network of train_mlp, wide and
    trained for long, until it has learned the rows by heart. regularize=True is the same with batch normalization
    before the ReLU and dropout behind it. Both are trained on the same rows. Returns params: arrays, numbers, and
    lists, tuples and dicts of them, at most 12,000 numbers; only your own predict reads them. A way that works:

        EPOCHS times: a new random order of the rows (rng.permutation), cut into batches of BATCH rows
            for each batch: the gradients, with a new dropout mask, and one step of momentum for each parameter
            mean = MOMENTUM * mean + (1 - MOMENTUM) * the batch's mean, the variance likewise: predict needs them

    Graded are two things about 800 fresh images, whose labels are all right: the accuracy with regularize=True, and how
    much smaller it makes the gap, which is the accuracy on the rows of training less that on the fresh ones.

    >>> x, labels = np.repeat(np.eye(3), 40, axis=0), np.repeat([2, 0, 1], 40)
    >>> for regularize in (False, True):
    ...     predict(np.eye(3), train(x, labels, rng=np.random.default_rng(0), regularize=regularize))
    array([2, 0, 1])
    array([2, 0, 1])
    """
    # BEGIN SOLUTION
    params = start(x.shape[1], labels.max() + 1, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    running_mean, running_var = np.zeros(HIDDEN), np.ones(HIDDEN)
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for first in range(0, len(x), BATCH):
            rows = order[first : first + BATCH]
            mask = (rng.random((len(rows), HIDDEN)) >= DROP) / (1 - DROP) if regularize else None
            gradients, mean, var = gradients_of(x[rows], labels[rows], params, mask)
            running_mean = MOMENTUM * running_mean + (1 - MOMENTUM) * mean
            running_var = MOMENTUM * running_var + (1 - MOMENTUM) * var
            for name, gradient in gradients.items():
                velocity[name] = MU * velocity[name] - LR * gradient
                params[name] = params[name] + velocity[name]
    if regularize:
        return {**params, "mean": running_mean, "var": running_var}
    return {name: params[name] for name in ("w1", "b1", "w2", "b2")}
    # END SOLUTION


def predict(x: np.ndarray, params: dict) -> np.ndarray:
    """Say which class each row belongs to.

    x (B, D), any number of rows, one too; params as your train returned them, with or without regularization. Returns
    labels (B,) int: the class with the largest score. Nothing is random any more: there is no dropout, and batch
    normalization uses the running mean and variance of training, so that a row's label does not depend on the other
    rows.

    By hand: the sums 3 and 1 less running means of 3 and 2 are 0 and -1, so nothing passes, and the bias decides.

    >>> params = {"w1": np.eye(2), "b1": np.zeros(2), "w2": np.eye(2), "b2": np.array([0.0, 0.5])}
    >>> predict(np.array([[3.0, 1.0]]), params)
    array([0])
    >>> normal = {"gamma": np.ones(2), "beta": np.zeros(2), "mean": np.array([3.0, 2.0]), "var": np.ones(2)}
    >>> predict(np.array([[3.0, 1.0]]), {**params, **normal})
    array([1])
    """
    # BEGIN SOLUTION
    sums = x @ params["w1"] + params["b1"]
    if "gamma" in params:
        sums = params["gamma"] * (sums - params["mean"]) / np.sqrt(params["var"] + EPS) + params["beta"]
    scores = np.maximum(sums, 0) @ params["w2"] + params["b2"]
    return np.argmax(scores, axis=1)
    # END SOLUTION
