"""Max pooling: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.spec import Function, Judge, Speed, Sums, case, derived, layer, literal, normal, small, spaced
from reference.pooling import max_pool2d_backward, max_pool2d_forward


def splits(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Each window's shares lie on its maxima, never against dout, and sum to dout.

    For windows side by side that cover the image.
    """
    x, dout, size = inputs["x"], inputs["dout"], inputs["window"]
    owner = np.arange(dout.size).reshape(dout.shape).repeat(size, axis=1).repeat(size, axis=2)
    largest = _by_window(x, size).max(axis=-1).repeat(size, axis=1).repeat(size, axis=2)
    return {
        "owner": np.where(x == largest, owner, -1), "totals": dout.reshape(-1),
        "outside": "dx is not 0 at a pixel that is smaller than its window's maximum",
        "sum": "dx does not sum to dout over a window: its tied maxima must share one dout",
        "against": "dx has a share against its window's dout",
    }  # fmt: skip


any_split_among_maxima = Judge("shares", splits)


def _by_window(image: np.ndarray, size: int) -> np.ndarray:
    """(B, H, W, C) → (B, H', W', C, size·size), for windows side by side that cover the image."""
    batch, height, width, channels = image.shape
    windows = image.reshape(batch, height // size, size, width // size, size, channels)
    return windows.transpose(0, 1, 3, 5, 2, 4).reshape(batch, height // size, width // size, channels, -1)


LAWS = (
    Sums(
        "dx", "H W",
        broken="What dx holds in all is not what dout brought: gradient was lost, or counted more than once.",
        kept="All that dout brought has arrived in dx, but not at the right pixels.",
    ),
)  # fmt: skip

TIMED = (
    case("64x64", x=normal(1, 64, 64, 8), window=3, stride=2),
    case("184x184", x=normal(1, 184, 184, 8), window=3, stride=2),
)
TIMED_BACKWARD = (
    case("48x48", x=normal(1, 48, 48, 12), window=3, stride=2),
    case("80x80", x=normal(1, 80, 80, 12), window=3, stride=2),
)

EXERCISE = layer(
    Function(max_pool2d_forward, {"out": 3}, purity=0.5, speed=1, timing=Speed(TIMED, bars=(14.2, 110.0))),
    Function(max_pool2d_backward, {"dx": 3.5}, points={"ties": 0.5}, purity=0.5, speed=1, invariants=LAWS),
    requires=("output_size",),
    cases=[
        case(
            "lecture 1.3.2, max pooling with size 2 and stride 1",
            public=True, x=literal(np.arange(1, 10).reshape(1, 3, 3, 1)), window=2, stride=1,
        ),
        case(
            "lecture 1.3.2, max pooling with size 2 and stride 2",
            public=True, x=literal(np.arange(1, 17).reshape(1, 4, 4, 1)), window=2, stride=2,
        ),
        case("windows side by side", public=True, x=spaced(2, 6, 4, 3), window=2, stride=2),
        case("overlap, a row left over", x=spaced(2, 10, 5, 3), window=3, stride=2),
        case("overlap by all but one row", x=spaced(3, 5, 7, 2), window=2, stride=1),
        case("almost one more window each way", x=spaced(2, 9, 12, 2), window=4, stride=3),
        case("gaps of three, a little left over each way", x=spaced(1, 8, 13, 2), window=2, stride=5),
        case(
            "one wide image, gaps between windows, a column left over",
            x=spaced(1, 5, 9, 4, gap=1e-7), window=2, stride=3,
        ),
        case("a tall image, large numbers", x=spaced(2, 8, 7, 3, gap=1e5), window=3, stride=2),
        case(
            "far below zero, pixels that are nearly equal",
            check="ties",
            x=derived(lambda rng: spaced(2, 6, 4, 3, gap=1e3)(rng) - 1e12, "nearly -1e12"), window=2, stride=2,
        ),
        case(
            "ties",
            check="ties", accept={"dx": any_split_among_maxima},
            x=derived(lambda rng: rng.integers(0, 3, (2, 6, 4, 3)) / 2 - 1, "integers in halves"), window=2, stride=2,
        ),
    ],
    speed=Speed(TIMED_BACKWARD, bars=(7.0, 40.0)),
    axes={"x": "B H W C", "out": "B H' W' C"},
)  # fmt: skip

SMALL = [
    small(
        x="B H W C", window=(2, 3, 1), stride=(1, 2, 3), where=lambda H, W, window: window <= min(H, W),
        sizes={"B": (1, 2), "C": (1, 2), "H": (2, 3, 4), "W": (2, 3, 4)}, worked={"B": 1, "C": 1, "W": 3},
    ),
    small(
        x=lambda H, W: literal(np.ones((1, H, W, 1))), window=2, stride=2, sizes={"H": (2, 4), "W": (2, 4)},
        accept={"dx": any_split_among_maxima},
    ),
]  # fmt: skip
