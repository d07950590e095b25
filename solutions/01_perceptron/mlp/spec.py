"""Multilayer perceptron: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from autograder.spec import Draw, Function, Speed, case, listed, literal, normal, plain, small, whole
from reference.perceptron import mlp_forward


def network(*sizes: int) -> dict[str, Draw]:
    """Weights and biases between layers of these sizes, the input first."""
    pairs = list(pairwise(sizes))
    return {"weights": listed(*(normal(*pair) for pair in pairs)), "biases": listed(*(normal(m) for _, m in pairs))}


def tower(batch: int, *sizes: int) -> dict[str, Any]:
    """A batch and a network whose sums stay about as large in every layer."""
    weights = listed(*(normal(d, m, scale=d**-0.5) for d, m in pairwise(sizes)))
    return {"x": normal(batch, sizes[0]), **network(*sizes), "weights": weights}


EXERCISE = plain(
    Function(mlp_forward, {"out": 8}, purity=1, speed=1),
    cases=[
        case(
            "two inputs, two hidden neurons, one output",
            public=True, x=literal([[1, 2], [0, -1]]),
            weights=listed(literal([[0, 4], [0, -2]]), literal([[3], [1]])),
            biases=listed(literal([0, 1]), literal([-2])),
        ),
        case("one hidden layer", public=True, x=normal(3, 4), **network(4, 5, 2)),
        case("no hidden layer", x=normal(4, 3), **network(3, 2)),
        case("three hidden layers", x=normal(5, 3), **network(3, 6, 4, 7, 2)),
        case("all layers of one size, as many examples", x=normal(4, 4), **network(4, 4, 4, 4)),
        case("batch of one, one output", x=normal(1, 6), **network(6, 3, 1)),
        case("one neuron in the middle", x=normal(6, 3), **network(3, 1, 4)),
        case(
            "more inputs than outputs",
            x=normal(7, 5), weights=listed(normal(5, 3), normal(3, 4)),
            biases=listed(normal(3), normal(4)),
        ),
    ],
    # Many examples, small layers: a loop over the examples then costs more than the products it makes.
    speed=Speed(
        (
            case("128 examples", **tower(128, 32, 24, 16)),
            case("512 examples", **tower(512, 32, 24, 16)),
            case("2048 examples", **tower(2048, 32, 24, 16)),
        ),
        bars=(8.0, 130.0), above=1.5,
    ),
    requires=("neuron",),
    axes={"x": "B D", "out": "B M"},
)  # fmt: skip

SMALL = [
    small(
        x="B D", weights=lambda D, M: listed(whole(D, M, by=4)), biases=lambda M: listed(whole(M, by=4)),
        sizes={"B": (1, 2), "D": (1, 2), "M": (1, 2)}, worked={"B": 1},
    ),
    small(
        x="B D", weights=lambda D, M, K: listed(whole(D, M, by=4), whole(M, K, by=4)),
        biases=lambda M, K: listed(whole(M, by=4), whole(K, by=4)), worked={"B": 1, "K": 1},
    ),
    small(
        x="B 1", weights=lambda M: listed(whole(1, 1, by=4), whole(1, 1, by=4), whole(1, M, by=4)),
        biases=lambda M: listed(whole(1, by=4), whole(1, by=4), whole(M, by=4)), sizes={"B": (1, 2), "M": (1, 2)},
    ),
]
