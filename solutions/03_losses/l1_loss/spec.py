"""L1 loss: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.spec import (
    Case,
    Draw,
    Function,
    Judge,
    Speed,
    away,
    case,
    derived,
    literal,
    loss,
    normal,
    scaled,
    small,
    whole,
)
from reference.regression import l1_loss, l1_loss_backward


def near_whole(*shape: int) -> Draw:
    """Numbers within 0.2 of an integer."""
    return derived(lambda rng: rng.integers(-3, 4, shape) + rng.uniform(-0.2, 0.2, shape), f"near whole{shape}")


def near_half(*shape: int) -> Draw:
    """Numbers within 0.2 of an integer and a half, so at least 0.1 away from any that is near_whole."""
    return derived(lambda rng: rng.integers(-3, 3, shape) + rng.uniform(0.3, 0.7, shape), f"near half{shape}")


def slopes(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where prediction and target are equal any slope in [-1, 1] is right, elsewhere the sign is; over B."""
    d = inputs["prediction"] - inputs["target"]
    return {
        "low": np.where(d > 0, 1, -1) / len(d), "high": np.where(d < 0, -1, 1) / len(d),
        "elsewhere": "dprediction is wrong where prediction and target differ",
        "free": "dprediction is no subgradient where prediction and target are equal: it must lie in [-1, 1] / B",
    }  # fmt: skip


any_subgradient = Judge("between", slopes)


def odd_quarters(*shape: int) -> Draw:
    """Whole numbers and a quarter, so that none of them equals a whole number."""
    return derived(lambda rng: whole(*shape)(rng) + 0.25, "odd quarters")




def timed(*sizes: int) -> tuple[Case, ...]:
    """Return one case for each number of rows."""
    return tuple(case(f"{n}x512", prediction=normal(n, 512), target=normal(n, 512)) for n in sizes)


EXERCISE = loss(
    Function(l1_loss, {"loss": 4}, purity=0.5, speed=0.5, timing=Speed(timed(32, 512), bars=(12.0, 78.0))),
    Function(l1_loss_backward, {"dprediction": 4}, purity=0.5, speed=0.5),
    cases=[
        case(
            "two examples by hand",
            public=True, prediction=literal([[1, 2, -1], [0.5, 4, 3]]), target=literal([[2, -1, 0], [0, 4.5, -3]]),
        ),
        case("a small batch", public=True, prediction=near_whole(3, 4), target=near_half(3, 4)),
        case("one number per example", public=True, prediction=near_whole(7), target=near_half(7)),
        case("images", prediction=near_whole(2, 4, 3, 5), target=near_half(2, 4, 3, 5)),
        case("batch of one, very near", prediction=away(1, 6, margin=1e-8, scale=1e-7), target=literal([[0] * 6])),
        case("as many features as examples", prediction=near_whole(5, 5), target=near_half(5, 5)),
        case("large numbers", prediction=scaled(near_whole(8, 3), 1e7), target=scaled(near_half(8, 3), 1e7)),
        case(
            "some predictions are exact",
            accept={"dprediction": any_subgradient},
            prediction=literal([[1, 2, -1], [0, 4, 3]]), target=literal([[1, -1, 0], [0, 4, 7]]),
        ),
    ],
    speed=Speed(timed(32, 256), bars=(12.0, 110.0)),
    axes={"prediction": "B D...", "target": "B D..."},
)  # fmt: skip

SMALL = [
    small(prediction=lambda B, D: odd_quarters(B, D), target="B D"),
    small(prediction=lambda B: odd_quarters(B), target="B"),
    small(prediction=literal([1]), target=literal([1]), accept={"dprediction": any_subgradient}),
]
