"""Dropout and a penalty, with planted bugs: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, among, case, literal, normal, plain, small
from reference.repairs import dropout_regression_backward, dropout_regression_loss

EXERCISE = plain(
    Function(
        dropout_regression_backward, {"dx": 5, "dw": 4.5}, purity=0.5, kind="gradient",
        forward=Function(dropout_regression_loss, {"loss": 0}),
    ),
    cases=[
        case(
            "one example by hand",
            public=True, x=literal([[3, 5]]), target=literal([[2]]), w=literal([[1], [4]]), mask=literal([[2, 0]]),
            strength=0.5,
        ),
        case(
            "no penalty",
            public=True, x=normal(3, 4), target=normal(3, 2), w=normal(4, 2), mask=among(3, 4, values=(0.0, 2.0)),
            strength=0.0,
        ),
        case(
            "no dropout",
            public=True, x=normal(4, 3), target=normal(4, 2), w=normal(3, 2), mask=among(4, 3, values=(1.0,)),
            strength=0.3,
        ),
        case(
            "few are dropped",
            x=normal(5, 6), target=normal(5, 3), w=normal(6, 3), mask=among(5, 6, values=(0.0, 1.25, 1.25, 1.25)),
            strength=0.7,
        ),
        case(
            "batch of one, small numbers",
            x=normal(1, 7, scale=1e-4), target=normal(1, 2, scale=1e-5), w=normal(7, 2, scale=1e-5),
            mask=among(1, 7, values=(0.0, 4.0)), strength=0.1,
        ),
        case(
            "everything of one size",
            x=normal(4, 4), target=normal(4, 4), w=normal(4, 4), mask=among(4, 4, values=(0.0, 2.5)), strength=1.5,
        ),
        case(
            "large numbers",
            x=normal(6, 5, scale=1e6), target=normal(6, 3, scale=1e12), w=normal(5, 3, scale=1e6),
            mask=among(6, 5, values=(0.0, 2.0)), strength=0.2,
        ),
    ],
    requires=("dropout", "l2_penalty"),
    axes={"x": "B D", "mask": "B D", "w": "D M", "target": "B M"},
)  # fmt: skip

SMALL = small(
    x="B D", target="B M", w="D M", mask=lambda B, D: among(B, D, values=(0.0, 2.0)), strength=(0.5, 0.0),
    sizes={"B": (1, 2), "D": (1, 2, 3), "M": (1, 2)},
)  # fmt: skip
