"""Cross-correlation: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, normal, plain, small
from reference.convolution import cross_correlate2d

IMAGE = [[1, 2, 1, 0], [0, 2, 1, 2], [1, 2, 1, 2], [1, 2, 1, 1]]
KERNEL = [[1, -1, 1], [0, 1, 0], [1, 1, -1]]

EXERCISE = plain(
    Function(cross_correlate2d, {"out": 8.5}, purity=0.5, speed=1),
    requires=("output_size",),
    cases=[
        case(
            "lecture 1.3.2, the 4x4 image with zero padding 1 and stride 1",
            public=True, x=literal(IMAGE), k=literal(KERNEL), stride=1, pad=1,
        ),
        case("the lecture's image without padding", public=True, x=literal(IMAGE), k=literal(KERNEL)),
        case(
            "an oblong image, stride 3 that leaves a column over",
            public=True, x=normal(5, 6), k=normal(2, 2), stride=3,
        ),
        case("every dimension a different number", x=normal(7, 8), k=normal(6, 5), pad=1),
        case(
            "padding 2, stride 2 that leaves a row and a column over, a flat kernel",
            x=normal(8, 4, scale=1e-5), k=normal(1, 3), stride=2, pad=2,
        ),
        case(
            "a tall image, large numbers",
            x=normal(9, 4, scale=1e7), k=normal(3, 2), stride=2, pad=1,
        ),
        case("almost one more window each way", x=normal(9, 12), k=normal(4, 4), stride=3),
        case("gaps of three, a little left over each way", x=normal(8, 13), k=normal(2, 2), stride=5),
        case("a kernel as large as the image", x=normal(3, 4), k=normal(3, 4)),
        case("one pixel of a kernel, gaps between windows", x=normal(4, 7), k=normal(1, 1), stride=3),
    ],
    speed=Speed(
        (
            case("64x64", x=normal(64, 64), k=normal(5, 5), pad=2),
            case("128x128", x=normal(128, 128), k=normal(5, 5), pad=2),
            case("176x176", x=normal(176, 176), k=normal(5, 5), pad=2),
        ),
        bars=(10.0, 60.0),
    ),
    axes={"x": "H W", "k": "KH KW", "out": "H' W'"},
)  # fmt: skip

SMALL = small(
    x="H W", k="KH KW", stride=(1, 2), pad=(0, 1), sizes={"H": (1, 2, 3, 4), "W": (1, 2, 3, 4)},
    where=lambda H, W, KH, KW, pad: H + 2 * pad >= KH and W + 2 * pad >= KW, worked={"W": 3},
)  # fmt: skip
