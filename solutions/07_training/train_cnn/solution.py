"""Train a convolutional network on handwritten digits.

One convolution with eight small filters, ReLU, max-pooling, one dense layer: half the parameters of the perceptron, and
as good, because it knows beforehand that pixels have neighbours and that a stroke is a stroke wherever it lies.
"""

import numpy as np

FILTERS = 8
BATCH = 40
EPOCHS = 8
LR = 0.1
MU = 0.9


def start(height: int, width: int, channels: int, classes: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Given: parameters to start from, with small random weights and zero biases.

    conv_w (3, 3, channels, FILTERS), conv_b (FILTERS,), dense_w (D, classes), dense_b (classes,), with D the numbers
    that are left after pooling: height/2 * width/2 * FILTERS.
    """
    left = height // 2 * (width // 2) * FILTERS
    return {
        "conv_w": rng.standard_normal((3, 3, channels, FILTERS)) * np.sqrt(2 / (9 * channels)),
        "conv_b": np.zeros(FILTERS),
        "dense_w": rng.standard_normal((left, classes)) * np.sqrt(2 / left),
        "dense_b": np.zeros(classes),
    }


def windows(x: np.ndarray) -> np.ndarray:
    """Given: every 3x3 window of the zero-padded images as a row of numbers, (B, H, W, 9*C), in the order of conv_w."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    every = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return every.transpose(0, 1, 2, 4, 5, 3).reshape(*x.shape[:3], -1)


def forward(x: np.ndarray, params: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Compute the scores (B, K) and, before them in the tuple, whatever your backward pass will ask for.

    conv2d with stride 1 and pad 1, ReLU, max_pool2d with window and stride 2, flatten (channels fastest), dense. This
    function is yours alone: nobody else calls it.
    """
    # BEGIN SOLUTION
    columns = windows(x)
    conv = columns @ params["conv_w"].reshape(-1, FILTERS) + params["conv_b"]
    batch, height, width, _ = conv.shape
    blocks = np.maximum(conv, 0).reshape(batch, height // 2, 2, width // 2, 2, FILTERS)
    pooled = blocks.max(axis=(2, 4), keepdims=True)
    scores = pooled.reshape(batch, -1) @ params["dense_w"] + params["dense_b"]
    return columns, conv, blocks, pooled, scores
    # END SOLUTION


def loss_and_gradients(
    x: np.ndarray, labels: np.ndarray, params: dict[str, np.ndarray]
) -> tuple[float, dict[str, np.ndarray]]:
    """Compute the mean cross-entropy of a batch, and its gradient for every parameter under the same name.

    This function is yours alone: nobody else calls it. You wrote it in unit 5, as cnn_backprop. The gradient of x is
    not needed: nobody asks for it.
    """
    # BEGIN SOLUTION
    columns, conv, blocks, pooled, scores = forward(x, params)
    shifted = scores - scores.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = np.mean(np.log(total[:, 0]) - shifted[rows, labels])

    dscores = exponentials / total
    dscores[rows, labels] -= 1
    dscores /= len(x)
    dpooled = (dscores @ params["dense_w"].T).reshape(pooled.shape)
    dconv = (dpooled * (blocks == pooled)).reshape(conv.shape) * (conv > 0)
    flat = dconv.reshape(-1, FILTERS)
    gradients = {
        "conv_w": (columns.reshape(len(flat), -1).T @ flat).reshape(params["conv_w"].shape),
        "conv_b": flat.sum(axis=0),
        "dense_w": pooled.reshape(len(x), -1).T @ dscores,
        "dense_b": dscores.sum(axis=0),
    }
    return float(loss), gradients
    # END SOLUTION


def train(x: np.ndarray, labels: np.ndarray, *, rng: np.random.Generator) -> dict:
    """Learn parameters from labelled images.

    x (B, H, W, C) float64: 400 grey images, 8x8 pixels, C = 1, each in a slanting light of its own, which adds the same
    slope to a whole image. labels (B,) int in 0 .. K-1, every class among them. The images come class by class, as they
    often lie in files. Returns params: arrays, numbers, and lists, tuples and dicts of them, at most 12,000 numbers;
    only your own predict reads them. A way that works:

        params = start(H, W, C, K, rng); a velocity of zeros for each
        EPOCHS times: a new random order of the images (rng.permutation), cut into batches of BATCH images
            for each batch: the gradients, and for each parameter one step of momentum:
                velocity = MU * velocity - LR * gradient,  parameter = parameter + velocity

    All of it may be done otherwise. Graded are the accuracy on 800 images that only predict gets to see, and the CPU
    time of both: no loops over pixels. predict runs in a process of its own, which knows the params alone. Which number
    stands for which digit is drawn anew each time. A list of losses under params["history"] is drawn as a curve in your
    feedback; it is not graded.

    Here the images are bright on the left or on the right:

    >>> left = np.zeros((1, 4, 4, 1))
    >>> left[:, :, :2] = 1
    >>> x, labels = np.concatenate([left, 1 - left]), np.array([1, 0])
    >>> predict(x, train(np.repeat(x, 40, axis=0), np.repeat(labels, 40), rng=np.random.default_rng(0)))
    array([1, 0])
    """
    # BEGIN SOLUTION
    params = start(*x.shape[1:], labels.max() + 1, rng)
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
    """Say which class each image belongs to.

    x (B, H, W, C), any number of images, one too; params as your train returned them. Returns labels (B,) int: the
    class with the largest score. An image's label depends on it and on params alone, never on the other images.

    With filters that copy the middle pixel, each class looking at one of two pooled pixels:

    >>> conv_w = np.zeros((3, 3, 1, 8))
    >>> conv_w[1, 1] = 1
    >>> dense_w = np.repeat(np.eye(2), 8, axis=0)
    >>> params = {"conv_w": conv_w, "conv_b": np.zeros(8), "dense_w": dense_w, "dense_b": np.zeros(2)}
    >>> predict(np.array([[[0.1, 0.2, 0.5, 0.0], [0.0, 0.3, 0.0, 0.4]]]).reshape(1, 2, 4, 1), params)
    array([1])
    """
    # BEGIN SOLUTION
    *_, scores = forward(x, params)
    return np.argmax(scores, axis=1)
    # END SOLUTION
