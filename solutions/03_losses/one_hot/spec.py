"""One-hot encoding: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Draw, Function, Speed, case, integers, literal, plain, small
from reference.losses import one_hot


def labels(values: list[int]) -> Draw:
    """Always these class numbers."""
    return literal(values, np.int64)


EXERCISE = plain(
    Function(one_hot, {"out": 8.5}, purity=0.5, speed=1),
    cases=[
        case("lecture 1.3.3, a cat, a dog and a person", public=True, labels=labels([0, 1, 3]), K=4),
        case("the last class does not occur", public=True, labels=labels([1, 0, 1, 2]), K=5),
        case("one label twice", labels=labels([2, 2, 0]), K=3),
        case("batch of one", labels=labels([3]), K=6),
        case("more rows than classes", labels=integers(11, below=4), K=4),
        case("more classes than rows", labels=integers(3, below=9), K=9),
        case("as many classes as rows", labels=labels([2, 2, 4, 0, 3]), K=5),
        case("one class", labels=labels([0, 0, 0]), K=1),
    ],
    speed=Speed(
        (
            case("2000 labels", labels=integers(2000, below=8), K=8),
            case("64000 labels", labels=integers(64000, below=8), K=8),
        ),
        bars=(8.0, 60.0),
    ),
    axes={"labels": "B", "out": "B K"},
)  # fmt: skip

SMALL = small(labels=lambda B, K: integers(B, below=K), K=(2, 3, 4, 1))
