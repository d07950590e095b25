"""Convolution as a matrix: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, literal, normal, plain, small
from reference.convolution1d import conv_matrix

EXERCISE = plain(
    Function(conv_matrix, {"matrix": 9.5}, purity=0.5),
    requires=("conv1d",),
    cases=[
        case(
            "lecture 1.3.2, the picture of sparse connections: five neurons in, five out, three weights for all",
            public=True, w=literal([1, -1, 2]), length=5, pad=1,
        ),
        case("no padding", public=True, w=normal(4), length=9),
        case("stride 2 that divides", public=True, w=normal(3), length=9, stride=2),
        case("stride 3 that leaves entries over, padding 2", w=normal(4), length=10, stride=3, pad=2),
        case("stride 2 that leaves an entry over", w=normal(2), length=9, stride=2),
        case("almost one more window", w=normal(4), length=9, stride=3),
        case("gaps of three, a little left over", w=normal(2), length=8, stride=5),
        case("more padding than kernel", w=normal(2), length=3, pad=4),
        case("a kernel as long as the sequence", w=normal(6), length=6),
        case("a kernel longer than the sequence", w=normal(5), length=3, pad=2),
        case("one weight, gaps between windows", w=normal(1), length=10, stride=2),
    ],
    axes={"w": "k", "matrix": "L L'"},
)  # fmt: skip

SMALL = small(
    w="k", length=(1, 2, 3, 4, 5), stride=(1, 2, 3), pad=(0, 1, 2), sizes={"k": (1, 2, 3)},
    where=lambda k, length, pad: k <= length + 2 * pad, worked={"length": 3},
)
