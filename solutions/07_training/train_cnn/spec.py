"""train_cnn: what is trained on, which accuracy is expected in which time, for how many points."""

from __future__ import annotations

from numpy.random import Generator

from autograder.spec import Function, Rows, Training, learner
from reference.cnn_training import predict, train
from reference.digits import drawn


def images(rng: Generator) -> Rows:
    """400 images to train on and 800 fresh ones, (B, 8, 8, 1)."""
    x, labels, fresh, truth = drawn(rng, 400, 800)
    return Rows(x.reshape(-1, 8, 8, 1), labels, fresh.reshape(-1, 8, 8, 1), truth)


EXERCISE = learner(
    Function(train, {"accuracy": 6}, speed=2),
    Function(predict, {"labels": 2}),
    training=Training(rows=images, bars=((0.85, 1.0), (0.7, 0.5))),
    requires=("conv2d", "max_pool2d", "dense", "relu", "softmax_cross_entropy", "momentum", "minibatches"),
)
