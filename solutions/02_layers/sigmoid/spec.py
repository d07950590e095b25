"""Sigmoid: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Function, Speed, case, layer, literal, normal, small
from reference.activations import sigmoid_backward, sigmoid_forward

TIMED = (case("256x256", x=normal(256, 256)), case("512x512", x=normal(512, 512)))
TIMED_BACKWARD = (case("64x512", x=normal(64, 512)), case("256x512", x=normal(256, 512)))

EXERCISE = layer(
    Function(
        sigmoid_forward, {"out": 2.5}, purity=0.5, stability=1.5, speed=0.5,
        timing=Speed(TIMED, bars=(24.0, 30.0), above=1.3),
    ),
    Function(sigmoid_backward, {"dx": 3}, purity=0.5, stability=1, speed=0.5),
    cases=[
        case("0, log 3 and -log 3", public=True, x=literal([0, np.log(3), -np.log(3)])),
        case("a small batch", public=True, x=normal(2, 3)),
        case("batch of one", x=normal(1, 5, scale=2.0)),
        case("images", x=normal(2, 4, 3, 5)),
        case("larger numbers", x=normal(5, 4, scale=5.0)),
        case("where sigmoid is nearly flat", x=normal(7, 2, scale=0.5, shift=11.5)),
    ],
    stable=[
        case("1000 and -1000", public=True, x=literal([1000, -1000, 0, 1, -1])),
        case("where exp begins to overflow", public=True, x=literal([[709, 710, 745.5], [-709, -710, -745.5]])),
        case("where the square of exp begins to overflow", x=literal([[354, 356, 2], [-354, -356, -2]])),
        case("numbers of any size", x=normal(4, 6, scale=3000.0)),
    ],
    # Both forms chosen by a mask, or np.logaddexp, cost up to ten times the reference where that uses AVX-512, and
    # math.exp in a loop a hundred times; elsewhere np.exp takes as long as a third of a loop's round.
    speed=Speed(TIMED_BACKWARD, bars=(36.0, 60.0)),
)  # fmt: skip

SMALL = [small(x="B D"), small(x="D"), small(x=literal([1000, -1000]))]
