"""Answers that are right on ordinary inputs only, and the cases of the course that reject them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.checks import CHECKS
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.diagnosis.diagnosis import diagnose
from autograder.diagnosis.evidence import KnownMistakes
from autograder.report.report import Finding
from autograder.sandbox import inprocess
from autograder.sandbox.inprocess import InProcess
from autograder.spec.function import Function
from reference.convolution import conv2d_forward
from tests.course.test_scales import COURSE, fails


def maximum_from_a_constant(x, *, window, stride):
    """max_pool2d_forward that starts at -100."""
    return np.maximum(_windows(x, window, stride).max((-1, -2)), -100.0)


def nearly_equal_pixels_share(dout, x, *, window, stride):
    """max_pool2d_backward by np.isclose."""
    dx = np.zeros_like(x)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            s = np.s_[:, i * stride : i * stride + window, j * stride : j * stride + window]
            hit = np.isclose(x[s], x[s].max((1, 2), keepdims=True))
            dx[s] += hit / hit.sum((1, 2), keepdims=True) * dout[:, i : i + 1, j : j + 1]
    return dx


def mean_without_zeros(x, *, window, stride):
    """avg_pool2d_forward over the pixels that are not 0."""
    v = _windows(x, window, stride)
    return v.sum((-1, -2)) / np.maximum((v != 0).sum((-1, -2)), 1)


def nearly_the_same_number(x, dy, dx, *, window, stride):
    """pool_invariance within 0.01."""
    moved = COURSE.exercise("translation").function("translate").oracle(x, dy, dx)
    before, after = (_windows(a[None, :, :, None], window, stride).max((-1, -2)) for a in (x, moved))
    return float(np.isclose(before, after, atol=1e-2).mean())


def stops_at_a_minimum(gradient, w, *, lr, steps):
    """gradient_descent whose trajectory is short where it converges."""
    trajectory = [w.copy()]
    for _ in range(steps):
        slope = gradient(trajectory[-1])
        if np.linalg.norm(slope) < 1e-6:
            break
        trajectory.append(trajectory[-1] - lr * slope)
    return np.array(trajectory)


def statistics_of_a_large_batch(x, gamma, beta, running_mean, running_var, *, eps=1e-5):
    """batchnorm_infer that normalizes many rows by themselves."""
    if len(x) > 32:
        axes = tuple(range(x.ndim - 1))
        running_mean, running_var = x.mean(axes), x.var(axes)
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def depthwise_where_it_fits(x, w, b, *, stride=1, pad=0):
    """conv2d_forward that keeps channels apart where there are as many filters."""
    return conv2d_forward(x, w * np.eye(w.shape[2]) if w.shape[2] == w.shape[3] else w, b, stride=stride, pad=pad)


def clipped(oracle: Any) -> Any:
    """The oracle with every gradient clipped to 5."""

    def answer(*args: Any, **options: Any) -> Any:
        value = oracle(*args, **options)
        return tuple(np.clip(v, -5, 5)[()] for v in value) if isinstance(value, tuple) else np.clip(value, -5, 5)

    return answer


def _windows(x: np.ndarray, window: int, stride: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(x, (window, window), axis=(1, 2))[:, ::stride, ::stride]


ANSWERS = [
    ("max_pool2d", "max_pool2d_forward", maximum_from_a_constant),
    ("max_pool2d", "max_pool2d_backward", nearly_equal_pixels_share),
    ("avg_pool2d", "avg_pool2d_forward", mean_without_zeros),
    ("translation", "pool_invariance", nearly_the_same_number),
    ("gradient_descent", "gradient_descent", stops_at_a_minimum),
    ("batchnorm", "batchnorm_infer", statistics_of_a_large_batch),
    ("batchnorm2d", "batchnorm2d_infer", statistics_of_a_large_batch),
    ("conv2d", "conv2d_forward", depthwise_where_it_fits),
    *((name, title, clipped(COURSE.exercise(name).function(title).oracle)) for name, title in (
        ("chain_rule", "graph_backward"), ("huber_loss", "huber_loss_backward"), ("l1_penalty", "l1_penalty_backward"),
        ("repair_cosine_loss", "cosine_loss_backward"))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "title", "answer"), ANSWERS, ids=[f"{a[1]}-{a[2].__name__}" for a in ANSWERS])
def test_a_shortcut_fails(name, title, answer):
    """Each answer is rejected on five papers."""
    function = COURSE.exercise(name).function(title)
    assert all(fails(name, function, answer, seed) for seed in range(5))


def verdict(name: str, title: str, answer: Callable[..., Any]) -> tuple[Finding, ...]:
    """The diagnosed findings of the solution with another answer to one function, without those that measure time."""
    variant = Variant(COURSE.exercise(name), 0)
    functions = inprocess.load(COURSE.solution(name), "solution.py").functions
    trial = Trial(variant, InProcess({**functions, title: answer}))
    findings: tuple[Finding, ...] = ()
    for check in CHECKS.values():
        findings += () if check.alone else check(trial, findings)
    return diagnose(trial, findings, KnownMistakes(variant))


def _slopes(value: Any, f: Callable[[Any], float], h: float) -> Any:
    """Central differences of f by every entry of a number, an array or a list of arrays."""
    if isinstance(value, list):
        return [_slopes(part, lambda p, i=i: f([*value[:i], p, *value[i + 1 :]]), h) for i, part in enumerate(value)]
    if not isinstance(value, np.ndarray):
        return (f(value + h) - f(value - h)) / (2 * h)
    slopes = np.zeros(value.shape)
    for index in np.ndindex(value.shape):
        above, below = value.copy(), value.copy()
        above[index] += h
        below[index] -= h
        slopes[index] = (f(above) - f(below)) / (2 * h)
    return slopes


def by_differences(function: Function, h: float) -> Callable[..., Any]:
    """A backward that is a difference quotient of the reference's forward."""
    forward = function.forward
    assert forward is not None

    def answer(*args: Any, **options: Any) -> Any:
        given = dict(zip(function.positional, args, strict=True))
        dout = given.pop("dout", 1.0)
        known = {key: value for key, value in options.items() if key in forward.keywords}

        def slopes(name: str) -> Any:
            def weighted(value: Any) -> float:
                inputs = [value if key == name else given[key] for key in forward.positional]
                return float(np.sum(dout * forward.oracle(*inputs, **known)))

            return _slopes(given[name], weighted, h)

        found = tuple(slopes(output.removeprefix("d")) for output in function.outputs)
        return found if len(found) > 1 else found[0]

    return answer


BACKWARDS = [(name, f) for name in COURSE.names for f in COURSE.exercise(name).functions if f.kind == "gradient"]


@pytest.mark.parametrize(("name", "function"), BACKWARDS, ids=[f.name for _, f in BACKWARDS])
def test_a_difference_quotient_fails_and_is_named(name, function):
    """Every gradient of every backward is rejected where it is a difference quotient, and at least one is named so."""
    found = [f for f in verdict(name, function.name, by_differences(function, 1e-5)) if f.check == "gradient"]
    mine = [finding for finding in found if finding.function == function.name]
    assert {finding.status for finding in mine} == {"failed"}, mine
    assert any("difference quotient" in finding.hint for finding in mine) or name in TOLD_OTHERWISE, mine


TOLD_OTHERWISE = ("cross_entropy", "repair_cosine_loss")
"""Exercises in which the quotient is far off in several cases, so that no precision shows what it is."""


def test_ties_cost_half_a_point():
    """Giving every tied maximum the whole gradient costs half a point in max_pool2d, and nothing in cnn_backprop."""
    mistakes = {mistake.name: mistake for mistake in COURSE.exercise("max_pool2d").mistakes}
    mistake = mistakes["every_tied_maximum_gets_all"]
    lost = [f for f in verdict("max_pool2d", mistake.function, mistake.code) if f.score < f.max_score]
    assert [(f.check, f.max_score, f.mistake) for f in lost] == [("ties", 0.5, mistake.name)]
    text = COURSE.solution("cnn_backprop").replace(" / winners.sum(axis=(2, 4), keepdims=True)", "")
    assert text != COURSE.solution("cnn_backprop")
    answer = inprocess.load(text, "solution.py").functions["cnn_loss"]
    assert all(f.score == f.max_score for f in verdict("cnn_backprop", "cnn_loss", answer))


def test_memory_order_is_asked_where_a_statement_names_it():
    """No case outside flatten, whose statement names the memory order, holds an array in another order than C."""
    for name in COURSE.names:
        variant = Variant(COURSE.exercise(name), 0)
        for function in variant.exercise.functions if variant.exercise.training is None else ():
            for case in (*function.cases, *function.stable_cases):
                given = [v for call in variant.calls(function, case) for v in call.inputs.values()]
                arrays = [value for value in given if isinstance(value, np.ndarray)]
                assert name == "flatten" or all(value.flags.c_contiguous for value in arrays), (name, case.name)
