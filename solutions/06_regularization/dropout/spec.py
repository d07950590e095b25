"""Dropout: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.draw import Draw, derived, fortran, generator, literal, normal
from autograder.exercise import Case, Function, Speed, case, layer, plain
from autograder.small import small
from reference.regularization import dropout_backward, dropout_forward, dropout_mask

# A right mask fails the test of one share with probability below 1e-8. The cases below make 16 such tests: below 2e-7
# in all.
FALSE_ALARM = 1e-8


def bound(count: int) -> float:
    """How far the share of hits among so many independent trials may lie from its probability.

    Hoeffding: P(|share - probability| >= t) <= 2·exp(-2·count·t²), whatever the probability.
    """
    return float(np.sqrt(np.log(2 / FALSE_ALARM) / (2 * count)))


def drawn_with_probability(inputs: Mapping[str, Any], mask: Any) -> str | None:
    """Every entry is 0 or 1/(1 - p), the share of zeros is p, and entries do not know each other.

    The last is asked along each axis: neighbours agree with probability p² + (1 - p)². A row that serves the whole
    batch agrees with itself always. mask has the shape asked for.
    """
    p = inputs["p"]
    zero = mask == 0
    if not np.allclose(mask[~zero], 1 / (1 - p), rtol=1e-9, atol=0):
        worst = mask[~zero].flat[np.argmax(np.abs(mask[~zero] - 1 / (1 - p)))]
        return f"mask holds {worst:.4g}, expected 0 or 1/(1 - p) = {1 / (1 - p):.4g}"
    if abs(zero.mean() - p) > bound(zero.size):
        return f"{zero.mean():.3g} of the mask's entries are 0, expected about p = {p:g}"
    excess = [_excess_of_agreement(np.moveaxis(zero, axis, 0), p**2 + (1 - p) ** 2) for axis in range(zero.ndim)]
    if max(excess) > 1:
        return f"neighbours along axis {int(np.argmax(excess))} of the mask are not drawn by themselves"
    return None


def _excess_of_agreement(zero: np.ndarray, probability: float) -> float:
    """How far the share of neighbours along axis 0 that agree lies from its probability, in bounds.

    Neighbours 0 and 1, 2 and 3, …: no entry is in two pairs, so the pairs are independent.
    """
    agree = zero[:-1:2] == zero[1::2]
    return float(abs(agree.mean() - probability) / bound(agree.size))


def drawn(name: str, *shape: int, p: float) -> Case:
    """A mask of this shape, judged by its statistics."""
    return case(name, accept={"mask": drawn_with_probability}, shape=shape, p=p, rng=generator())


def mask_of(*shape: int, p: float) -> Draw:
    """A right mask."""
    return derived(lambda rng: dropout_mask(shape, p=p, rng=rng), f"mask{shape}")


def halves_kept(*shape: int) -> Draw:
    """A mask for p = 0.5: 0 or 2."""
    return derived(lambda rng: 2.0 * rng.integers(0, 2, shape), "halves kept")


LAYER = layer(
    Function(dropout_forward, {"out": 2}, purity=0.5, speed=0.5),
    Function(dropout_backward, {"dx": 2}, purity=0.5, speed=0.5),
    cases=[
        case(
            "three units, one of them dropped",
            public=True, x=literal([[1, 2, 3], [4, -5, 6]]), mask=literal([[2, 0, 2], [2, 0, 0]]), train=True,
        ),
        case("inference", public=True, x=normal(3, 4), mask=mask_of(3, 4, p=0.5), train=False),
        case("few are dropped", x=normal(7, 5), mask=mask_of(7, 5, p=0.2), train=True),
        case("most are dropped", x=normal(6, 9), mask=mask_of(6, 9, p=0.8), train=True),
        case("images in Fortran order", x=fortran(normal(2, 5, 4, 3)), mask=mask_of(2, 5, 4, 3, p=0.3), train=True),
        case("one image in inference", x=normal(1, 4, 3, 5), mask=mask_of(1, 4, 3, 5, p=0.7), train=False),
        case("as many examples as units", x=normal(6, 6), mask=mask_of(6, 6, p=0.4), train=True),
    ],
    speed=Speed(
        (
            case("128x128", x=normal(128, 128), mask=mask_of(128, 128, p=0.5), train=True),
            case("512x512", x=normal(512, 512), mask=mask_of(512, 512, p=0.5), train=True),
        ),
        bars=(20.0, 60.0),
    ),
)  # fmt: skip

EXERCISE = plain(
    Function(
        dropout_mask, {"mask": 4},
        cases=(
            case("nobody is dropped", public=True, shape=(3, 4), p=0.0, rng=generator()),
            drawn("p = 0.3", 200, 250, p=0.3),
            drawn("p = 0.97", 150, 200, p=0.97),
            drawn("p = 0.08", 250, 120, p=0.08),
            drawn("images, p = 0.9", 20, 14, 16, 10, p=0.9),
            drawn("a row of units, p = 0.25", 20000, p=0.25),
        ),
    ),
    *LAYER.functions,
)  # fmt: skip

SMALL = {
    "dropout_mask": small(shape=((2, 2), (2, 3), (3,), (1, 1)), p=0.0, rng=generator()),
    "dropout_forward": small(x="B D", mask=lambda B, D: halves_kept(B, D), train=(True, False)),
    "dropout_backward": small(x="B D", mask=lambda B, D: halves_kept(B, D), train=(True, False)),
}
