"""Convolution: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Case, Function, Speed, Sums, case, layer, literal, normal, small
from reference.convolution import conv2d_backward, conv2d_forward

IMAGE = np.reshape([1, 2, 1, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1], (1, 4, 4, 1))
KERNEL = np.reshape([1, -1, 1, 0, 1, 0, 1, 1, -1], (3, 3, 1, 1))

LAWS = (
    Sums("dx", "H W", kept="All of the gradient has arrived in dx, but not at the right pixels."),
    Sums("db", "", broken="db must be dout, added up over every image and pixel."),
)


def timed(*sizes: int) -> tuple[Case, ...]:
    """One square image of each size: a loop over the pixels of two at once is only twice as slow as np.einsum."""
    return tuple(case(f"{n}x{n}", x=normal(1, n, n, 4), w=normal(3, 3, 4, 8), b=normal(8), pad=1) for n in sizes)


EXERCISE = layer(
    Function(conv2d_forward, {"out": 2.5}, purity=0.5, speed=1, timing=Speed(timed(24, 48, 88), bars=(14.0, 200.0))),
    Function(conv2d_backward, {"dx": 2.5, "dw": 1.5, "db": 0.5}, purity=0.5, speed=1, invariants=LAWS),
    requires=("cross_correlate2d",),
    cases=[
        case(
            "lecture 1.3.2, the 4x4 image with zero padding 1 and stride 1",
            public=True, x=literal(IMAGE), w=literal(KERNEL), b=literal([0]), stride=1, pad=1,
        ),
        case("two small images", public=True, x=normal(2, 3, 4, 1), w=normal(2, 2, 1, 3), b=normal(3)),
        case(
            "every dimension a different number",
            x=normal(2, 7, 10, 3), w=normal(4, 6, 3, 5), b=normal(5, scale=1e-5), stride=1, pad=2,
        ),
        case(
            "one image, stride 3 that leaves a column over",
            public=True, x=normal(1, 5, 6, 2), w=normal(2, 2, 2, 3), b=normal(3), stride=3, pad=0,
        ),
        case(
            "a tall image, large numbers",
            x=normal(2, 9, 4, 3, scale=1e7), w=normal(3, 2, 3, 2, scale=1e7), b=normal(2, scale=1e14), stride=2, pad=1,
        ),
        case("almost one more window each way", x=normal(2, 9, 12, 1), w=normal(4, 4, 1, 2), b=normal(2), stride=3),
        case(
            "gaps of three, a little left over each way",
            x=normal(1, 8, 13, 2), w=normal(2, 2, 2, 3), b=normal(3), stride=5,
        ),
        case(
            "padding 2, stride 2 that leaves a row and a column over, a flat kernel",
            x=normal(3, 8, 4, 2), w=normal(1, 3, 2, 4), b=normal(4), stride=2, pad=2,
        ),
        case(
            "a kernel as large as the image, as many filters as channels, small numbers",
            x=normal(2, 3, 4, 2, scale=1e-5), w=normal(3, 4, 2, 2), b=normal(2, scale=1e-5),
        ),
    ],
    speed=Speed(timed(24, 48, 72), bars=(14.0, 200.0)),
    axes={"x": "B H W C", "w": "KH KW C N", "b": "N", "out": "B H' W' N"},
)  # fmt: skip

SMALL = small(
    x="B H W C", w="KH KW C N", b="N", stride=(1, 2), pad=(0, 1),
    where=lambda H, W, KH, KW, pad: H + 2 * pad >= KH and W + 2 * pad >= KW,
    sizes={"B": (1, 2), "H": (1, 2, 3), "W": (1, 2, 3), "C": (1, 2), "KH": (1, 2), "KW": (1, 2), "N": (1, 2)},
    worked={"B": 1, "W": 3, "C": 1, "N": 1},
)  # fmt: skip
