"""Where a size of the course is a quotient that is rounded, every wrong way to round it fails."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks.judge import examine
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.sandbox.inprocess import InProcess

COURSE = Course(Path(__file__).parents[2])
Quotients = list[tuple[int, int]]


def windows(lengths: Any, kernel: Any, stride: int = 1, pad: int = 0) -> Quotients:
    """Of how many steps fit, for each axis."""
    return [(int(n) + 2 * pad - int(k), stride) for n, k in zip(lengths, kernel, strict=True)]


def pool(x, *, window, stride):
    """Of pooling (B, H, W, C)."""
    return windows(np.shape(x)[1:3], (window, window), stride)


QUOTIENTS: dict[tuple[str, str], Callable[..., Quotients]] = {
    ("output_size", "output_size"): lambda size, window, *, stride=1, pad=0: windows([size], [window], stride, pad),
    ("connection_counts", "conv_connections"): lambda height, width, kh, kw, c, n, *, stride=1, pad=0: windows(
        (height, width), (kh, kw), stride, pad),
    ("conv1d", "conv1d_forward"): lambda x, w, b, *, stride=1, pad=0: windows(x.shape[1:2], w.shape[:1], stride, pad),
    ("conv1d", "conv1d_backward"): lambda d, x, w, b, *, stride=1, pad=0: windows(
        x.shape[1:2], w.shape[:1], stride, pad),
    ("conv2d", "conv2d_forward"): lambda x, w, b, *, stride=1, pad=0: windows(x.shape[1:3], w.shape[:2], stride, pad),
    ("conv2d", "conv2d_backward"): lambda d, x, w, b, *, stride=1, pad=0: windows(
        x.shape[1:3], w.shape[:2], stride, pad),
    ("conv_matrix", "conv_matrix"): lambda w, *, length, stride=1, pad=0: windows([length], w.shape, stride, pad),
    ("cross_correlate2d", "cross_correlate2d"): lambda x, k, *, stride=1, pad=0: windows(x.shape, k.shape, stride, pad),
    ("avg_pool2d", "avg_pool2d_forward"): pool,
    ("avg_pool2d", "avg_pool2d_backward"): lambda dout, x, **options: pool(x, **options),
    ("max_pool2d", "max_pool2d_forward"): pool,
    ("max_pool2d", "max_pool2d_backward"): lambda dout, x, **options: pool(x, **options),
    ("translation", "pool_invariance"): lambda x, dy, dx, *, window, stride: windows(
        x.shape, (window, window), stride),
    ("repair_local1d", "local1d_backward"): lambda d, x, w, *, stride=1: windows(x.shape[1:2], w.shape[1:2], stride),
    ("cnn_backprop", "cnn_loss"): lambda x, labels, params: [
        (n + 3 - k, 2) for n, k in zip(x.shape[1:3], params["conv_w"].shape, strict=False)],
    ("repair_fit_line", "fit_line"): lambda x, y, w, *, batch_size, **options: [(len(x), batch_size)],
    ("minibatches", "minibatches"): lambda x, y, *, batch_size, rng: [(len(x), batch_size)],
}  # fmt: skip
UP = ("fit_line", "minibatches")
"""Where the quotient is rounded up: a batch that is not full is a batch."""
RULES: dict[str, Callable[[float], int]] = {
    "floor": math.floor, "round half to even": round, "round half up": lambda q: math.floor(q + 0.5), "ceil": math.ceil,
}  # fmt: skip
WALK = [
    pytest.param(*place, rule, id=f"{place[1]}-{rule}")
    for place in QUOTIENTS
    for rule in RULES
    if rule != ("ceil" if place[1] in UP else "floor")
]


@pytest.mark.parametrize(("name", "title", "rule"), WALK)
def test_a_wrongly_rounded_size_fails(name, title, rule):
    """An answer that is right but where this rule gives another size is rejected, on five papers."""
    function = COURSE.exercise(name).function(title)
    right = math.ceil if title in UP else math.floor

    def answer(*args: Any, **options: Any) -> Any:
        quotients = [n / d for n, d in QUOTIENTS[name, title](*args, **options)]
        return function.oracle(*args, **options) if all(RULES[rule](q) == right(q) for q in quotients) else None

    for seed in range(5):
        trial = Trial(Variant(COURSE.exercise(name), seed), InProcess({title: answer}))
        assert any(examine(trial, seen, o) for seen in trial.case_results(function) for o in function.outputs)


def test_every_function_with_a_stride_is_visited():
    """A new function with a stride, a window or a batch_size is entered above."""
    words = {"stride", "window", "batch_size"}
    found = {(name, f.name) for name in COURSE.names for f in COURSE.exercise(name).functions
             if words & {*f.positional, *f.keywords}}  # fmt: skip
    assert found | {("cnn_backprop", "cnn_loss")} == set(QUOTIENTS)
