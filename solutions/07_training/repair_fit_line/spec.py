"""A training loop with planted bugs: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, literal, normal, plain, small, whole
from reference.repairs import fit_line

EXERCISE = plain(
    Function(fit_line, {"w": 5.5, "history": 4}, purity=0.5, curve="history"),
    cases=[
        case(
            "three rows by hand",
            public=True, x=literal([[1], [1], [1]]), y=literal([1, 3, 8]), w=literal([0]), lr=0.5, batch_size=2,
            epochs=1,
        ),
        case(
            "batches of one size",
            public=True, x=normal(6, 2), y=normal(6), w=normal(2), lr=0.1, batch_size=3, epochs=2,
        ),
        case(
            "a row is left over",
            public=True, x=normal(7, 3), y=normal(7), w=normal(3), lr=0.05, batch_size=3, epochs=3,
        ),
        case(
            "most is left over, large weights",
            x=normal(9, 2), y=normal(9), w=normal(2, scale=100.0), lr=0.05, batch_size=5, epochs=4,
        ),
        case(
            "row by row, small numbers",
            x=normal(5, 4), y=normal(5, scale=1e-7), w=normal(4, scale=1e-7), lr=0.02, batch_size=1, epochs=2,
        ),
        case("all rows at once", x=normal(5, 5), y=normal(5), w=normal(5), lr=0.1, batch_size=5, epochs=3),
        case("three left over", x=normal(11, 3), y=normal(11), w=normal(3), lr=0.03, batch_size=4, epochs=2),
    ],
    requires=("overfit_check",),
    axes={"x": "B D", "y": "B", "w": "D"},
)  # fmt: skip

SMALL = small(
    x="B D", y="B", w=lambda D: whole(D, by=4), lr=0.25, batch_size=(2, 1), epochs=(1, 2),
    sizes={"B": (2, 3, 4, 5), "D": (1, 2)}, worked={"B": 3, "D": 1},
)  # fmt: skip
