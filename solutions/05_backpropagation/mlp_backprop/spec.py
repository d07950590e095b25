"""Backpropagation through the MLP: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from autograder.spec import Draw, Function, Speed, case, listed, literal, normal, plain, small, whole
from reference.backpropagation import mlp_backward
from reference.perceptron import mlp_forward
from reference.steps import mlp_backward_steps


def network(*sizes: int) -> dict[str, Draw]:
    """Weights and biases between layers of these sizes, the input first."""
    pairs = list(pairwise(sizes))
    return {"weights": listed(*(normal(*pair) for pair in pairs)), "biases": listed(*(normal(m) for _, m in pairs))}


def tower(batch: int, *sizes: int) -> dict[str, Any]:
    """A batch and a network whose sums stay about as large in every layer."""
    weights = listed(*(normal(d, m, scale=d**-0.5) for d, m in pairwise(sizes)))
    return {"x": normal(batch, sizes[0]), **network(*sizes), "weights": weights}


# The forward is not asked for: it tells the shape of dout, and what is differentiated.
FORWARD = Function(mlp_forward, {"out": 0})

EXERCISE = plain(
    Function(
        mlp_backward, {"dx": 2, "dweights": 3.5, "dbiases": 2.5}, purity=1, speed=1, kind="gradient", forward=FORWARD,
        steps=mlp_backward_steps,
    ),
    cases=[
        case(
            "two inputs, two hidden neurons, one output",
            public=True, x=literal([[1, 2], [0, -1]]),
            weights=listed(literal([[0, 4], [0, -2]]), literal([[3], [1]])),
            biases=listed(literal([0, 1]), literal([-2])),
        ),
        case("one hidden layer", public=True, x=normal(3, 4), **network(4, 5, 2)),
        case("no hidden layer", public=True, x=normal(4, 3), **network(3, 2)),
        case("three hidden layers", x=normal(5, 3), **network(3, 6, 4, 7, 2)),
        case("all layers of one size, as many examples", x=normal(4, 4), **network(4, 4, 4, 4)),
        case("batch of one, one output", x=normal(1, 6), **network(6, 3, 1)),
        case("one neuron in the middle", x=normal(6, 3), **network(3, 1, 4)),
        case(
            "sums far above zero, where sigmoid is nearly flat",
            x=normal(7, 5), weights=listed(normal(5, 3), normal(3, 4)), biases=listed(normal(3), normal(4, shift=12.0)),
        ),
    ],
    # Many examples, small layers: a loop over the examples then costs more than the products it makes.
    speed=Speed(
        (
            case("128 examples", **tower(128, 32, 24, 16)),
            case("384 examples", **tower(384, 32, 24, 16)),
            case("1024 examples", **tower(1024, 32, 24, 16)),
        ),
        bars=(10.0, 120.0),
    ),
    requires=("chain_rule", "mlp"),
    axes={"x": "B D", "dout": "B M"},
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
]
