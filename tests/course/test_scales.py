"""No function of the course may clip, round or flush the gradient that it is given, whatever the exercise's form."""

from __future__ import annotations

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
from autograder.spec.function import Function

COURSE = Course(Path(__file__).parents[2])
GRADIENTS = ("dout", "dw")
FUNCTIONS = [
    (name, function.name)
    for name in COURSE.names
    for function in COURSE.exercise(name).functions
    if set(GRADIENTS) & set(function.positional)
]
CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "clip to 5": lambda d: np.clip(d, -5, 5),
    "clip to 100": lambda d: np.clip(d, -100, 100),
    "clip the norm to 10": lambda d: d * min(1, 10 / np.linalg.norm(d)),
    "flush below 0.0001": lambda d: np.where(np.abs(d) < 1e-4, 0, d),
    "round to four decimals": lambda d: np.round(d, 4),
    "divide by norm + 1e-8": lambda d: d * (np.linalg.norm(d) / (np.linalg.norm(d) + 1e-8)),
}


def changed(function: Function, change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Any]:
    """The reference with a changed upstream gradient."""

    def answer(*args: Any, **options: Any) -> Any:
        named = dict(zip(function.positional, args, strict=True))
        return function.oracle(*(change(v) if name in GRADIENTS else v for name, v in named.items()), **options)

    return answer


def fails(name: str, function: Function, answer: Callable[..., Any], seed: int) -> bool:
    """Whether a case of the exercise rejects the answer."""
    trial = Trial(Variant(COURSE.exercise(name), seed), InProcess({function.name: answer}))
    return any(examine(trial, seen, output) for seen in trial.case_results(function) for output in function.outputs)


def test_all_functions_with_an_upstream_gradient_are_found():
    """The walk below visits 22 functions."""
    assert len(FUNCTIONS) == 22, FUNCTIONS


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(("name", "title"), FUNCTIONS, ids=[title for _, title in FUNCTIONS])
def test_a_changed_upstream_gradient_fails(name, title, change):
    """Every backward and every optimizer step rejects the reference behind a clipped, flushed or rounded gradient."""
    function = COURSE.exercise(name).function(title)
    assert all(fails(name, function, changed(function, change), seed) for seed in range(3))


def neuron_of_small_steps(dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: float) -> tuple[Any, ...]:
    """neuron_backward, with a clipped gradient of the weighted sum."""
    out = 1 / (1 + np.exp(-(x @ w + b)))
    ds = np.clip(dout * out * (1 - out), -1, 1)
    return ds[:, None] * w, ds @ x, float(ds.sum())


def mlp_of_small_steps(dout: np.ndarray, x: np.ndarray, weights: list[Any], biases: list[Any]) -> tuple[Any, ...]:
    """mlp_backward, with clipped gradients of the weighted sums of every layer."""
    h = [x]
    for w, b in zip(weights, biases, strict=True):
        h.append(1 / (1 + np.exp(-(h[-1] @ w + b))))
    dweights, dbiases = [], []
    for w, below, out in zip(reversed(weights), reversed(h[:-1]), reversed(h[1:]), strict=True):
        ds = np.clip(dout * out * (1 - out), -1, 1)
        dweights.insert(0, below.T @ ds)
        dbiases.insert(0, ds.sum(0))
        dout = ds @ w.T
    return dout, dweights, dbiases


@pytest.mark.parametrize(
    ("name", "title", "answer"),
    [("neuron", "neuron_backward", neuron_of_small_steps), ("mlp_backprop", "mlp_backward", mlp_of_small_steps)],
)
def test_a_clipped_gradient_inside_a_backward_fails(name, title, answer):
    """A backward that clips what it hands from one step to the next is rejected."""
    function = COURSE.exercise(name).function(title)
    assert all(fails(name, function, answer, seed) for seed in range(5))
