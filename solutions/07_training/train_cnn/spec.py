"""train_cnn: what is trained on, which accuracy is expected in which time, for how many points."""

from __future__ import annotations

from numpy.random import Generator

from autograder.spec import Function, Rows, Training, learner
from reference.cnn_training import predict, train
from reference.digits import drawn, lit, slanting_light


def images(rng: Generator) -> Rows:
    """400 images to train on and 800 fresh ones, (B, 8, 8, 1), in slanting light."""
    x, labels, fresh, truth = drawn(rng, 400, 800)
    x, fresh = (lit(rows, slanting_light(), 2.5, rng).reshape(-1, 8, 8, 1) for rows in (x, fresh))
    return Rows(x, labels, fresh, truth)


EXERCISE = learner(
    Function(train, {"accuracy": 6}, speed=2),
    Function(predict, {"labels": 2}),
    training=Training(rows=images, bars=((0.78, 1.0), (0.72, 0.5))),
    requires=("conv2d", "max_pool2d", "dense", "relu", "softmax_cross_entropy", "momentum", "minibatches"),
)
