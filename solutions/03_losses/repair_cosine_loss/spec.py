"""Cosine loss, with planted bugs: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, literal, normal, plain, small
from reference.repairs import cosine_loss, cosine_loss_backward

EXERCISE = plain(
    Function(
        cosine_loss_backward, {"dprediction": 5, "dtarget": 4.5}, purity=0.5, kind="gradient",
        forward=Function(cosine_loss, {"loss": 0}),
    ),
    cases=[
        case("two pairs by hand", public=True, prediction=literal([[3, 4], [1, 2]]), target=literal([[2, 0], [-2, 2]])),
        case("a small batch", public=True, prediction=normal(3, 2), target=normal(3, 2)),
        case(
            "all of one length",
            public=True, prediction=literal([[3, 4], [4, -3]]), target=literal([[5, 0], [-4, 3]]),
        ),
        case("short and long rows", prediction=normal(5, 4, scale=1e-3), target=normal(5, 4, scale=1e3)),
        case("nearly the same direction", prediction=normal(4, 3, shift=4.0), target=normal(4, 3, shift=4.0)),
        case(
            "batch of one, nearly orthogonal",
            prediction=literal([[1, 2, 1e-5, 3]]), target=literal([[2, -1, 4, 1e-5]]),
        ),
        case("as many features as examples", prediction=normal(5, 5), target=normal(5, 5)),
        case("long and short rows", prediction=normal(8, 3, scale=1e6), target=normal(8, 3, scale=1e-3)),
    ],
    requires=("l2_loss",),
    axes={"prediction": "B D", "target": "B D"},
)  # fmt: skip

SMALL = small(prediction="B D", target="B D")
