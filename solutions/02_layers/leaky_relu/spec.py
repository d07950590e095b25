"""Leaky ReLU: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.spec import Function, Judge, Speed, away, case, layer, literal, normal, small
from reference.activations import leaky_relu_backward, leaky_relu_forward


def slopes(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """At x = 0 any slope in [slope, 1] is right; elsewhere it is 1 or slope."""
    x, dout, low = inputs["x"], inputs["dout"], inputs["slope"]
    one, other = np.where(x > 0, dout, low * dout), np.where(x >= 0, dout, low * dout)
    return {
        "low": np.minimum(one, other), "high": np.maximum(one, other), "elsewhere": "dx is wrong where x is not 0",
        "free": f"dx at x = 0 is no subgradient: the slope there must lie in [{low:g}, 1]",
    }  # fmt: skip


any_subgradient = Judge("between", slopes)

EXERCISE = layer(
    Function(leaky_relu_forward, {"out": 3.5}, purity=0.5, speed=0.5),
    Function(leaky_relu_backward, {"dx": 4.5}, purity=0.5, speed=0.5),
    requires=("relu",),
    cases=[
        case("both signs", public=True, x=literal([[-2, 3, -0.5], [0.25, -4, 1]]), slope=0.2),
        case("the default slope", public=True, x=away(2, 3)),
        case(
            "exact zeros",
            accept={"dx": any_subgradient}, x=literal([[0, -1, 2, 0], [3, 0, 0, -0.5], [-2, 1, 0, 4]]), slope=0.1,
        ),
        case("batch of one, small numbers", x=away(1, 5, margin=1e-8, scale=1e-7), slope=0.3),
        case("images", x=away(2, 4, 3, 5), slope=0.02),
        case("large numbers", x=away(7, 6, scale=1e7), slope=0.4),
        case("slope 0, which is ReLU", x=away(3, 4), slope=0.0),
        case("a vector of negative numbers only", public=True, x=literal([-3, -0.25, -0.1, -40]), slope=0.5),
    ],
    # np.where is vectorized, yet costs ten to twenty times the reference's arithmetic; a loop costs hundreds of times.
    speed=Speed((case("128x128", x=normal(128, 128)), case("768x512", x=normal(768, 512))), bars=(40.0, 200.0)),
)  # fmt: skip

SMALL = [small(x="B D", slope=(0.5, 0.25, 0.0)), small(x="D", slope=(0.5, 0.25))]
