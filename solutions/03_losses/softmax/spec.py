"""Softmax: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Function, Speed, Sums, Terms, Tolerance, case, layer, literal, normal, small, whole
from reference.losses import softmax_backward, softmax_forward


def dscores_terms(dout: np.ndarray, scores: np.ndarray) -> dict[str, np.ndarray]:
    """The two terms of the formula, multiplied out."""
    p = softmax_forward(scores)
    return {"p * dout": p * dout, "the sum over the row": -p * np.sum(p * dout, axis=1, keepdims=True)}


EXERCISE = layer(
    Function(
        softmax_forward, {"p": 2.5}, purity=0.5, stability=1, speed=0.5,
        invariants=(Sums("p", "K", broken="The rows of p must sum to 1, and yours do not: look at the division."),),
    ),
    Function(
        softmax_backward, {"dscores": 3.5}, purity=0.5, stability=1, speed=0.5,
        invariants=(
            Terms("dscores", dscores_terms),
            Sums(
                "dscores", "K",
                broken="The rows of dscores must sum to 0, and yours do not: raising all scores of a row changes "
                "nothing.",
            ),
        ),
    ),
    cases=[
        case("probabilities 1/8, 2/8, 5/8", public=True, scores=literal(np.log([[1, 2, 5]]))),
        case("a small batch", public=True, scores=normal(3, 4, scale=2.0)),
        case("one class", scores=normal(4, 1)),
        case("more rows than classes", scores=normal(7, 5, scale=2.0)),
        case("more classes than rows", scores=normal(3, 11, scale=2.0)),
        case("as many classes as rows", scores=normal(6, 6, scale=2.0)),
        case("batch of one", scores=normal(1, 9, scale=2.0)),
        case("scores near 500", scores=normal(8, 3, scale=2.0, shift=500.0)),
    ],
    tolerance=Tolerance(rtol=1e-10),  # so that 1e-8 in a denominator shows
    stable=[
        case(
            "scores of 1000 and -1000",
            public=True, scores=literal([[1000, -1000, 0], [-1000, -1000, -1000], [1000, 1000, 999]]),
        ),
        case("all scores shifted by 10000", scores=normal(4, 5, scale=2.0, shift=1e4)),
        case("all scores shifted by -10000", scores=normal(4, 5, scale=2.0, shift=-1e4)),
        case(
            "rows of very different size",
            scores=literal([[2000, 1999, 2001], [-2000, -2001, -2002], [1, 2, 0]]),
        ),
    ],
    speed=Speed(
        (
            case("768 rows", scores=normal(768, 16)),
            case("1536 rows", scores=normal(1536, 16)),
            case("4096 rows", scores=normal(4096, 16)),
        ),
        bars=(13.0, 120.0),
    ),
    axes={"scores": "B K", "p": "B K", "dout": "B K"},
)  # fmt: skip

FAR_APART = small(scores=literal([[1000, 0], [-1000, -1000]]))
SMALL = [small(scores=lambda B, K: whole(B, K, by=2)), small(scores=literal([[1000, 999]])), FAR_APART]
