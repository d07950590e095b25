"""Ramp: a kinked function, whose truth at the kink is a set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from tiny_oracle import ramp_backward, ramp_forward

from autograder.spec import Function, away, case, layer, literal, small


def any_slope(inputs: Mapping[str, Any], dx: Any) -> str | None:
    """At x = 0 any slope in [-1, 1] is right."""
    x, dout = inputs["x"], inputs["dout"]
    if not np.allclose(dx[x != 0], (dout * np.sign(x))[x != 0]):
        return "dx is wrong where x is not 0"
    if np.any(np.abs(dx) > np.abs(dout) * (1 + 1e-9)):
        return "dx at x = 0 is steeper than 1"
    return None


EXERCISE = layer(
    Function(ramp_forward, {"out": 1}),
    Function(ramp_backward, {"dx": 2}, purity=0.5),
    cases=[
        case("both signs", public=True, x=away(2, 3)),
        case("at the kink", public=True, accept={"dx": any_slope}, x=literal([-1.0, 0.0, 2.0])),
        case("a vector", x=away(7)),
    ],
)

SMALL = [small(x="B D"), small(x=literal([0.0]), accept={"dx": any_slope})]
