"""Average pooling: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Function, Speed, Sums, case, derived, layer, literal, normal, small
from reference.pooling import avg_pool2d_backward, avg_pool2d_forward

LAWS = (
    Sums(
        "dx", "H W",
        broken="What dx holds in all is not what dout brought: gradient was lost, or counted more than once.",
        kept="All that dout brought has arrived in dx, but not at the right pixels.",
    ),
)  # fmt: skip

TIMED = (
    case("64x64", x=normal(1, 64, 64, 8), window=3, stride=2),
    case("128x128", x=normal(1, 128, 128, 8), window=3, stride=2),
    case("192x192", x=normal(1, 192, 192, 8), window=3, stride=2),
)

EXERCISE = layer(
    Function(avg_pool2d_forward, {"out": 3.5}, purity=0.5, speed=1, timing=Speed(TIMED, bars=(10.0, 50.0))),
    Function(avg_pool2d_backward, {"dx": 3.5}, purity=0.5, speed=1, invariants=LAWS),
    requires=("output_size",),
    cases=[
        case(
            "lecture 1.3.2, its 3x3 image averaged with size 2 and stride 1",
            public=True, x=literal(np.arange(1, 10).reshape(1, 3, 3, 1)), window=2, stride=1,
        ),
        case(
            "lecture 1.3.2, its 4x4 image averaged with size 2 and stride 2",
            public=True, x=literal(np.arange(1, 17).reshape(1, 4, 4, 1)), window=2, stride=2,
        ),
        case("windows side by side", public=True, x=normal(2, 6, 4, 3), window=2, stride=2),
        case("overlap, a row left over", x=normal(2, 10, 5, 3), window=3, stride=2),
        case("overlap by all but one row", x=normal(3, 5, 7, 2), window=2, stride=1),
        case("almost one more window each way", x=normal(2, 9, 12, 2), window=4, stride=3),
        case("gaps of three, a little left over each way", x=normal(1, 8, 13, 2), window=2, stride=5),
        case(
            "one wide image, gaps between windows, a column left over",
            x=normal(1, 5, 9, 4, scale=1e-5), window=2, stride=3,
        ),
        case("a tall image, large numbers", x=normal(2, 8, 7, 3, scale=1e7), window=3, stride=2),
        case(
            "an image after ReLU",
            x=derived(lambda rng: np.maximum(rng.standard_normal((2, 5, 6, 2)), 0), "half zeros"), window=2, stride=1,
        ),
        case("a window as large as the image", x=normal(2, 4, 4, 3), window=4, stride=1),
    ],
    # Few channels, so that a loop over windows shows; running sums are vectorized and cost five times the reference.
    speed=Speed(TIMED[:2], bars=(8.0, 75.0)),
    axes={"x": "B H W C", "out": "B H' W' C"},
)  # fmt: skip

SMALL = small(
    x="B H W C", window=(2, 3, 1), stride=(1, 2, 3), where=lambda H, W, window: window <= min(H, W),
    sizes={"B": (1, 2), "C": (1, 2), "H": (2, 3, 4), "W": (2, 3, 4)}, worked={"B": 1, "C": 1, "W": 3},
)  # fmt: skip
