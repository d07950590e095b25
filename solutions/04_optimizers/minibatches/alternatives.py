"""Mini-batches: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("minibatches")
def row_numbers_shuffled_in_a_list(x, y, *, batch_size, rng):
    order = list(range(len(x)))
    rng.shuffle(order)
    return [
        (np.array([x[i] for i in order[start : start + batch_size]]), y[order[start : start + batch_size]])
        for start in range(0, len(x), batch_size)
    ]


@alternative("minibatches")
def sorted_by_random_numbers(x, y, *, batch_size, rng):
    order = np.argsort(rng.random(len(x)))
    cuts = np.arange(batch_size, len(x), batch_size)
    return list(zip(np.split(x[order], cuts), np.split(y[order], cuts), strict=True))


@alternative("minibatches")
def drawn_one_by_one(x, y, *, batch_size, rng):
    left, batches = list(range(len(x))), []
    while left:
        rows = [left.pop(rng.integers(len(left))) for _ in range(min(batch_size, len(left)))]
        batches.append([x[rows], y[rows]])
    return batches


@alternative("minibatches")
def two_generators_with_one_seed(x, y, *, batch_size, rng):
    seed = rng.integers(2**32)
    x, y = x.copy(order="K"), y.copy()
    np.random.default_rng(seed).shuffle(x)
    np.random.default_rng(seed).shuffle(y)
    return [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)]


@alternative("minibatches")
def swapped_by_hand(x, y, *, batch_size, rng):
    order = np.arange(len(x))
    for i in range(len(order)):
        j = rng.integers(i, len(order))
        order[[i, j]] = order[[j, i]]
    return tuple((x[order][s : s + batch_size], y[order][s : s + batch_size]) for s in range(0, len(x), batch_size))
