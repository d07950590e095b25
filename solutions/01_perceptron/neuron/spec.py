"""Neuron: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Case, Function, Speed, case, derived, layer, literal, normal, small, whole
from reference.perceptron import neuron_backward, neuron_forward

NUMBER = derived(lambda rng: float(rng.normal()), "number")


def timed(*sizes: int) -> tuple[Case, ...]:
    """Return one case for each number of examples."""
    return tuple(case(f"{n} examples", x=normal(n, 24), w=normal(24), b=NUMBER) for n in sizes)


EXERCISE = layer(
    Function(
        neuron_forward, {"out": 3}, purity=0.5, speed=0.5, timing=Speed(timed(2048, 8192, 32768), bars=(14.0, 40.0))
    ),
    Function(neuron_backward, {"dx": 2, "dw": 2, "db": 1}, purity=0.5, speed=0.5),
    cases=[
        case(
            "three examples by hand",
            public=True, x=literal([[1, 2], [0, -1], [3, 0.5]]), w=literal([2, -1]), b=0.5,
        ),
        case("a small batch", public=True, x=normal(2, 3), w=normal(3), b=NUMBER),
        case("batch of one, far below zero", x=normal(1, 5), w=normal(5, scale=0.2), b=-12.0),
        case("more examples than inputs", x=normal(7, 4), w=normal(4), b=NUMBER),
        case("as many examples as inputs", x=normal(4, 4), w=normal(4), b=NUMBER),
        case("one input, sums near zero", x=normal(6, 1, scale=1e-5), w=normal(1), b=1e-5),
        case(
            "sums far above zero, where sigmoid is nearly flat",
            x=normal(5, 8, scale=0.2), w=normal(8), b=derived(lambda rng: float(rng.uniform(11, 12)), "11 to 12"),
        ),
    ],
    speed=Speed(timed(2048, 4096, 12288), bars=(10.0, 130.0)),
    requires=("perceptron",),
    axes={"x": "B D", "w": "D", "out": "B"},
)  # fmt: skip

SMALL = small(x="B D", w=lambda D: whole(D, by=4), b=(0.5, -1.0))
