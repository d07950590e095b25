"""Dropout and batch normalization against over-fitting.

200 images, and the labels of 60 of them are wrong. A network of 100 hidden units learns even those by heart: on its own
rows it is nearly perfect, on fresh ones far from it. That gap is over-fitting. Dropout and batch normalization do not
let it: it gets worse on its own rows, wrong labels and all, and better on those that count.
"""

# Check it:  handgrad check regularized

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
    raise NotImplementedError("write gradients_of")


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
    raise NotImplementedError("write train")


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
    raise NotImplementedError("write predict")
