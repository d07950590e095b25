"""L2 penalty: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, loss, normal, small
from reference.regularization import l2_penalty, l2_penalty_backward

EXERCISE = loss(
    Function(l2_penalty, {"penalty": 4}, purity=0.5, speed=0.5),
    Function(l2_penalty_backward, {"dw": 4}, purity=0.5, speed=0.5),
    cases=[
        case("four weights by hand", public=True, w=literal([[3, -4], [0, 1]]), strength=0.1),
        case("a small matrix", public=True, w=normal(3, 4), strength=0.3),
        case("a vector", w=normal(7), strength=2.0),
        case("kernels", w=normal(3, 2, 5, 4), strength=0.01),
        case("a square matrix", w=normal(5, 5), strength=0.7),
        case("one row", w=normal(1, 6), strength=1.5),
        case("large weights", w=normal(8, 3, scale=1e7), strength=0.05),
        case("no strength", w=normal(4, 2), strength=0.0),
    ],
    speed=Speed(
        (case("128x128", w=normal(128, 128), strength=0.1), case("1024x1024", w=normal(1024, 1024), strength=0.1)),
        bars=(32.0, 60.0),
    ),
)  # fmt: skip

SMALL = [small(w="D M", strength=(0.5, 2.0, 0.0)), small(w="D", strength=(0.5, 2.0))]
