"""Translation: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Draw, Function, case, derived, literal, normal, plain, small, spaced, uniform
from reference.translation import equivariance_error, pool_invariance, translate

COUNTING = np.arange(1, 17).reshape(4, 4)
LECTURE_IMAGE = [[1, 2, 1, 0], [0, 2, 1, 2], [1, 2, 1, 2], [1, 2, 1, 1]]
LECTURE_KERNEL = [[1, -1, 1], [0, 1, 0], [1, 1, -1]]


def object_in_the_middle(rows: int, columns: int, margin: int) -> Draw:
    """Gaussian pixels with `margin` zeros on each side."""
    return derived(lambda rng: np.pad(rng.standard_normal((rows, columns)), margin), "object in the middle")


def few_values(*shape: int) -> Draw:
    """The numbers -1, -0.5, 0 and 0.5: many pixels are equal, so many outputs stay by chance."""
    return derived(lambda rng: rng.integers(-2, 2, shape) / 2, "integers in halves")


EXERCISE = plain(
    Function(
        translate,
        {"out": 3},
        purity=0.5,
        cases=(
            case(
                "lecture 1.3.2, translation invariant: the first row, one pixel to the left",
                public=True, x=literal([[1, 2, 3, 4, 5]]), dy=0, dx=-1,
            ),
            case("down and to the right", public=True, x=literal(COUNTING), dy=1, dx=2),
            case("no move at all", public=True, x=normal(2, 3), dy=0, dx=0),
            case("up and to the left", x=normal(13, 12), dy=-6, dx=-7),
            case("down only", x=normal(4, 6), dy=3, dx=0),
            case("up and to the right", x=normal(6, 4), dy=-1, dx=2),
            case("large numbers, down and to the left", x=normal(5, 8, scale=1e7), dy=1, dx=-5),
            case("out of the frame to the right", x=normal(3, 4), dy=0, dx=4),
            case("out of the frame, far up", x=normal(3, 5), dy=-7, dx=1),
        ),
    ),
    Function(
        equivariance_error,
        {"error": 2.5},
        purity=0.5,
        cases=(
            case(
                "lecture 1.3.2, the image and kernel of the convolution, one pixel to the right",
                public=True, x=literal(LECTURE_IMAGE), w=literal(LECTURE_KERNEL), dy=0, dx=1,
            ),
            case(
                "an object in the middle", public=True,
                x=object_in_the_middle(2, 3, 4), w=literal(LECTURE_KERNEL), dy=1, dx=-2,
            ),
            case("an image to the border", public=True, x=normal(6, 7), w=normal(2, 3), dy=1, dx=0),
            case("up and to the left", x=normal(8, 6), w=normal(3, 2), dy=-2, dx=-1),
            case("wide image, wide kernel", x=normal(5, 12, scale=1e-5), w=normal(2, 5), dy=1, dx=-3),
            case("kernel of one pixel", x=normal(4, 5), w=normal(1, 1), dy=2, dx=1),
            case("large numbers", x=normal(7, 9, scale=1e7), w=normal(4, 2), dy=-1, dx=2),
            case("negative weights", x=uniform(5, 6), w=uniform(2, 3, low=-1, high=-0.1), dy=1, dx=0),
            case("positive weights", x=uniform(6, 5), w=uniform(3, 2, low=0.1), dy=0, dx=1),
            case("no move at all", x=normal(5, 6), w=normal(2, 2), dy=0, dx=0),
            case("a longer move than the output is wide", x=normal(6, 5), w=normal(2, 4), dy=0, dx=3),
        ),
    ),
    Function(
        pool_invariance,
        {"share": 3},
        purity=0.5,
        cases=(
            case(
                "lecture 1.3.2, translation invariant: the whole image, one pixel to the left",
                public=True, x=literal(COUNTING), dy=0, dx=-1, window=2, stride=2,
            ),
            case(
                "bright pixels that stay in their windows",
                public=True, x=literal([[9, 0, 8, 0], [0, 0, 0, 0], [0, 0, 7, 0], [6, 0, 0, 0]]),
                dy=0, dx=1, window=2, stride=2,
            ),
            case("few values, a small move", public=True, x=few_values(6, 10), dy=1, dx=0, window=2, stride=2),
            case("overlapping windows", x=few_values(11, 9), dy=0, dx=1, window=3, stride=2),
            case(
                "distinct values, a row and a column left over",
                x=spaced(15, 12, gap=1e-7), dy=-1, dx=0, window=4, stride=3,
            ),
            case(
                "nearly equal values far below zero, to the right",
                x=derived(lambda rng: spaced(9, 14, gap=1e3)(rng) - 1e12, "nearly -1e12"), dy=0, dx=2, window=5,
                stride=2,
            ),
            case("windows one pixel apart", x=few_values(7, 8), dy=-1, dx=2, window=2, stride=1),
            case("gaps between windows", x=few_values(13, 16), dy=2, dx=-1, window=2, stride=3),
            case("more columns than rows", x=few_values(8, 13), dy=1, dx=1, window=2, stride=2),
            case("no move at all", x=normal(4, 6), dy=0, dx=0, window=2, stride=2),
        ),
    ),
    requires=("cross_correlate2d", "max_pool2d"),
    axes={"x": "H W", "w": "KH KW", "out": "H W"},
)  # fmt: skip

SMALL = {
    "translate": small(x="H W", dy=(0, 1, -1, 2, -2), dx=(0, 1, -1, 2, -2), worked={"dy": 1, "dx": -1}),
    "equivariance_error": small(
        x="H W", w="KH KW", dy=(0, 1, -1), dx=(0, 1, -1), where=lambda H, W, KH, KW: KH <= H and KW <= W,
        sizes={"H": (1, 2, 3), "W": (1, 2, 3), "KH": (1, 2), "KW": (1, 2)},
        worked={"dx": 1, "H": 2, "W": 3, "KH": 1, "KW": 2},
    ),
    "pool_invariance": small(
        x="H W", dy=(0, 1, -1), dx=(0, 1, -1), window=(2, 1, 3), stride=(1, 2, 3),
        where=lambda H, W, window: window <= min(H, W), sizes={"H": (2, 3, 4), "W": (2, 3, 4)},
        worked={"H": 2, "W": 4, "dx": -1, "stride": 2},
    ),
}
