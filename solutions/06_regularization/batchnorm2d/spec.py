"""Batch normalization of images: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.spec import (
    Case,
    Draw,
    Function,
    Speed,
    Sums,
    Terms,
    case,
    derived,
    literal,
    normal,
    plain,
    small,
    uniform,
)
from reference.normalization import batchnorm2d_backward, batchnorm2d_forward, batchnorm2d_infer, batchnorm2d_train
from reference.steps import batchnorm2d_backward_steps
from reference.terms import batchnorm_dx_terms, batchnorm_train_terms


def images(name: str, x: Draw, channels: int, **words: Any) -> Case:
    """A case with parameters and running averages for this many channels; the running variance is around 0.1, so that
    eps shows."""
    draws = {
        "gamma": normal(channels), "beta": normal(channels),
        "running_mean": normal(channels), "running_var": uniform(channels, low=0.02, high=0.2),
    }  # fmt: skip
    return case(name, **(draws | {"x": x} | words))


def half_zeros(*shape: int) -> Draw:
    """Normal numbers after ReLU."""
    return derived(lambda rng: np.maximum(rng.standard_normal(shape), 0), "half zeros")


def one_channel_constant(batch: int, height: int, width: int) -> Draw:
    """Two channels of noise around one of -1.5, which every rounding leaves exact."""
    return derived(lambda rng: rng.standard_normal((batch, height, width, 3)) * [1, 0, 2] - 1.5, "one constant channel")


CASES = (
    images(
        "lecture 1.3.5, momentum 0.1 is the weight of the old average",
        literal([[[[1, 10], [3, 30]], [[2, 50], [4, 20]]]]), 2,
        public=True, running_mean=literal([0, 1]), running_var=literal([1, 2]), momentum=0.1,
    ),
    images("two small images", normal(2, 3, 4, 2), 2, public=True),
    images("every dimension a different number", normal(5, 2, 3, 4, scale=0.5, shift=2.0), 4, momentum=0.7),
    images("as many channels as images", normal(3, 2, 4, 3), 3, momentum=0.6),
    images("as many channels as rows", normal(2, 4, 3, 4), 4, momentum=0.8),
    images(
        "as many channels as pixels, small numbers", normal(2, 2, 3, 6, scale=1e-5), 6, gamma=normal(6, scale=1e-2),
        beta=normal(6, scale=1e-5), running_mean=normal(6, scale=1e-5), running_var=uniform(6, low=1e-5, high=1e-4),
    ),
    images("small variance, so that eps shows", normal(2, 5, 3, 4, scale=0.03, shift=-1.0), 4, momentum=0.8),
    images("one channel, another eps, small numbers", normal(3, 4, 2, 1, scale=1e-6), 1, eps=1e-3),
    images("one image after ReLU", half_zeros(1, 4, 5, 3), 3),
    images("a constant channel", one_channel_constant(2, 4, 5), 3, eps=1e-4),
    images("more images than a batch has", normal(33, 1, 2, 2, shift=1.0), 2, momentum=0.8),
    images("momentum 0.95, large beta", normal(4, 3, 5, 2), 2, momentum=0.95, beta=normal(2, scale=1e7)),
)  # fmt: skip


LAWS = (
    Terms("dx", batchnorm_dx_terms),
    Sums(
        "dx", "B H W",
        broken="Each channel of dx must sum to 0, and yours do not: the way through the mean sees to that.",
    ),
    Sums(
        "dx", "B H W", times="x", slack=0.05,
        broken="Each channel of dx * xhat must sum to 0, but for eps, and yours do not: the way through the variance "
        "sees to that.",
    ),
)  # fmt: skip

EXERCISE = plain(
    Function(
        batchnorm2d_train, {"out": 1.5, "running_mean": 0.5, "running_var": 0.5}, purity=0.5, speed=0.5,
        cases=(*CASES, images("four batches in a row", normal(3, 4, 2, 5, shift=0.5), 5, steps=4, momentum=0.7)),
        invariants=tuple(
            Terms(name, partial(batchnorm_train_terms, name)) for name in ("out", "running_mean", "running_var")
        ),
    ),
    Function(batchnorm2d_infer, {"out": 1}, purity=0.5),
    Function(
        batchnorm2d_backward, {"dx": 3, "dgamma": 0.5, "dbeta": 0.5}, purity=0.5, speed=0.5,
        kind="gradient", forward=Function(batchnorm2d_forward, {"out": 0}),
        steps=batchnorm2d_backward_steps, invariants=LAWS,
        timing=Speed(
            (images("8x8", normal(2, 8, 8, 128), 128), images("24x24", normal(2, 24, 24, 128), 128)), bars=(10.0, 170.0)
        ),
    ),
    cases=list(CASES),
    requires=("batchnorm",),
    # The formulas, written one by one, pass over memory five times as often as the reference.
    speed=Speed(
        (
            images("8x8", normal(2, 8, 8, 128), 128),
            images("16x16", normal(2, 16, 16, 128), 128),
            images("32x32", normal(2, 32, 32, 128), 128),
        ),
        bars=(10.0, 170.0),
    ),
    axes={"x": "B H W C", "gamma": "C", "beta": "C", "running_mean": "C", "running_var": "C", "out": "B H W C"},
)  # fmt: skip

SMALL = small(
    x="B H W C", gamma="C", beta="C", running_mean="C", running_var=lambda C: literal([4.0, 1.0, 0.25][:C]),
    momentum=(0.5, 0.75), eps=(1.0, 1e-5), worked={"B": 1, "H": 2, "W": 2, "C": 1},
    sizes={"B": (1, 2), "H": (1, 2), "W": (2, 1, 3), "C": (1, 2, 3)},
)
