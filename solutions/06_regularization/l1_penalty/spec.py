"""L1 penalty: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.spec import Function, Judge, Speed, away, case, literal, loss, small
from reference.regularization import l1_penalty, l1_penalty_backward


def slopes(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """At w = 0 any slope in [-strength, strength] is right; elsewhere the sign decides."""
    w, strength = inputs["w"], inputs["strength"]
    return {
        "low": strength * np.where(w > 0, 1, -1), "high": strength * np.where(w < 0, -1, 1),
        "elsewhere": "dw is wrong where w is not 0",
        "free": "dw at w = 0 is no subgradient: it must lie in [-strength, strength]",
    }  # fmt: skip


any_subgradient = Judge("between", slopes)

EXERCISE = loss(
    Function(l1_penalty, {"penalty": 4}, purity=0.5, speed=0.5),
    Function(l1_penalty_backward, {"dw": 4}, purity=0.5, speed=0.5),
    cases=[
        case("four weights by hand", public=True, w=literal([[3, -4], [0.5, -1]]), strength=0.1),
        case("a small matrix", public=True, w=away(3, 4), strength=0.3),
        case("a vector", w=away(7), strength=20.0),
        case("kernels", w=away(3, 2, 5, 4), strength=1.23456e-5),
        case("a square matrix", w=away(5, 5), strength=0.7),
        case("one row", w=away(1, 6), strength=1.5),
        case("large weights", w=away(8, 3, scale=1e7), strength=0.05),
        case("no strength", w=away(4, 2), strength=0.0),
        case(
            "some weights are 0",
            accept={"dw": any_subgradient}, w=literal([[0, -1, 2, 0], [3, 0, -0.5, 0]]), strength=0.4,
        ),
    ],
    speed=Speed(
        (case("128x128", w=away(128, 128), strength=0.1), case("768x768", w=away(768, 768), strength=0.1)),
        bars=(16.0, 90.0),
    ),
)  # fmt: skip

ZERO = small(w=literal([0]), strength=0.5, accept={"dw": any_subgradient})
SMALL = [small(w="D M", strength=(0.5, 2.0, 0.0)), small(w="D", strength=(0.5, 2.0)), ZERO]
