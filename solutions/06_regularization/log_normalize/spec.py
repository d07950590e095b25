"""Log normalization: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Draw, Function, Speed, case, derived, literal, plain, small, uniform, whole
from reference.normalization import log_normalize


def powers_of_two(*shape: int) -> Draw:
    """Powers of two, from 2 on."""
    return derived(lambda rng: 2.0 ** np.abs(whole(*shape)(rng)), "powers of two")


EXERCISE = plain(
    Function(log_normalize, {"out": 9}, purity=0.5, speed=0.5),
    cases=[
        case("powers of ten and of two", public=True, x=literal([[1, 8], [10, 2], [100, 4]])),
        case("a small table", public=True, x=uniform(4, 3, low=1.5, high=9.0)),
        case("features of very different size", x=literal([[1.00001, 5e9], [1.003, 20], [9, 7e4]])),
        case("more features than examples", x=uniform(3, 8, low=1.1, high=40.0)),
        case("as many features as examples", x=uniform(5, 5, low=1.0, high=3.0)),
        case("one example", x=uniform(1, 6, low=2.0, high=30.0)),
        case("more examples than features", x=uniform(9, 4, low=1.2, high=500.0)),
        case("one feature", x=uniform(6, 1, low=1.0, high=1.001)),
    ],
    speed=Speed(
        (
            case("128x64", x=uniform(128, 64, low=1.5, high=9.0)),
            case("2048x64", x=uniform(2048, 64, low=1.5, high=9.0)),
        ),
        bars=(10.0, 60.0),
    ),
    axes={"x": "B D", "out": "B D"},
)  # fmt: skip

SMALL = small(x=lambda B, D: powers_of_two(B, D), worked={"B": 3, "D": 1})
