"""Adaline's gradient, with planted bugs: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, derived, literal, normal, plain, small, whole
from reference.repairs import adaline_backward, adaline_loss

NUMBER = derived(lambda rng: float(rng.normal()), "number")
LARGE = derived(lambda rng: 1e7 * float(rng.normal()), "a large number")

EXERCISE = plain(
    Function(
        adaline_backward, {"dw": 5.5, "db": 4}, purity=0.5, kind="gradient",
        forward=Function(adaline_loss, {"loss": 0}),
    ),
    cases=[
        case(
            "two examples by hand",
            public=True, x=literal([[1, 2], [3, 4]]), y=literal([1, 2]), w=literal([1, -1]), b=1.0,
        ),
        case("a small batch", public=True, x=normal(3, 2), y=normal(3), w=normal(2), b=NUMBER),
        case(
            "no bias yet, one example without error",
            public=True, x=literal([[1, 2], [2, 1], [3, -1]]), y=literal([5, 0, 2]), w=literal([1, 2]), b=0.0,
        ),
        case("batch of one", x=normal(1, 5), y=normal(1), w=normal(5), b=NUMBER),
        case("as many examples as inputs", x=normal(4, 4), y=normal(4), w=normal(4), b=NUMBER),
        case("small numbers", x=normal(3, 2, scale=1e-5), y=normal(3, scale=1e-5), w=normal(2), b=1e-5),
        case("one input", x=normal(6, 1), y=normal(6), w=normal(1), b=NUMBER),
        case("large weights", x=normal(7, 5), y=normal(7), w=normal(5, scale=1e7), b=LARGE),
    ],
    requires=("neuron",),
    axes={"x": "B D", "y": "B", "w": "D"},
)  # fmt: skip

SMALL = small(x="B D", y="B", w=lambda D: whole(D, by=4), b=(0.5, -1.0))
