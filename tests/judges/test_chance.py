"""Drawn outputs: right ones pass whatever the draw, wrong ones never; the exercises' own tests say the rest."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from autograder.spec.judges import RULES, SEVERAL


def test_right_masks_pass():
    """A hundred draws, with few and with many zeros."""
    for seed in range(100):
        p = (0.1, 0.5, 0.9)[seed % 3]
        mask = (np.random.default_rng(seed).random((120, 150)) >= p) / (1 - p)
        assert RULES["mask"]({"p": p}, mask) is None


@pytest.mark.parametrize(("mask", "words"), [
    (np.ones((200, 100)), "mask holds 1, expected 0 or 1/(1 - p) = 2"),
    (np.full((200, 100), 2.0), "0 of the mask's entries are 0, expected about p = 0.5"),
    (np.tile([0.0, 2.0], (200, 50)), "neighbours along axis 0 of the mask are not drawn by themselves"),
])  # fmt: skip
def test_wrong_masks_are_told(mask, words):
    """Without the scale, without zeros, and the same row for all."""
    assert RULES["mask"]({"p": 0.5}, mask) == words


X, Y = np.arange(45.0)[:, None] * [1, 2], np.arange(45) * 3
FACTS = {"x": X, "y": Y, "size": 10}


def batches(order, size=10):
    """Pairs of rows in this order."""
    return [(X[order[i : i + size]], Y[order[i : i + size]]) for i in range(0, len(order), size)]


def test_every_random_order_passes():
    """A hundred of them."""
    for seed in range(100):
        assert RULES["epoch"](FACTS, batches(np.random.default_rng(seed).permutation(45))) is None


WRONG = {
    "no list": (None, "batches are not pairs"),
    "batches of another size": (batches(np.random.default_rng(1000).permutation(45), 9), "batches are not pairs"),
    "in order": (batches(np.arange(45)), "hardly shuffled"),
    "a foreign row": ([(x + 0.5, y) for x, y in batches(np.arange(45))], "a row that is not in x"),
    "with repetition": (batches(np.random.default_rng(1).integers(0, 45, 45)), "more than once"),
    "targets left behind": ([(x, Y[i * 10 : i * 10 + 10]) for i, (x, _) in
                             enumerate(batches(np.random.default_rng(1000).permutation(45)))], "do not belong"),
}  # fmt: skip


@pytest.mark.parametrize(("got", "words"), WRONG.values(), ids=WRONG)
def test_wrong_epochs_are_told(got, words):
    """Each with the first thing that is wrong with it."""
    assert words in RULES["epoch"](FACTS, got)


ROWS = 49
HALF = ROWS // 2


def sattolo(rng):
    """A random order of one cycle: the partner of a swap is never the row itself."""
    order = np.arange(ROWS)
    for i in range(ROWS - 1, 0, -1):
        j = rng.integers(0, i)
        order[[i, j]] = order[[j, i]]
    return order


def _swapped(rows, rng, pairs):
    order = np.arange(rows)
    for i, j in pairs(rng):
        order[i], order[j] = order[j], order[i]
    return order


MANY = 2500
FAVOURING = {
    "swapped with any row": (lambda rng: enumerate(rng.integers(MANY, size=MANY)), "their old place"),
    "the same from the end": (
        lambda rng: zip(range(MANY)[::-1], rng.integers(MANY, size=MANY), strict=True), "their old place"),
    "two random rows": (lambda rng: rng.integers(MANY, size=(2 * MANY, 2)), "keep their place"),
}  # fmt: skip


@pytest.mark.parametrize(("pairs", "words"), FAVOURING.values(), ids=FAVOURING)
def test_swaps_that_favour_some_orders_are_told(pairs, words):
    """Shuffles by swaps in which some orders are likelier by a few percent are rejected on five epochs of 2500 rows."""
    assert all(words in (five_epochs(partial(_swapped, MANY, pairs=pairs), start) or "") for start in range(0, 50, 5))


UNEVEN = {
    "sattolo": (sattolo, "no row ever keeps its place"),
    "ten keys": (lambda rng: np.argsort(rng.integers(0, 10, ROWS), kind="stable"), "in the order of the data"),
    "halves": (lambda rng: np.r_[rng.permutation(HALF), HALF + rng.permutation(ROWS - HALF)], "stay together"),
    "the first stays": (lambda rng: np.r_[0, 1 + rng.permutation(ROWS - 1)], "never moves"),
    "the last stays": (lambda rng: np.r_[rng.permutation(ROWS - 1), ROWS - 1], "never moves"),
}


def five_epochs(draw, start):
    """The verdict on epochs of five seeds."""
    orders = [draw(np.random.default_rng(seed)) for seed in range(start, start + 5)]
    x, y = np.arange(float(len(orders[0])))[:, None], np.arange(len(orders[0]))
    facts = {"x": x, "y": y, "size": len(x)}
    return SEVERAL["epoch"](facts, [[(x[order], y[order])] for order in orders])


@pytest.mark.parametrize(("draw", "words"), UNEVEN.values(), ids=UNEVEN)
def test_orders_that_are_not_equally_likely_are_told(draw, words):
    """Five epochs of a shuffle that favours some orders are rejected, whatever the seeds."""
    assert all(words in (five_epochs(draw, start) or "") for start in range(0, 100, 5))


@pytest.mark.parametrize("draw", [
    lambda rng: rng.permutation(ROWS), lambda rng: np.argsort(rng.random(ROWS)),
    lambda rng: rng.choice(ROWS, ROWS, replace=False), lambda rng: rng.spawn(1)[0].permutation(ROWS),
    lambda rng: rng.permutation(MANY // 5),
])  # fmt: skip
def test_five_random_orders_pass(draw):
    """Every way of drawing a permutation passes, for 500 seeds."""
    assert not any(five_epochs(draw, start) for start in range(0, 500, 5))


def test_masks_with_a_fixed_number_of_zeros_are_told():
    """Five masks with exactly the share p of zeros are rejected; five of entries drawn by themselves pass."""
    for start in range(0, 100, 5):
        rngs = [np.random.default_rng(seed) for seed in range(start, start + 5)]
        fixed = [np.where(rng.permutation(20000) < 5000, 0, 4 / 3) for rng in rngs]
        free = [(rng.random(20000) >= 0.25) / 0.75 for rng in rngs]
        assert "exactly the share p of zeros" in SEVERAL["mask"]({"p": 0.25}, fixed)
        assert SEVERAL["mask"]({"p": 0.25}, free) is None
