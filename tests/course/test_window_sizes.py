"""Every exercise in which a window slides has cases that tell the right number of windows from what people write."""

from __future__ import annotations

import math

import pytest

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.pipeline import undiagnosed
from autograder.sandbox.inprocess import load
from tests.house.sources import ROOT

COURSE = Course(ROOT)

# Numbers of windows that are wrong: of size h, window k, stride s, padding p.
WRONG = {
    "round(n / s) + 1": lambda h, k, s, p: round((h + 2 * p - k) / s) + 1,
    "round(n / s + 1)": lambda h, k, s, p: round((h + 2 * p - k) / s + 1),
    "rounded half up": lambda h, k, s, p: int((h + 2 * p - k) / s + 0.5) + 1,
    "rounded up": lambda h, k, s, p: math.ceil((h + 2 * p - k) / s) + 1,
    "one too many": lambda h, k, s, p: (h + 2 * p - k) // s + 2,
    "one too few": lambda h, k, s, p: (h + 2 * p - k) // s,
    "+ 1 before the division": lambda h, k, s, p: (h + 2 * p - k + 1) // s,
    "rounded up, without + 1": lambda h, k, s, p: math.ceil((h + 2 * p - k) / s),
    "+ 1 before, rounded": lambda h, k, s, p: round((h + 2 * p - k + 1) / s),
    "divided in parts": lambda h, k, s, p: (h + 2 * p) // s - k // s + 1,
    "divided in other parts": lambda h, k, s, p: h // s + (2 * p - k) // s + 1,
    "without the window": lambda h, k, s, p: (h + 2 * p) // s,
    "as many as fit side by side": lambda h, k, s, p: math.ceil(h / s),
}  # fmt: skip


def _pooled(i):
    return [(side, i["window"], i["stride"], 0) for side in i["x"].shape[1:3]]


def _of_kernel(i, sides, kernel):
    return [(side, k, i.get("stride", 1), i.get("pad", 0)) for side, k in zip(sides, kernel, strict=False)]


# Function → the sizes, windows, strides and paddings that its inputs have, one for each direction.
SLIDING = {
    "output_size": lambda i: _of_kernel(i, [i["size"]], [i["window"]]),
    "cross_correlate2d": lambda i: _of_kernel(i, i["x"].shape, i["k"].shape),
    "conv_matrix": lambda i: _of_kernel(i, [i["length"]], i["w"].shape),
    "conv1d_forward": lambda i: _of_kernel(i, i["x"].shape[1:2], i["w"].shape),
    "conv1d_backward": lambda i: _of_kernel(i, i["x"].shape[1:2], i["w"].shape),
    "conv2d_forward": lambda i: _of_kernel(i, i["x"].shape[1:3], i["w"].shape),
    "conv2d_backward": lambda i: _of_kernel(i, i["x"].shape[1:3], i["w"].shape),
    "conv_connections": lambda i: _of_kernel(i, [i["height"], i["width"]], [i["kh"], i["kw"]]),
    "local1d_backward": lambda i: _of_kernel(i, i["x"].shape[1:2], i["w"].shape[1:]),
    "max_pool2d_forward": _pooled, "max_pool2d_backward": _pooled,
    "avg_pool2d_forward": _pooled, "avg_pool2d_backward": _pooled,
    "pool_invariance": lambda i: _of_kernel({"stride": i["stride"]}, i["x"].shape, [i["window"]] * 2),
}  # fmt: skip
FUNCTIONS = [
    (name, function.name) for name in COURSE.folders for function in COURSE.exercise(name).functions
    if function.name in SLIDING
]  # fmt: skip


def test_all_that_slide_are_here():
    """Every function with a stride, or with a window or a length of steps, is listed above."""
    strided = {f.name for name in COURSE.folders for f in COURSE.exercise(name).functions if "stride" in f.keywords}
    assert strided == set(SLIDING)


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_no_other_number_of_windows_passes(name, function):
    """For each wrong rule there is a case, in each direction, in which it gives another number."""
    exercise = COURSE.exercise(name)
    asked, variant = exercise.function(function), Variant(exercise, 0)
    cases = [SLIDING[function](variant.calls(asked, case)[0].inputs) for case in asked.cases if not case.check]
    for direction in zip(*cases, strict=True):
        right = [(h + 2 * p - k) // s + 1 for h, k, s, p in direction]
        passing = [words for words, rule in WRONG.items() if [rule(*sizes) for sizes in direction] == right]
        assert passing == []


@pytest.mark.parametrize("half", [0, 1])
def test_the_pooling_inside_the_network_rounds_down(half):
    """cnn_backprop pools 2 x 2 windows: its images leave a row over that rounding to the nearest would pool."""
    exercise = COURSE.exercise("cnn_backprop")
    (function,) = exercise.functions
    found = set()
    for case in function.cases:
        inputs = Variant(exercise, 0).calls(function, case)[0].inputs
        side = inputs["x"].shape[1 + half] + 3 - inputs["params"]["conv_w"].shape[half]
        found |= {words for words, size in {
            "rounded": round(side / 2), "half up": int(side / 2 + 0.5), "up": -(-side // 2), "side by side": side - 1,
        }.items() if size != side // 2}  # fmt: skip
    assert len(found) == 4


# A convolution and a pooling by loops, whose number of windows is rounded to the nearest.
ROUNDED = {
    "conv2d": '''
import numpy as np

def conv2d_forward(x, w, b, *, stride=1, pad=0):
    kh, kw, _, n = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns = (round((side - k) / stride + 1) for side, k in zip(x.shape[1:3], (kh, kw)))
    out = np.zeros((len(x), rows, columns, n))
    for i in range(rows):
        for j in range(columns):
            seen = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, i, j] = np.einsum("bpqc,pqcn->bn", seen, w[: seen.shape[1], : seen.shape[2]]) + b
    return out
''',
    "avg_pool2d": '''
import numpy as np

def avg_pool2d_forward(x, *, window, stride):
    rows, columns = (round((side - window) / stride + 1) for side in x.shape[1:3])
    out = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            out[:, i, j] = x[:, i * stride : i * stride + window, j * stride : j * stride + window].mean(axis=(1, 2))
    return out
''',
}


@pytest.mark.parametrize("name", ROUNDED)
def test_a_rounded_number_of_windows_is_refused(name):
    """Code that is right but for the rounding of its sizes fails, in the cases that a window nearly fits once more."""
    exercise = COURSE.exercise(name)
    findings = undiagnosed(Trial(Variant(exercise, 1), load(ROUNDED[name], name)), {"speed"})
    (found,) = (finding for finding in findings if finding.output == "out")
    assert found.status in ("failed", "error") and found.case == "almost one more window each way"
