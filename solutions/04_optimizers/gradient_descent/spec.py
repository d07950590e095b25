"""Gradient descent: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from typing import Any

from numpy.random import Generator

from autograder.spec import Case, Code, Draw, Function, derived, literal, normal, plain, small
from reference.descent import gradient_descent

BOWL = Code("gradient", "def gradient(w):\n    return 2 * w\n")
TWO_VALLEYS = Code("gradient", "def gradient(w):\n    return 4 * w * (w * w - 1) + 1\n")


def tilted_bowl(size: int) -> Draw:
    """The gradient a @ w - c of a random convex quadratic; the eigenvalues of a lie between 0.5 and 3.5."""

    def draw(rng: Generator) -> Code:
        lengths = rng.uniform(0.5, 3, size)
        columns = rng.standard_normal((size, size))
        columns /= (columns**2).sum() ** 0.5
        matrix = columns @ (lengths[:, None] * columns.T)
        matrix.flat[:: size + 1] += 0.5
        c = rng.standard_normal(size)
        return Code(
            "gradient",
            "import numpy as np\n\n\ndef gradient(w):\n"
            f"    return np.array({matrix.tolist()}) @ w - np.array({c.tolist()})\n",
        )

    return derived(draw, f"tilted bowl in {size} dimensions")


def walk(name: str, *, steps: int, public: bool = False, **draws: Any) -> Case:
    """A case whose `steps` is the function's argument; `case` would take it for the number of calls."""
    return Case(name, {**draws, "steps": steps}, public=public)


EXERCISE = plain(
    Function(gradient_descent, {"trajectory": 9}, purity=1),
    cases=[
        walk("a bowl, by hand", public=True, gradient=BOWL, w=literal([1.0, -2.0]), lr=0.25, steps=2),
        walk(
            "two valleys, the right one is no global optimum",
            public=True, gradient=TWO_VALLEYS, w=literal([1.5]), lr=0.05, steps=30,
        ),
        walk("two valleys, from the left", public=True, gradient=TWO_VALLEYS, w=literal([-0.2]), lr=0.05, steps=12),
        walk("no step at all", gradient=BOWL, w=normal(3), lr=0.1, steps=0),
        walk("a start at the minimum, nearly", gradient=BOWL, w=literal([0.0, 1e-7]), lr=0.2, steps=5),
        walk("a tilted bowl", gradient=tilted_bowl(2), w=normal(2, scale=2.0), lr=0.2, steps=15),
        walk("four dimensions, one step", gradient=tilted_bowl(4), w=normal(4), lr=0.3, steps=1),
        walk("five dimensions, as many points as dimensions", gradient=tilted_bowl(5), w=normal(5), lr=0.15, steps=4),
        walk("a learning rate so large that it climbs", gradient=BOWL, w=normal(3), lr=1.2, steps=6),
    ],
    requires=("sgd",),
)  # fmt: skip

SMALL = [
    small(gradient=(BOWL, TWO_VALLEYS), w="D", lr=(0.25, 0.5), steps=(1, 2, 3, 0), worked={"steps": 2}),
    small(gradient=tilted_bowl(2), w="2", lr=0.25, steps=(1, 2)),
]
