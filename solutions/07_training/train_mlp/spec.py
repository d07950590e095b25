"""train_mlp: what is trained on, which accuracy is expected in which time, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Rows, Training, learner
from reference.digits import drawn
from reference.mlp_training import predict, train

EXERCISE = learner(
    Function(train, {"accuracy": 6}, speed=2),
    Function(predict, {"labels": 2}),
    training=Training(
        rows=lambda rng: Rows(*drawn(rng, 400, 800)),
        bars=((0.88, 1.0), (0.75, 0.5)),
    ),
    requires=("dense", "relu", "softmax_cross_entropy", "momentum", "minibatches"),
)
