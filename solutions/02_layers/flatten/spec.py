"""Flatten: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Function, case, fortran, layer, literal, normal, small, whole
from reference.dense import flatten_backward, flatten_forward

EXERCISE = layer(
    Function(flatten_forward, {"out": 4.5}, purity=0.5),
    Function(flatten_backward, {"dx": 4.5}, purity=0.5),
    cases=[
        case("two examples by hand", public=True, x=literal(np.arange(1, 13).reshape(2, 3, 2))),
        case("images", public=True, x=normal(2, 3, 5, 4)),
        case("batch of one", public=True, x=normal(1, 4, 3, 2)),
        case("rows already", x=normal(4, 7)),
        case("sequences", x=normal(5, 4, 3)),
        case("as many examples as numbers in each", x=normal(6, 1, 3, 2)),
        case("images in Fortran order", x=fortran(normal(3, 2, 4, 5))),
        case("one large number per example", x=normal(3, 1, 1, 1, scale=1e7)),
    ],
    axes={"x": "B D...", "out": "B D"},
)  # fmt: skip

SMALL = [
    small(x="B H W"),
    small(x="B D"),
    small(x="B H W C", sizes={"B": (1, 2), "H": (1, 2), "W": (1, 2)}),
    small(x=lambda B, H, W: fortran(whole(B, H, W))),
]
