"""train_mlp: what is trained on, which accuracy is expected in which time, for how many points."""

from __future__ import annotations

from numpy.random import Generator

from autograder.spec import Function, Rows, Training, learner
from reference.digits import drawn, lit, stray_light
from reference.mlp_training import predict, train


def images(rng: Generator) -> Rows:
    """400 images to train on and 800 fresh ones, (B, 64), under the same stray light."""
    x, labels, fresh, truth = drawn(rng, 400, 800)
    light = stray_light(rng)
    return Rows(lit(x, light, 2.5, rng), labels, lit(fresh, light, 2.5, rng), truth)


EXERCISE = learner(
    Function(train, {"accuracy": 6}, speed=2),
    Function(predict, {"labels": 2}),
    training=Training(rows=images, bars=((0.88, 1.0), (0.8, 0.5))),
    requires=("dense", "relu", "softmax_cross_entropy", "momentum", "minibatches"),
)
