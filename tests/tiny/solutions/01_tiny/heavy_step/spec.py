"""Heavy ball: an optimizer with a state."""

from __future__ import annotations

from tiny_oracle import heavy_step

from autograder.spec import Function, case, literal, normal, optimizer, small

EXERCISE = optimizer(
    Function(heavy_step, {"w": 3, "v": 2}, purity=0.5),
    cases=[
        case(
            "four steps from rest",
            public=True, steps=4, w=normal(3), dw=normal(3), v=literal([0.0] * 3), lr=0.1, mu=0.7,
        ),
        case("one step from a given velocity", w=normal(2, 3), dw=normal(2, 3), v=normal(2, 3), lr=0.2, mu=0.6),
        case("default mu", w=normal(4), dw=normal(4), v=normal(4), lr=0.3),
    ],
    requires=("mean_square",),
)  # fmt: skip

SMALL = small(w="N", dw="N", v="N", lr=(0.5, 2.0), mu=(0.5, 0.0))
