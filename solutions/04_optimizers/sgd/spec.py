"""SGD: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, normal, optimizer, small
from reference.optimizers import sgd_step

EXERCISE = optimizer(
    Function(sgd_step, {"w": 9}, purity=0.5, speed=0.5),
    cases=[
        case("by hand", public=True, w=literal([1.0, -2.0, 3.0]), dw=literal([0.5, 4.0, 0.0]), lr=0.1),
        case("five steps", public=True, steps=5, w=normal(3), dw=normal(3), lr=0.03),
        case("a matrix", w=normal(4, 3), dw=normal(4, 3), lr=0.2),
        case("kernels", steps=2, w=normal(3, 2, 4), dw=normal(3, 2, 4), lr=0.5),
        case("one number, a large step", w=normal(1), dw=normal(1), lr=3.0),
        case("tiny gradients", steps=3, w=normal(2, 5), dw=normal(2, 5, scale=1e-4), lr=0.7),
    ],
    speed=Speed(
        (
            case("128x128", w=normal(128, 128), dw=normal(128, 128), lr=0.1),
            case("768x512", w=normal(768, 512), dw=normal(768, 512), lr=0.1),
        ),
        bars=(30.0, 90.0),
    ),
)  # fmt: skip

SMALL = [small(w="N M", dw="N M", lr=(0.5, 0.25, 2.0)), small(w="N", dw="N", lr=(0.5, 0.25))]
