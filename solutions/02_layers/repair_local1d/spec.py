"""Locally connected layer, with planted bugs: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, literal, normal, plain, small, whole
from reference.repairs import local1d_backward, local1d_forward

EXERCISE = plain(
    Function(
        local1d_backward, {"dx": 5, "dw": 4.5}, purity=0.5, kind="gradient",
        forward=Function(local1d_forward, {"out": 0}),
    ),
    cases=[
        case(
            "two windows that overlap, by hand",
            public=True, x=literal([[[1], [2], [3]]]), w=literal([[[[1]], [[10]]], [[[100]], [[1000]]]]),
        ),
        case("windows side by side", public=True, x=normal(2, 6, 1), w=normal(3, 2, 1, 1), stride=2),
        case("a stride and an overlap", public=True, x=normal(2, 7, 2), w=normal(3, 3, 2, 4), stride=2),
        case("a place that no window reaches", x=normal(3, 10, 2), w=normal(4, 3, 2, 5), stride=2),
        case("gaps between the windows", x=normal(4, 9, 3), w=normal(3, 2, 3, 2), stride=3),
        case("almost one more window", x=normal(2, 9, 2), w=normal(2, 4, 2, 3), stride=3),
        case("gaps of three, a little left over", x=normal(2, 8, 2), w=normal(2, 2, 2, 3), stride=5),
        case("one window", x=normal(2, 4, 3), w=normal(1, 4, 3, 2), stride=5),
        case("as many rows as places, channels and filters", x=normal(4, 4, 4), w=normal(3, 2, 4, 4)),
        case("kernels of width 1", x=normal(1, 5, 2), w=normal(5, 1, 2, 3)),
        case("large numbers", x=normal(3, 9, 2, scale=1e7), w=normal(3, 4, 2, 3, scale=1e7), stride=2),
    ],
    requires=("conv1d",),
    axes={"x": "B L C", "w": "P k C N", "out": "B P N"},
)  # fmt: skip


def kernels(L: int, C: int, N: int, k: int, stride: int):
    """One for each window."""
    return whole((L - k) // stride + 1, k, C, N, by=4)


SMALL = small(
    x="B L C", w=kernels, k=(2, 1, 3), stride=(1, 2), sizes={"B": (1, 2), "L": (3, 4, 5), "C": (1, 2), "N": (1, 2)},
    where=lambda L, k: k <= L, worked={"B": 1, "L": 3, "C": 1, "N": 1},
)  # fmt: skip
