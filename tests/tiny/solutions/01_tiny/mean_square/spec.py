"""Mean square: a loss, whose backward takes no dout."""

from __future__ import annotations

from tiny_oracle import mean_square, mean_square_backward

from autograder.spec import Function, case, loss, normal, small

EXERCISE = loss(
    Function(mean_square, {"loss": 2}),
    Function(mean_square_backward, {"dx": 3}, purity=0.5),
    cases=[
        case("a table", public=True, x=normal(2, 3), y=normal(2, 3)),
        case("a vector", x=normal(4), y=normal(4)),
        case("far apart", x=normal(3, 2, shift=5.0), y=normal(3, 2)),
    ],
    requires=("scale",),
)

SMALL = small(x="B D", y="B D")
