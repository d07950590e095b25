"""Softmax cross-entropy: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import (
    Draw,
    Function,
    Speed,
    Sums,
    Terms,
    Tolerance,
    case,
    integers,
    literal,
    loss,
    normal,
    small,
    whole,
)
from reference.losses import one_hot, softmax_cross_entropy, softmax_cross_entropy_backward, softmax_forward
from reference.steps import softmax_cross_entropy_backward_steps, softmax_cross_entropy_steps

LECTURE = np.log([[0.01, 0.85, 0.05, 0.09], [0.9, 0.01, 0.07, 0.02]])


def labels(values: list[int]) -> Draw:
    """Always these class indices."""
    return literal(values, np.int64)


def dscores_terms(scores: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """What is predicted and what is true, both divided by the batch size."""
    return {
        "the probabilities": softmax_forward(scores) / len(scores),
        "the truth": -one_hot(labels, scores.shape[1]) / len(scores),
    }


LAWS = (
    Terms("dscores", dscores_terms),
    Sums(
        "dscores", "K",
        broken="The rows of dscores must sum to 0, and yours do not: raising all scores of a row changes nothing.",
    ),
)  # fmt: skip

EXERCISE = loss(
    Function(
        softmax_cross_entropy, {"loss": 2.5}, purity=0.5, stability=1.5, speed=0.5, steps=softmax_cross_entropy_steps,
    ),
    Function(
        softmax_cross_entropy_backward, {"dscores": 2.5}, purity=0.5, stability=1.5, speed=0.5,
        steps=softmax_cross_entropy_backward_steps, invariants=LAWS,
    ),
    requires=("softmax", "cross_entropy"),
    cases=[
        case(
            "lecture 1.3.3, cross entropy examples 1 and 2, natural logarithm",
            public=True, scores=literal(LECTURE), labels=labels([0, 0]),
        ),
        case("probabilities 1/8, 2/8, 5/8", public=True, scores=literal(np.log([[1, 2, 5]])), labels=labels([1])),
        case("a small batch", public=True, scores=normal(3, 4, scale=2.0), labels=labels([2, 0, 3])),
        case("more rows than classes", scores=normal(7, 5, scale=2.0), labels=integers(7, below=5)),
        case("more classes than rows", scores=normal(3, 11, scale=2.0), labels=integers(3, below=11)),
        case("as many classes as rows", scores=normal(6, 6, scale=2.0), labels=integers(6, below=6)),
        case(
            "nearly equal and nearly certain",
            scores=literal([[3, 3.00005, 1], [12, 0, -1]]), labels=labels([0, 0]),
        ),
        case("scores near 500", scores=normal(8, 3, scale=2.0, shift=500.0), labels=integers(8, below=3)),
    ],
    tolerance=Tolerance(rtol=1e-10),  # so that 1e-8 in a denominator shows
    stable=[
        case(
            "scores of 1000 and -1000",
            public=True, scores=literal([[1000, -1000, 0], [-1000, -1000, 1000], [1000, 1000, 999]]),
            labels=labels([0, 2, 1]),
        ),
        case(
            "a probability too small for a float",
            public=True, scores=literal([[0, -800, 3]]), labels=labels([1]),
        ),
        case("all scores shifted by 10000", scores=normal(4, 5, scale=2.0, shift=1e4), labels=integers(4, below=5)),
        case("all scores shifted by -10000", scores=normal(4, 5, scale=2.0, shift=-1e4), labels=integers(4, below=5)),
        case(
            "rows of very different size",
            scores=literal([[2000, 1999, 2001], [-2000, -2001, -2002], [1, 2, 0]]), labels=labels([2, 1, 0]),
        ),
    ],
    speed=Speed(
        (
            case("512 rows", scores=normal(512, 24), labels=integers(512, below=24)),
            case("3072 rows", scores=normal(3072, 24), labels=integers(3072, below=24)),
        ),
        bars=(10.0, 80.0), above=1.3,
    ),
    axes={"scores": "B K", "labels": "B"},
)  # fmt: skip

SMALL = [
    small(
        scores=lambda B, K: whole(B, K, by=2), labels=lambda B, K: integers(B, below=K),
        sizes={"B": (1, 2, 3), "K": (2, 3, 4)},
    ),
    small(scores=literal([[1000, 0]]), labels=labels([1])),
    small(scores=literal([[1000, 0], [-1000, -1000]]), labels=labels([0, 1])),
]
