"""AdaGrad: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import (
    Draw,
    Function,
    Speed,
    Terms,
    case,
    derived,
    literal,
    normal,
    optimizer,
    small,
    uniform,
    whole,
)
from reference.optimizers import adagrad_step


def empty(*shape: int) -> Draw:
    """The state before the first step."""
    return normal(*shape, scale=0.0)


def squares(*shape: int) -> Draw:
    """A state after some steps: squares of whole numbers."""
    return derived(lambda rng: whole(*shape)(rng) ** 2, "squares")


def w_terms(w: np.ndarray, dw: np.ndarray, cache: np.ndarray, *, lr: float, eps: float = 1e-8) -> dict[str, np.ndarray]:
    """Where it starts, and the step."""
    return {"the old w": w, "the step": -lr * dw / (np.sqrt(cache + dw * dw) + eps)}


def cache_terms(
    w: np.ndarray, dw: np.ndarray, cache: np.ndarray, *, lr: float, eps: float = 1e-8
) -> dict[str, np.ndarray]:
    """What was collected, and what is added."""
    return {"the old cache": cache, "the squared gradient": dw * dw}


EXERCISE = optimizer(
    Function(
        adagrad_step, {"w": 5, "cache": 4}, purity=0.5, speed=0.5,
        invariants=(Terms("w", w_terms), Terms("cache", cache_terms)),
    ),
    cases=[
        case(
            "first step, from an empty cache",
            public=True, w=literal([1.0, -2.0]), dw=literal([0.5, 4.0]), cache=literal([0.0, 0.0]), lr=0.1,
        ),
        case(
            "an entry without gradient",
            public=True, steps=2, w=literal([1.0, 2.0, 3.0]), dw=literal([2.0, 0.0, -1.0]), cache=empty(3), lr=0.3,
        ),
        case("five steps from an empty cache", public=True, steps=5, w=normal(3), dw=normal(3), cache=empty(3), lr=0.7),
        case(
            "four more steps, another eps",
            steps=4, w=normal(2, 5), dw=normal(2, 5, scale=0.01), cache=uniform(2, 5, low=1e-4, high=9e-4), lr=0.4,
            eps=1e-6,
        ),
        case(
            "one step from a given cache",
            w=normal(4, 3), dw=normal(4, 3), cache=uniform(4, 3, low=0.5, high=4.0), lr=0.2,
        ),
        case("tiny gradients", steps=4, w=normal(6), dw=normal(6, scale=1e-5), cache=empty(6), lr=0.01),
        case(
            "kernels",
            steps=2, w=normal(3, 2, 4), dw=normal(3, 2, 4), cache=uniform(3, 2, 4), lr=0.5,
        ),
    ],
    speed=Speed(
        (
            case("128x128", w=normal(128, 128), dw=normal(128, 128), cache=uniform(128, 128), lr=0.1),
            case("384x384", w=normal(384, 384), dw=normal(384, 384), cache=uniform(384, 384), lr=0.1),
        ),
        bars=(10.0, 60.0),
    ),
)  # fmt: skip

SMALL = [
    small(w="N M", dw="N M", cache=lambda N, M: squares(N, M), lr=(0.5, 2.0), eps=(1e-8, 1.0)),
    small(w="N", dw="N", cache=lambda N: empty(N), lr=0.5),
    small(w="N", dw="N", cache=lambda N: squares(N), lr=0.5),
]
