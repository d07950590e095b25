"""The sanity check before every training: can the network learn twenty rows by heart?

A network with more parameters than there are rows can bring their loss as near to 0 as you like, if the rows differ. If
it cannot, there is no point in a long training on all the data: some gradient is wrong, or the step is. Do this first,
each time.
"""

# Check it:  handgrad check overfit_check

import numpy as np

HIDDEN = 32
LR = 0.1
MU = 0.9


def start(inputs: int, classes: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Given: parameters to start from, with small random weights and zero biases.

    w1 (inputs, HIDDEN), b1 (HIDDEN,), w2 (HIDDEN, classes), b2 (classes,).
    """
    return {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs),
        "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN),
        "b2": np.zeros(classes),
    }


def train_until(
    x: np.ndarray, labels: np.ndarray, *, tolerance: float, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train on all rows at once until their loss is below tolerance, and remember the way.

    x (B, D) float64, about twenty rows; labels (B,) int in 0 .. K-1. The network is

        scores = max(x @ w1 + b1, 0) @ w2 + b2        loss = mean softmax cross-entropy of the rows

    Returns (params, history). params is a dict of w1 (D, M), b1 (M,), w2 (M, K), b2 (K,), any M; they are tried out.
    history is the list of losses, as floats: that of the params you start from, then one after each step. The last one
    belongs to the params that you return, and is the first below tolerance: stop as soon as it is reached. Where the
    start is below it, return the start and its loss. The first and the last loss are computed again.

    A way that works: params = start(D, K, rng), and steps of momentum with LR and MU, each with the gradient of all
    rows. Expect a few hundred steps. A loop that ends after so many steps at the latest is good style, too.

    >>> x, labels = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1, 0])
    >>> params, history = train_until(x, labels, tolerance=0.01, rng=np.random.default_rng(0))
    >>> scores = np.maximum(x @ params["w1"] + params["b1"], 0) @ params["w2"] + params["b2"]
    >>> scores.argmax(axis=1)
    array([1, 0])
    >>> history[0] > 0.1, history[-2] >= 0.01, history[-1] < 0.01
    (True, True, True)
    """
    raise NotImplementedError("write train_until")
