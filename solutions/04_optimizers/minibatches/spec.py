"""Mini-batches: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.draw import fortran, generator, integers, literal, normal
from autograder.exercise import Function, case, plain
from autograder.small import small
from reference.descent import minibatches

# Seeds that students write into their code; orders made from them are not made from rng.
USUAL_SEEDS = (0, 1, 2, 3, 7, 10, 42, 100, 123, 1234)


def one_epoch(inputs: Mapping[str, Any], batches: Any) -> str | None:
    """Batches of the right size hold every row of x once, each with its own row of y, in a random order.

    For rows of x that differ, 40 or more of them. See `unshuffled` for how rarely a random order is rejected.
    """
    x, y, size = inputs["x"], inputs["y"], inputs["batch_size"]
    expected = [min(size, len(x) - start) for start in range(0, len(x), size)]
    if not _pairs(batches, x, y, expected):
        return f"batches are not pairs (xb, yb) of {size} rows each, the last of {expected[-1]}"
    numbers = {row.tobytes(): i for i, row in enumerate(x)}
    order = [numbers.get(row.tobytes(), -1) for xb, _ in batches for row in xb]
    if -1 in order:
        return "batches hold a row that is not in x"
    if len(set(order)) < len(x):
        return "some rows of x come more than once and others not at all"
    if not np.array_equal(np.concatenate([yb for _, yb in batches]), y[order]):
        return "rows of yb do not belong to the rows of xb beside them"
    return unshuffled(np.array(order), size)


def unshuffled(order: np.ndarray, size: int) -> str | None:
    """What is not random about the order of 40 rows or more; None for a random one, but for one in 10^8.

    Rows whose neighbours in the data follow them, forwards or backwards: a random order has about 2, nearly by
    Poisson's law, and half the rows or more with a probability of 2^20 / 20! < 10^-12. Rows in the batch that they
    would be in without any shuffling: where a batch holds a fifth of the rows or less, 9 of 10 rows are there with a
    probability below C(40, 36)·8^36·4! / 40! < 10^-9. A usual seed's order: 20 of 40!.
    """
    rows = len(order)
    steps = np.diff(order) % rows
    if np.count_nonzero((steps == 1) | (steps == rows - 1)) >= rows / 2:
        return "rows that are neighbours in x are still neighbours: they are hardly shuffled"
    if 5 * size <= rows and np.mean(order // size == np.arange(rows) // size) >= 0.9:
        return "every batch holds the rows it would hold without shuffling: shuffle before you cut"
    if any(np.array_equal(order, usual) for usual in _usual_orders(rows)):
        return "the order comes from a generator of your own with a fixed seed, not from rng"
    return None


def _pairs(batches: Any, x: np.ndarray, y: np.ndarray, sizes: list[int]) -> bool:
    """Whether these are lists or tuples of two arrays, with the rows of x and y and as many as they should have."""
    if not isinstance(batches, list | tuple) or len(batches) != len(sizes):
        return False
    return all(
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(
            isinstance(part, np.ndarray) and part.dtype == whole.dtype and part.shape == (size, *whole.shape[1:])
            for part, whole in zip(pair, (x, y), strict=True)
        )
        for pair, size in zip(batches, sizes, strict=True)
    )


def _usual_orders(rows: int) -> list[np.ndarray]:
    modern = [np.random.default_rng(seed).permutation(rows) for seed in USUAL_SEEDS]
    return modern + [np.random.RandomState(seed).permutation(rows) for seed in USUAL_SEEDS]


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
        case("Fortran order", accept=EPOCH, x=fortran(normal(45, 4)), y=normal(45, 2), batch_size=6, rng=generator()),
        case("batches of one", accept=EPOCH, x=normal(41, 2), y=normal(41), batch_size=1, rng=generator()),
        case("one batch for all", accept=EPOCH, x=normal(44, 2), y=normal(44), batch_size=100, rng=generator()),
        case("one row left over", accept=EPOCH, x=normal(49, 2), y=normal(49), batch_size=12, rng=generator()),
    ],
)  # fmt: skip

SMALL = small(
    x=lambda R: literal([[1.0, 2.0]] * R), y=lambda R: literal([5] * R, np.int64), batch_size=(1, 2, 3),
    rng=generator(), sizes={"R": (1, 2, 3, 4)}, worked={"R": 3, "batch_size": 2},
)
