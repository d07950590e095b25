"""Leaky ReLU: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.draw import away, fortran, literal, normal
from autograder.exercise import Function, Speed, case, layer
from autograder.small import small
from reference.activations import leaky_relu_backward, leaky_relu_forward


def any_subgradient(inputs: Mapping[str, Any], dx: Any) -> str | None:
    """At x = 0 any slope in [slope, 1] is right; elsewhere it is 1 or slope. dx has the shape of x."""
    x, dout, low = inputs["x"], inputs["dout"], inputs["slope"]
    if not np.allclose(dx[x != 0], np.where(x > 0, dout, low * dout)[x != 0], rtol=1e-8, atol=1e-11):
        return "dx is wrong where x is not 0"
    slope = dx[x == 0] / dout[x == 0]
    if not np.all((slope >= low - 1e-8) & (slope <= 1 + 1e-8)):
        return f"dx at x = 0 is no subgradient: the slope there must lie in [{low:g}, 1]"
    return None


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
        case("batch of one", x=away(1, 5), slope=0.3),
        case("images", x=away(2, 4, 3, 5), slope=0.02),
        case("large and small numbers in Fortran order", x=fortran(away(7, 6, scale=100.0)), slope=0.4),
        case("slope 0, which is ReLU", x=away(3, 4), slope=0.0),
        case("a vector of negative numbers only", public=True, x=literal([-3, -0.25, -0.1, -40]), slope=0.5),
    ],
    # np.where is vectorized, yet costs ten to twenty times the reference's arithmetic; a loop costs hundreds of times.
    speed=Speed((case("128x128", x=normal(128, 128)), case("512x512", x=normal(512, 512))), bars=(30.0, 90.0)),
)  # fmt: skip

SMALL = [small(x="B D", slope=(0.5, 0.25, 0.0)), small(x="D", slope=(0.5, 0.25))]
