"""ReLU: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.spec import Function, Judge, Speed, away, case, layer, literal, normal, small
from reference.activations import relu_backward, relu_forward


def slopes(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """At x = 0 any slope in [0, 1] is right; elsewhere the slope is 1 or 0."""
    x, dout = inputs["x"], inputs["dout"]
    one, other = dout * (x > 0), dout * (x >= 0)
    return {
        "low": np.minimum(one, other), "high": np.maximum(one, other), "elsewhere": "dx is wrong where x is not 0",
        "free": "dx at x = 0 is no subgradient: the slope there must lie in [0, 1]",
    }  # fmt: skip


any_subgradient = Judge("between", slopes)

EXERCISE = layer(
    Function(relu_forward, {"out": 3.5}, purity=0.5, speed=0.5),
    Function(relu_backward, {"dx": 4.5}, purity=0.5, speed=0.5),
    cases=[
        case("both signs", public=True, x=away(2, 3)),
        case(
            "exact zeros",
            accept={"dx": any_subgradient}, x=literal([[0, -1, 2, 0], [3, 0, 0, -0.5], [-2, 1, 0, 4]]),
        ),
        case("batch of one, small numbers", x=away(1, 5, margin=1e-8, scale=1e-7)),
        case("images", x=away(2, 4, 3, 5)),
        case("large numbers", x=away(7, 6, scale=1e7)),
        case("a vector of negative numbers only", public=True, x=literal([-3, -0.25, -0.1, -40])),
    ],
    # np.where and x[x < 0] = 0 are vectorized, yet cost ten times np.maximum; a loop costs three hundred times.
    speed=Speed((case("128x128", x=normal(128, 128)), case("512x512", x=normal(512, 512))), bars=(20.0, 60.0)),
)  # fmt: skip

SMALL = [small(x="B D"), small(x="D")]
