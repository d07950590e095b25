"""Backpropagation through a CNN: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.spec import Draw, Function, case, derived, integers, literal, normal, plain, small, whole
from reference.backpropagation import cnn_loss
from reference.steps import cnn_loss_steps


def named(**draws: Draw) -> Draw:
    """A dict with one array per draw."""

    def make(rng: Generator) -> dict[str, Any]:
        return {name: draw(rng) for name, draw in draws.items()}

    return derived(make, f"named({', '.join(draws)})")


def network(
    image: tuple[int, int, int], kernel: tuple[int, int], filters: int, classes: int, shift: float, scale: float
) -> dict[str, Draw]:
    """Parameters for images (H, W, C) of this scale, of a size that keeps the scores near `shift`."""
    height, width = ((side + 3 - k) // 2 for side, k in zip(image, kernel, strict=False))
    features, shape = height * width * filters, (*kernel, image[2])
    return {
        "conv_w": normal(*shape, filters, scale=np.prod(shape) ** -0.5),
        "conv_b": normal(filters, scale=0.5 * scale),
        "dense_w": normal(features, classes, scale=2 * features**-0.5 / scale),
        "dense_b": normal(classes, shift=shift, scale=20.0 if shift else 1.0),
    }


def problem(
    batch: int, image: tuple[int, int, int], kernel: tuple[int, int], filters: int, classes: int, *,
    shift: float = 0.0, scale: float = 1.0,
) -> dict[str, Draw]:  # fmt: skip
    """The three arguments, drawn at random."""
    params = named(**network(image, kernel, filters, classes, shift, scale))
    return {"x": normal(batch, *image, scale=scale), "labels": integers(batch, below=classes), "params": params}


def padding_only(inputs: dict[str, Draw]) -> dict[str, Draw]:
    """The same inputs with negative conv_b, so that ReLU stops what a window of zeros gives: such windows are ties."""

    def make(rng: Generator) -> dict[str, Any]:
        params = inputs["params"](rng)
        return params | {"conv_b": -0.1 - 0.2 * np.abs(params["conv_b"])}

    return inputs | {"params": derived(make, inputs["params"].text)}


BY_HAND = named(
    conv_w=literal(np.eye(9)[4].reshape(3, 3, 1, 1)), conv_b=literal([0]),
    dense_w=literal([[1, -1]]), dense_b=literal([-4, 4 + np.log(3)]),
)  # fmt: skip

EXERCISE = plain(
    Function(cnn_loss, {"loss": 3, "grads": 6}, purity=1, steps=cnn_loss_steps),
    cases=[
        case(
            "one image by hand",
            public=True, x=literal([[[[1], [-2]], [[3], [4]]]]), labels=literal([0], np.int64), params=BY_HAND,
        ),
        case("small images, two filters", public=True, **problem(2, (4, 4, 1), (3, 3), 2, 3)),
        case("every dimension a different number", **problem(7, (5, 10, 3), (3, 2), 4, 6)),
        case("batch of one, large numbers", **problem(1, (6, 4, 3), (3, 3), 2, 5, scale=100.0)),
        # Only max_pool2d is graded on ties: here the maxima that are tied are those that ReLU made 0.
        case("a flat kernel, the outer rows see padding only", **padding_only(problem(4, (4, 6, 2), (1, 4), 3, 4))),
        case(
            "a large kernel, a row and a column left over, small numbers",
            **problem(3, (9, 6, 2), (5, 4), 3, 2, scale=1e-9),
        ),
        case("tall images, scores near 500", **problem(5, (6, 4, 2), (3, 3), 3, 4, shift=500.0)),
    ],
    requires=("chain_rule", "conv2d", "relu", "max_pool2d", "flatten", "dense", "softmax_cross_entropy"),
    axes={"x": "B H W C", "labels": "B"},
)  # fmt: skip

SMALL = small(
    x="B H W C", labels=lambda B: integers(B, below=2),
    params=lambda H, W, C, N: named(
        conv_w=whole(3, 3, C, N, by=8), conv_b=whole(N, by=4),
        dense_w=whole(H // 2 * (W // 2) * N, 2, by=8), dense_b=whole(2, by=4),
    ),
    sizes={"B": (1, 2), "H": (2, 3, 4), "W": (2, 3, 4), "C": (1, 2), "N": (1, 2)},
    worked={"B": 1, "C": 1, "N": 1},
)
