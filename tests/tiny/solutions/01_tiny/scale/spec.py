"""Scale: a layer with one parameter."""

from __future__ import annotations

from tiny_oracle import scale_backward, scale_forward

from autograder.spec import Function, Speed, case, fortran, layer, normal, small

EXERCISE = layer(
    Function(scale_forward, {"out": 2}, purity=0.5, speed=0.5),
    Function(scale_backward, {"dx": 2, "dw": 3}, purity=0.5),
    cases=[
        case("two rows", public=True, x=normal(2, 3), w=normal(3)),
        case("batch of one", x=normal(1, 4), w=normal(4)),
        case("more rows than columns, Fortran order", x=fortran(normal(5, 2)), w=normal(2)),
    ],
    speed=Speed(
        (case("400x100", x=normal(400, 100), w=normal(100)), case("512x512", x=normal(512, 512), w=normal(512))),
        bars=(30.0, 90.0),  # far from what any right answer takes, so that no test hangs on a busy machine
    ),
)

SMALL = small(x="B D", w="D")
