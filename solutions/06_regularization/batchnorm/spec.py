"""Batch normalization: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from functools import partial
from typing import Any

from autograder.spec import (
    Case,
    Draw,
    Function,
    Speed,
    Sums,
    Terms,
    case,
    literal,
    normal,
    plain,
    small,
    uniform,
)
from reference.normalization import batchnorm_backward, batchnorm_forward, batchnorm_infer, batchnorm_train
from reference.steps import batchnorm_backward_steps
from reference.terms import batchnorm_dx_terms, batchnorm_train_terms


def batch(name: str, x: Draw, features: int, **words: Any) -> Case:
    """A case with parameters and running averages for this many features; the running variance is around 0.1, so that
    eps shows."""
    draws = {
        "gamma": normal(features), "beta": normal(features),
        "running_mean": normal(features), "running_var": uniform(features, low=0.02, high=0.2),
    }  # fmt: skip
    return case(name, **(draws | {"x": x} | words))


CASES = (
    batch(
        "lecture 1.3.5, momentum 0.1 is the weight of the old average", literal([[1, 10], [3, 30], [2, 50]]), 2,
        public=True, running_mean=literal([0, 1]), running_var=literal([1, 2]), momentum=0.1,
    ),
    batch("a small batch", normal(4, 3), 3, public=True),
    batch("momentum 0.7", normal(7, 4, scale=0.5, shift=2.0), 4, public=True, momentum=0.7),
    batch("small variance, so that eps shows", normal(6, 5, scale=0.03, shift=-1.0), 5, momentum=0.8),
    batch("another eps, small numbers", normal(8, 3, scale=1e-6), 3, eps=1e-3),
    batch("as many examples as features", normal(5, 5), 5, momentum=0.6),
    batch("batch of one", normal(1, 4), 4),
    batch("a constant column", literal([[1, 2.5, 0.5], [2, 2.5, -1], [4, 2.5, 0], [5, 2.5, 3]]), 3, eps=1e-4),
    batch(
        "one feature, small numbers", normal(6, 1, scale=1e-5), 1, momentum=0.5, gamma=normal(1, scale=1e-2),
        beta=normal(1, scale=1e-5), running_mean=normal(1, scale=1e-5), running_var=uniform(1, low=1e-5, high=1e-4),
    ),
    batch("more examples than a batch has", normal(33, 2, shift=1.0), 2, momentum=0.8),
    batch("momentum 0.95, large beta", normal(9, 4), 4, momentum=0.95, beta=normal(4, scale=1e7)),
)  # fmt: skip


LAWS = (
    Terms("dx", batchnorm_dx_terms),
    Sums(
        "dx", "B",
        broken="Each column of dx must sum to 0, and yours do not: the way through the mean sees to that.",
    ),
    Sums(
        "dx", "B", times="x", slack=0.05,
        broken="Each column of dx * xhat must sum to 0, but for eps, and yours do not: the way through the variance "
        "sees to that.",
    ),
)  # fmt: skip

EXERCISE = plain(
    Function(
        batchnorm_train, {"out": 1.5, "running_mean": 0.5, "running_var": 0.5}, purity=0.5, speed=0.5,
        cases=(*CASES, batch("four batches in a row", normal(5, 3, shift=0.5), 3, steps=4, momentum=0.7)),
        invariants=tuple(
            Terms(name, partial(batchnorm_train_terms, name)) for name in ("out", "running_mean", "running_var")
        ),
    ),
    Function(batchnorm_infer, {"out": 1}, purity=0.5),
    Function(
        batchnorm_backward, {"dx": 3, "dgamma": 0.5, "dbeta": 0.5}, purity=0.5, speed=0.5,
        kind="gradient", forward=Function(batchnorm_forward, {"out": 0}),
        steps=batchnorm_backward_steps, invariants=LAWS,
        timing=Speed(
            (batch("64x256", normal(64, 256), 256), batch("256x512", normal(256, 512), 512)), bars=(10.0, 200.0)
        ),
    ),
    cases=list(CASES),
    requires=("z_score",),
    # The formulas, written one by one, pass over memory five times as often as the reference.
    speed=Speed(
        (
            batch("64x256", normal(64, 256), 256),
            batch("64x1024", normal(64, 1024), 1024),
            batch("256x1024", normal(256, 1024), 1024),
        ),
        bars=(10.0, 120.0),
    ),
    axes={"x": "B D", "gamma": "D", "beta": "D", "running_mean": "D", "running_var": "D", "out": "B D"},
)  # fmt: skip

SMALL = small(
    x="B D", gamma="D", beta="D", running_mean="D", running_var=lambda D: literal([4.0, 1.0, 0.25][:D]),
    momentum=(0.5, 0.75), eps=(1.0, 1e-5), sizes={"B": (2, 3, 1)}, worked={"B": 3, "D": 1},
)
