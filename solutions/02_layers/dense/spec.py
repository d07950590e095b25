"""Dense: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Case, Function, Speed, Sums, case, layer, literal, normal, small
from reference.dense import dense_backward, dense_forward

LAWS = (Sums("db", "", broken="db must be dout, added up over the examples."),)


def timed(*sizes: int) -> tuple[Case, ...]:
    """Return one case for each number of examples."""
    return tuple(case(f"{n} examples", x=normal(n, 24), w=normal(24, 12), b=normal(12)) for n in sizes)


EXERCISE = layer(
    Function(
        dense_forward, {"out": 3}, purity=0.5, speed=0.5, timing=Speed(timed(1024, 4096, 16384), bars=(14.0, 200.0))
    ),
    Function(dense_backward, {"dx": 2, "dw": 2, "db": 1}, purity=0.5, speed=0.5, invariants=LAWS),
    cases=[
        case(
            "two examples by hand",
            public=True, x=literal([[1, 2, 3], [0, -1, 4]]), w=literal([[1, 0], [2, -1], [0, 3]]), b=literal([10, 20]),
        ),
        case("images are flattened", public=True, x=normal(2, 3, 5, 4), w=normal(60, 6), b=normal(6)),
        case(
            "images, large numbers",
            x=normal(3, 2, 2, 3, scale=1e7), w=normal(12, 6, scale=1e7), b=normal(6, scale=1e14),
        ),
        case("batch of one, small numbers", x=normal(1, 5, scale=1e-5), w=normal(5, 3), b=normal(3, scale=1e-5)),
        case("every dimension a different number", x=normal(4, 7), w=normal(7, 5), b=normal(5)),
        case("as many outputs as inputs and examples", x=normal(4, 4), w=normal(4, 4), b=normal(4)),
        case("one output", x=normal(6, 3), w=normal(3, 1), b=normal(1)),
    ],
    # Many short rows: a loop over the examples then costs more than the products it makes.
    speed=Speed(timed(1024, 2048, 8192), bars=(14.0, 200.0)),
    axes={"x": "B D...", "w": "D M", "b": "M", "out": "B M"},
)  # fmt: skip

SMALL = [
    small(x="B D", w="D M", b="M"),
    small(x="B 2 2", w="4 M", b="M", sizes={"B": (1, 2), "M": (1, 2)}),
]
