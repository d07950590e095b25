"""Corrected momentum, with planted bugs: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, literal, normal, optimizer, small
from reference.repairs import corrected_momentum_step

EXERCISE = optimizer(
    Function(corrected_momentum_step, {"w": 5, "m": 4.5}, purity=0.5),
    cases=[
        case(
            "the first step",
            public=True, w=literal([1.0, -2.0]), dw=literal([2.0, 4.0]), m=literal([0.0, 0.0]), lr=0.1, t=1, mu=0.5,
        ),
        case(
            "the second step",
            public=True, w=literal([0.8, -2.4]), dw=literal([2.0, -4.0]), m=literal([1.0, 2.0]), lr=0.1, t=2, mu=0.5,
        ),
        case("the third step, default mu", w=normal(4), dw=normal(4), m=normal(4), lr=0.05, t=3),
        case("a matrix, from a given state", w=normal(4, 3), dw=normal(4, 3), m=normal(4, 3), lr=0.2, t=4, mu=0.6),
        case("a late step", w=normal(2, 5), dw=normal(2, 5), m=normal(2, 5), lr=0.7, t=40, mu=0.95),
        case("no momentum", w=normal(6), dw=normal(6), m=normal(6), lr=0.3, t=2, mu=0.0),
        case(
            "kernels",
            w=normal(3, 2, 4), dw=normal(3, 2, 4), m=normal(3, 2, 4), lr=0.5, t=5, mu=0.8,
        ),
    ],
    requires=("momentum",),
)  # fmt: skip

SMALL = [
    small(w="N M", dw="N M", m="N M", lr=(0.5, 0.25), t=(1, 2, 3), mu=(0.5, 0.75)),
    small(w="N", dw="N", m="N", lr=0.5, t=(1, 2), mu=(0.5, 0.0)),
]
