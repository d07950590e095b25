"""Momentum: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, normal, optimizer, small
from reference.optimizers import momentum_step

EXERCISE = optimizer(
    Function(momentum_step, {"w": 5, "v": 4}, purity=0.5, speed=0.5),
    cases=[
        case(
            "first step, from rest",
            public=True, w=literal([1.0, -2.0]), dw=literal([0.5, 4.0]), v=literal([0.0, 0.0]), lr=0.1,
        ),
        case(
            "five steps from rest",
            public=True, steps=5, w=normal(3), dw=normal(3), v=literal([0.0] * 3), lr=0.03, mu=0.7,
        ),
        case("one step from a given velocity", w=normal(4, 3), dw=normal(4, 3), v=normal(4, 3), lr=0.2, mu=0.6),
        case("four more steps, default mu", steps=4, w=normal(2, 5), dw=normal(2, 5), v=normal(2, 5), lr=0.01),
        case(
            "kernels",
            steps=2, w=normal(3, 2, 4), dw=normal(3, 2, 4), v=normal(3, 2, 4), lr=0.5, mu=0.95,
        ),
        case("no momentum", steps=2, w=normal(6), dw=normal(6), v=normal(6), lr=0.3, mu=0.0),
    ],
    speed=Speed(
        (
            case("128x128", w=normal(128, 128), dw=normal(128, 128), v=normal(128, 128), lr=0.1),
            case("512x512", w=normal(512, 512), dw=normal(512, 512), v=normal(512, 512), lr=0.1),
        ),
        bars=(20.0, 60.0),
    ),
)  # fmt: skip

SMALL = [
    small(w="N M", dw="N M", v="N M", lr=(0.5, 0.25), mu=(0.5, 0.75, 0.0)),
    small(w="N", dw="N", v="N", lr=0.5, mu=(0.5, 0.75)),
]
