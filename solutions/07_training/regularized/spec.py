"""regularized: what is trained on, and how much less the network has to over-fit, for how many points."""

from __future__ import annotations

from numpy.random import Generator

from autograder.spec import Function, Rows, Shrink, Training, learner
from reference.digits import drawn, mislabelled
from reference.regularized_training import predict, train


def noisy(rng: Generator) -> Rows:
    """200 rows to train on, 60 of them with a wrong label, and 800 fresh ones with the right ones; the pixels of all in
    an order that is drawn."""
    x, labels, fresh, truth = drawn(rng, 200, 800, blend=0.2)
    order = rng.permutation(x.shape[1])
    return Rows(x[:, order], mislabelled(labels, 60, rng), fresh[:, order], truth)


EXERCISE = learner(
    Function(train, {"accuracy": 3, "gap": 5}),
    Function(predict, {"labels": 2}),
    training=Training(
        rows=noisy,
        bars=((0.62, 1.0), (0.5, 0.5)),
        shrink=Shrink("regularize", by=0.08, fits=0.8),
    ),
    requires=("dense", "relu", "softmax_cross_entropy", "momentum", "dropout", "batchnorm"),
)
