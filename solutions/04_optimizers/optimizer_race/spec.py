"""Optimizer race: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from typing import Any

from numpy.random import Generator

from autograder.spec import Case, Code, Draw, Function, derived, literal, normal, plain, small
from reference.descent import race


def slopes(*values: float) -> Code:
    """The gradient of a ravine along the axes: steep where the value is large."""
    return Code("gradient", f"import numpy as np\n\n\ndef gradient(w):\n    return np.array({list(values)}) * w\n")


def slanted_ravine(size: int) -> Draw:
    """The gradient of a ravine that runs askew: steep along one random direction, gentle along all others."""

    def draw(rng: Generator) -> Code:
        steep = rng.standard_normal(size)
        steep /= (steep**2).sum() ** 0.5
        return Code(
            "gradient",
            "import numpy as np\n\nSTEEP = np.array(" + str(steep.tolist()) + ")\n\n\n"
            "def gradient(w):\n    return 0.8 * w + 12 * STEEP * (STEEP @ w) - 0.3\n",
        )

    return derived(draw, f"slanted ravine in {size} dimensions")


def walk(name: str, *, steps: int, public: bool = False, **draws: Any) -> Case:
    """A case whose `steps` is the function's argument; `case` would take it for the number of calls."""
    return Case(name, {**draws, "steps": steps}, public=public)


EXERCISE = plain(
    Function(race, {"trajectories": 9}, purity=1),
    cases=[
        walk(
            "the ravine of the example, two steps",
            public=True, gradient=slopes(1.0, 19.0), w=literal([-8.0, 2.0]), steps=2, lr=0.1, adagrad_lr=1.8, mu=0.5,
        ),
        walk(
            "lecture 1.3.4, comparison of optimizers: the whole way through the ravine",
            public=True, gradient=slopes(1.0, 19.0), w=literal([-8.0, 2.0]), steps=30, lr=0.1, adagrad_lr=1.8, mu=0.5,
        ),
        walk("default mu and eps", gradient=slopes(2.0, 7.0, 0.1), w=normal(3), steps=9, lr=0.12, adagrad_lr=0.4),
        walk(
            "a slanted ravine",
            gradient=slanted_ravine(2), w=normal(2, scale=300.0), steps=12, lr=0.07, adagrad_lr=0.9, mu=0.8,
        ),
        walk(
            "four dimensions, gentle slopes, another eps",
            gradient=slopes(1e-4, 0.5, 0.03, 2e-3), w=normal(4, scale=1e-7), steps=6, lr=0.4,
            adagrad_lr=0.05, mu=0.7, eps=1e-6,
        ),
        walk(
            "a direction without slope",
            gradient=slopes(3.0, 0.0, 0.2), w=normal(3), steps=5, lr=0.2, adagrad_lr=0.3, mu=0.6,
        ),
        walk("no momentum", gradient=slanted_ravine(3), w=normal(3), steps=4, lr=0.1, adagrad_lr=0.5, mu=0.0),
        walk("no step at all", gradient=slopes(1.0, 2.0), w=normal(2), steps=0, lr=0.1, adagrad_lr=0.5),
    ],
    requires=("adagrad", "gradient_descent", "momentum", "sgd"),
)  # fmt: skip

SMALL = [
    small(
        gradient=(slopes(1.0, 4.0), slopes(1.0, 0.0)), w="2", steps=(1, 2, 3, 0), lr=(0.5, 0.25),
        adagrad_lr=(1.0, 2.0), mu=(0.5, 0.0), worked={"steps": 2, "lr": 0.25},
    ),
    small(gradient=slopes(1.0, 4.0), w="2", steps=1, lr=0.5, adagrad_lr=1.0, eps=1.0),
]
