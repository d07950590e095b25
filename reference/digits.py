"""Handwritten digits: 1,797 real images of 8×8 pixels, divided once and for all. Source and licence: digits.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.random import Generator

Part = Literal["train", "validation", "hidden"]
SIZES: dict[Part, int] = {"train": 700, "validation": 197, "hidden": 900}
CLASSES = 10
# Prime to the number of rows, so that its multiples reach every row: neighbours were often written by one hand.
_STRIDE = 997


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """x (1797, 64) float64 in [0, 1], a row of pixels each, and labels (1797,) int64; read-only, in file order."""
    with np.load(Path(__file__).with_suffix(".npz"), allow_pickle=False) as file:
        x, labels = file["images"] / 16.0, file["labels"].astype(np.int64)
    x.flags.writeable = labels.flags.writeable = False
    return x, labels


def part(name: Part) -> tuple[np.ndarray, np.ndarray]:
    """The rows of one part, as fresh arrays: x (B, 64) and labels (B,)."""
    x, labels = digits()
    order = np.arange(len(x)) * _STRIDE % len(x)
    start = sum(size for other, size in SIZES.items() if list(SIZES).index(other) < list(SIZES).index(name))
    rows = order[start : start + SIZES[name]]
    return x[rows], labels[rows]


def drawn(
    rng: Generator, count: int, fresh: int, blend: float = 0.5
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(x, labels, fresh_x, fresh_labels): `count` rows to train on and `fresh` hidden ones, drawn without repetition.

    Which number stands for which digit is drawn too, so weights that were learned elsewhere know nothing of it. Every
    row is blended with another of its class, by `blend` at most, so that no row is one of the published images. The
    rows to train on come class by class, as they often lie in files.
    """
    names = rng.permutation(CLASSES)
    x, labels = _some("train", count, rng)
    fresh_x, truth = _some("hidden", fresh, rng)
    by_class = np.argsort(names[labels], kind="stable")
    x, labels = x[by_class], names[labels][by_class]
    return blended(x, labels, blend, rng), labels, blended(fresh_x, truth, blend, rng), names[truth]


def blended(x: np.ndarray, labels: np.ndarray, most: float, rng: Generator) -> np.ndarray:
    """Each row with a share of another row of its class, from a tenth to `most`."""
    other = np.empty(len(x), np.int64)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        other[rows] = np.roll(rows, 1)
    share = rng.uniform(0.1, most, (len(x), 1))
    return rounded((1 - share) * x + share * x[other])


def rounded(x: np.ndarray) -> np.ndarray:
    """The rows in steps of 1/256, as a camera reads them; in a record such numbers take a third of the bytes."""
    return np.round(x * 256) / 256


def stray_light(rng: Generator) -> np.ndarray:
    """Four patterns of light (4, 64), orthonormal, without any order in space."""
    patterns, _ = np.linalg.qr(rng.standard_normal((64, 4)))
    return patterns.T


def slanting_light() -> np.ndarray:
    """Three patterns of light (3, 64), orthonormal: even, growing along the rows, and growing along the columns."""
    along = np.cos(np.pi * (np.arange(8) + 0.5) / 8)
    patterns = np.array([np.ones((8, 8)), np.tile(along, (8, 1)), np.tile(along[:, None], (1, 8))]).reshape(3, 64)
    return patterns / np.linalg.norm(patterns, axis=1, keepdims=True)


def lit(x: np.ndarray, patterns: np.ndarray, strength: float, rng: Generator) -> np.ndarray:
    """The rows with a random amount of each pattern: Gaussian, with this standard deviation.

    Light moves an image further than another digit would, so a label does not follow from the nearest image known.
    A network learns to take no notice of the light.
    """
    return rounded(x + strength * rng.standard_normal((len(x), len(patterns))) @ patterns)


def mislabelled(labels: np.ndarray, count: int, rng: Generator) -> np.ndarray:
    """The labels, `count` of them replaced by another class each."""
    noisy = labels.copy()
    rows = rng.permutation(len(labels))[:count]
    noisy[rows] = (labels[rows] + rng.integers(1, CLASSES, count)) % CLASSES
    return noisy


def _some(name: Part, count: int, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    x, labels = part(name)
    rows = rng.permutation(len(x))[:count]
    return x[rows], labels[rows]
