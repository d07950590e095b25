"""Mini-batches: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Function, Judge, case, generator, integers, literal, normal, plain, small
from reference.descent import minibatches

# The rows of x must differ, and be 40 or more; see the rule.
one_epoch = Judge("epoch", lambda inputs: {"x": inputs["x"], "y": inputs["y"], "size": inputs["batch_size"]})
EPOCH = {"batches": one_epoch}
EXERCISE = plain(
    Function(minibatches, {"batches": 9}, purity=1),
    cases=[
        case(
            "seven equal rows, only the sizes matter",
            public=True, x=literal([[1.0, 2.0]] * 7), y=literal([5] * 7, np.int64), batch_size=3, rng=generator(),
        ),
        case("six equal rows, nothing left over", public=True, x=literal([[4.0]] * 6), y=literal([1.0] * 6),
             batch_size=2, rng=generator()),
        case("a single row", public=True, x=normal(1, 3), y=literal([2], np.int64), batch_size=4, rng=generator()),
        case("60 rows, batches of 7", accept=EPOCH, x=normal(60, 3), y=normal(60), batch_size=7, rng=generator()),
        case(
            "40 rows, batches of 8, a few labels",
            accept=EPOCH, x=normal(40, 5), y=integers(40, below=4), batch_size=8, rng=generator(),
        ),
        case(
            "images and target vectors",
            accept=EPOCH, x=normal(53, 4, 3, 2), y=normal(53, 6), batch_size=10, rng=generator(),
        ),
        case("batches of one", accept=EPOCH, x=normal(41, 2), y=normal(41), batch_size=1, rng=generator()),
        case("one batch for all", accept=EPOCH, x=normal(44, 2), y=normal(44), batch_size=100, rng=generator()),
        case("one row left over", accept=EPOCH, x=normal(49, 2), y=normal(49), batch_size=12, rng=generator()),
        # Drawn with five seeds: so many rows show which orders are too likely, if every row is swapped with any row.
        case(
            "many rows", accept=EPOCH, batch_size=480, rng=generator(),
            x=literal(np.arange(2500)[:, None], np.int64), y=literal(np.arange(2500), np.int64),
        ),
    ],
)  # fmt: skip

SMALL = small(
    x=lambda R: literal([[1.0, 2.0]] * R), y=lambda R: literal([5] * R, np.int64), batch_size=(1, 2, 3),
    rng=generator(), sizes={"R": (1, 2, 3, 4)}, worked={"R": 3, "batch_size": 2},
)
