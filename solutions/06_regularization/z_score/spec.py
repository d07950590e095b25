"""Z-score: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, normal, plain, small
from reference.normalization import z_score

EXERCISE = plain(
    Function(z_score, {"out": 8}, purity=0.5, stability=1, speed=0.5),
    cases=[
        case("two features by hand", public=True, x=literal([[1, 10], [3, 30], [1, 20], [3, 60]])),
        case("a small table", public=True, x=normal(4, 3)),
        case("features of very different size", x=literal([[1e-10, 5e4], [3e-10, 1e4], [2e-10, 90001]])),
        case("more features than examples", x=normal(3, 8, shift=5.0)),
        case("as many features as examples", x=normal(5, 5, scale=2.0)),
        case("small spread", x=normal(7, 2, scale=0.01, shift=1.0)),
        case("large numbers", x=normal(9, 4, scale=1e7)),
        case("one feature", x=normal(6, 1)),
    ],
    # Numbers whose mean is exact in floating point: only their std is exactly 0 in every right answer.
    stable=[
        case("a constant column", public=True, x=literal([[1, 2.5, 0.5], [2, 2.5, -1], [4, 2.5, 0], [5, 2.5, 3]])),
        case("one example", x=literal([[3, -4e12, 0]])),
        case("a column of zeros", x=literal([[0, 1], [0, 3]])),
    ],
    speed=Speed((case("256x64", x=normal(256, 64)), case("4096x64", x=normal(4096, 64))), bars=(10.0, 60.0)),
    axes={"x": "B D", "out": "B D"},
)  # fmt: skip

SMALL = [
    small(x="B D", sizes={"B": (2, 3, 4)}, worked={"B": 4, "D": 1}),
    small(x=literal([[1, 2], [3, 2]])),  # the second column is constant
]
