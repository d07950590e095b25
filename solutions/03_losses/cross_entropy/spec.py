"""Cross-entropy: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from autograder.spec import Draw, Function, Speed, case, derived, literal, loss, shares, small
from reference.losses import cross_entropy, cross_entropy_backward


def certain(batch: int, classes: int) -> Draw:
    """Random one-hot rows."""
    return derived(lambda rng: np.eye(classes)[rng.integers(0, classes, batch)], f"certain{(batch, classes)}")


def powers(batch: int, classes: int) -> Draw:
    """Rows of shares of every size down to 1e-6."""

    def draw(rng: Generator) -> np.ndarray:
        rows = 10.0 ** rng.uniform(-6, 0, (batch, classes))
        return rows / rows.sum(axis=1, keepdims=True)

    return derived(draw, f"powers{(batch, classes)}")


def tenths(B: int, K: int) -> Draw:
    """Rows of whole tenths, each of them positive, with sum 1."""

    def draw(rng: Generator) -> np.ndarray:
        return (1 + rng.multinomial(10 - K, np.full(K, 1 / K), B)) / 10

    return derived(draw, f"tenths{(B, K)}")


FIRST, SECOND, CAT = [[0.01, 0.85, 0.05, 0.09]], [[0.9, 0.01, 0.07, 0.02]], [[1, 0, 0, 0]]
NATURAL = (
    case("lecture 1.3.3, example 1: natural logarithm", public=True, q=literal(FIRST), p=literal(CAT)),
    case("lecture 1.3.3, example 2: natural logarithm", public=True, q=literal(SECOND), p=literal(CAT)),
    case("a small batch of labels", public=True, q=shares(3, 4), p=certain(3, 4)),
    case("targets that are not certain", q=shares(5, 3), p=shares(5, 3)),
    case("more classes than rows", q=shares(3, 11), p=shares(3, 11)),
    case("as many classes as rows", q=shares(12, 12), p=powers(12, 12)),
    case(
        "batch of one, nearly certain",
        q=literal([[0.99999, 4e-6, 6e-6]]), p=literal([[0.9999999, 1e-7, 0]]),
    ),
    case("small shares", q=powers(8, 5), p=certain(8, 5)),
)
OTHER_BASES = (
    case("lecture 1.3.3, example 1: base 10", public=True, q=literal(FIRST), p=literal(CAT), base=10.0),
    case("lecture 1.3.3, example 2: base 10", public=True, q=literal(SECOND), p=literal(CAT), base=10.0),
    case("base 2", q=shares(4, 6), p=shares(4, 6), base=2.0),
)
TIMED = (
    case("1024 rows", q=shares(1024, 16), p=shares(1024, 16)),
    case("4096 rows", q=shares(4096, 16), p=shares(4096, 16)),
    case("16384 rows", q=shares(16384, 16), p=shares(16384, 16)),
)

EXERCISE = loss(
    Function(
        cross_entropy, {"loss": 3}, purity=0.5, stability=1, speed=0.5, cases=NATURAL + OTHER_BASES,
        timing=Speed(TIMED, bars=(12.0, 36.0)),
    ),
    Function(cross_entropy_backward, {"dq": 3}, purity=0.5, stability=1, speed=0.5, cases=NATURAL),
    cases=[],
    stable=[
        case(
            "an impossible class that did not occur",
            public=True, q=literal([[0.25, 0.75, 0], [0, 1, 0]]), p=literal([[1, 0, 0], [0, 1, 0]]),
        ),
        case(
            "impossible classes and an uncertain target",
            q=literal([[0, 0.5, 0.125, 0.375], [0.5, 0, 0, 0.5]]), p=literal([[0, 0.5, 0.5, 0], [0.75, 0, 0, 0.25]]),
        ),
        case("a true class of probability 1e-30", q=literal([[1e-30, 1], [0.5, 0.5]]), p=literal([[1, 0], [0, 1]])),
    ],
    requires=("one_hot", "softmax"),
    speed=Speed(TIMED, bars=(20.0, 60.0)),
    axes={"q": "B K", "p": "B K"},
)  # fmt: skip

SMALL = {
    "cross_entropy": [
        small(q=tenths, p=tenths, base=(math.e, 10.0, 2.0)),
        small(q=literal([[0.5, 0.5, 0.0]]), p=literal([[1, 0, 0]])),
        small(q=literal([[1e-30, 1]]), p=literal([[1, 0]])),
    ],
    "cross_entropy_backward": [
        small(q=tenths, p=tenths),
        small(q=literal([[0.5, 0.5, 0.0]]), p=literal([[1, 0, 0]])),
    ],
}
