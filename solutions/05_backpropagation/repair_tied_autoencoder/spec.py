"""Tied autoencoder, with planted bugs: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, literal, normal, plain, small, whole
from reference.repairs import tied_autoencoder_backward, tied_autoencoder_forward

EXERCISE = plain(
    Function(
        tied_autoencoder_backward, {"dx": 4.5, "dw": 5}, purity=0.5, kind="gradient",
        forward=Function(tied_autoencoder_forward, {"out": 0}),
    ),
    cases=[
        case("one number by hand", public=True, x=literal([[1.0]]), w=literal([[0.6931471805599453]])),
        case("two examples", public=True, x=normal(2, 3), w=normal(3, 2)),
        case("a hidden layer of one", public=True, x=normal(4, 3), w=normal(3, 1)),
        case("wider inside than outside", x=normal(3, 2), w=normal(2, 5, scale=0.7)),
        case("batch of one", x=normal(1, 4), w=normal(4, 3, scale=0.7)),
        case("everything of one size", x=normal(4, 4), w=normal(4, 4, scale=0.5)),
        case("saturated", x=normal(5, 3, scale=2.0), w=normal(3, 2)),
        case(
            "more inputs than hidden units, small inputs and large weights",
            x=normal(6, 5, scale=1e-7), w=normal(5, 2, scale=1e7),
        ),
    ],
    requires=("chain_rule", "tanh"),
    axes={"x": "B D", "w": "D M", "out": "B D"},
)  # fmt: skip

SMALL = small(x="B D", w=lambda D, M: whole(D, M, by=4), sizes={"B": (1, 2), "D": (1, 2), "M": (1, 2)})
