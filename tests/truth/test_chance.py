"""Drawn outputs: right ones pass whatever the draw, wrong ones never; the exercises' own tests say the rest."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.truth import RULES
from autograder.truth.chance import USUAL_SEEDS, unshuffled


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
    """A hundred of them, none with a seed that students use."""
    for seed in range(1000, 1100):
        assert RULES["epoch"](FACTS, batches(np.random.default_rng(seed).permutation(45))) is None


WRONG = {
    "no list": (None, "batches are not pairs"),
    "batches of another size": (batches(np.random.default_rng(1000).permutation(45), 9), "batches are not pairs"),
    "in order": (batches(np.arange(45)), "hardly shuffled"),
    "a foreign row": ([(x + 0.5, y) for x, y in batches(np.arange(45))], "a row that is not in x"),
    "with repetition": (batches(np.random.default_rng(1).integers(0, 45, 45)), "more than once"),
    "targets left behind": ([(x, Y[i * 10 : i * 10 + 10]) for i, (x, _) in
                             enumerate(batches(np.random.default_rng(1000).permutation(45)))], "do not belong"),
    "a usual seed": (batches(np.random.default_rng(42).permutation(45)), "a generator of your own"),
}  # fmt: skip


@pytest.mark.parametrize(("got", "words"), WRONG.values(), ids=WRONG)
def test_wrong_epochs_are_told(got, words):
    """Each with the first thing that is wrong with it."""
    assert words in RULES["epoch"](FACTS, got)


@pytest.mark.parametrize("seed", USUAL_SEEDS)
def test_a_usual_seed_is_known_in_both_generators(seed):
    """The old one and the new."""
    for order in (np.random.default_rng(seed).permutation(60), np.random.RandomState(seed).permutation(60)):
        assert "fixed seed" in unshuffled(order, 7)
