"""One-dimensional convolution: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Case, Function, Speed, Sums, case, layer, literal, normal, small
from reference.convolution1d import conv1d_backward, conv1d_forward

SEQUENCE = np.reshape([1, 2, 1, 0, 3], (1, 5, 1))
KERNEL = np.reshape([1, -1, 2], (3, 1, 1))

LAWS = (
    Sums("dx", "L", kept="All of the gradient has arrived in dx, but not at the right places."),
    Sums("db", "", broken="db must be dout, added up over every sequence and step."),
)


def timed(*sizes: int) -> tuple[Case, ...]:
    """Return two sequences of each length."""
    return tuple(case(f"{n} entries", x=normal(2, n, 8), w=normal(5, 8, 16), b=normal(16), pad=2) for n in sizes)


EXERCISE = layer(
    Function(conv1d_forward, {"out": 2.5}, purity=0.5, speed=1, timing=Speed(timed(512, 1024, 3072), bars=(6.0, 60.0))),
    Function(conv1d_backward, {"dx": 2.5, "dw": 1.5, "db": 0.5}, purity=0.5, speed=1, invariants=LAWS),
    requires=("cross_correlate2d",),
    cases=[
        case(
            "lecture 1.3.2, the picture of sparse connections: five neurons in, five out, three weights for all",
            public=True, x=literal(SEQUENCE), w=literal(KERNEL), b=literal([0]), pad=1,
        ),
        case("two short sequences", public=True, x=normal(2, 4, 1), w=normal(2, 1, 3), b=normal(3)),
        case(
            "every dimension a different number",
            x=normal(2, 9, 3), w=normal(6, 3, 4), b=normal(4, scale=1e-5), pad=2,
        ),
        case(
            "one sequence, stride 3 that leaves an entry over",
            public=True, x=normal(1, 9, 2), w=normal(2, 2, 3), b=normal(3), stride=3,
        ),
        case(
            "padding 2, stride 2 that leaves an entry over",
            x=normal(3, 6, 2), w=normal(3, 2, 4), b=normal(4), stride=2, pad=2,
        ),
        case("almost one more window", x=normal(2, 9, 2), w=normal(4, 2, 3), b=normal(3), stride=3),
        case("gaps of three, a little left over", x=normal(2, 8, 2), w=normal(2, 2, 2), b=normal(2), stride=5),
        case(
            "large numbers",
            x=normal(4, 9, 3, scale=1e7), w=normal(4, 3, 2, scale=1e7), b=normal(2, scale=1e14), stride=2, pad=1,
        ),
        case("a kernel as long as the sequence", x=normal(2, 4, 2), w=normal(4, 2, 3), b=normal(3)),
        case("as many filters as channels and weights", x=normal(2, 8, 3), w=normal(3, 3, 3), b=normal(3), stride=2),
        case("gaps between windows", x=normal(3, 8, 2), w=normal(1, 2, 4), b=normal(4), stride=3),
    ],
    speed=Speed(timed(512, 1024, 2048), bars=(9.0, 150.0)),
    axes={"x": "B L C", "w": "k C N", "b": "N", "out": "B L' N"},
)  # fmt: skip

SMALL = small(
    x="B L C", w="k C N", b="N", stride=(1, 2, 3), pad=(0, 1), where=lambda L, k, pad: k <= L + 2 * pad,
    sizes={"B": (1, 2), "C": (1, 2), "N": (1, 2), "L": (2, 3, 4), "k": (1, 2, 3)},
    worked={"B": 1, "C": 1, "N": 1, "L": 3},
)  # fmt: skip
