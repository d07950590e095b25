"""Min-max normalization: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, normal, plain, small
from reference.normalization import min_max_normalize

EXERCISE = plain(
    Function(min_max_normalize, {"out": 8}, purity=0.5, stability=1, speed=0.5),
    cases=[
        case("two features by hand", public=True, x=literal([[2, -1], [4, 3], [10, 1]])),
        case("a small table", public=True, x=normal(4, 3)),
        case("features of very different size", x=literal([[1e-7, 1e4 + 0.5], [3e-7, 1e4], [2e-7, 7e4]])),
        case("more features than examples", x=normal(3, 8, shift=5.0)),
        case("as many features as examples", x=normal(5, 5, scale=2.0)),
        case("negative numbers only", x=normal(7, 2, scale=1e5, shift=-1e12)),
        case("large numbers", x=normal(9, 4, scale=1e7)),
        case("one feature", x=normal(6, 1)),
    ],
    stable=[
        case("a constant column", public=True, x=literal([[1, 2.5, 0.5], [2, 2.5, -1], [4, 2.5, 0], [5, 2.5, 3]])),
        case("one example", x=literal([[3, -4, 0]])),
        case("a column of zeros", x=literal([[0, 1], [0, 3]])),
    ],
    speed=Speed((case("256x64", x=normal(256, 64)), case("4096x64", x=normal(4096, 64))), bars=(10.0, 40.0)),
    axes={"x": "B D", "out": "B D"},
)  # fmt: skip

SMALL = [
    small(x="B D", sizes={"B": (2, 3, 4)}, worked={"B": 3, "D": 1}),
    small(x=literal([[1, 2], [3, 2]])),  # the second column is constant
]
