"""Exercises of one line, whose numbers are known in advance, so that messages can be asserted in full."""

from __future__ import annotations

import numpy as np

from autograder.spec.draw import literal, normal
from autograder.spec.exercise import Exercise, layer, optimizer, plain
from autograder.spec.function import Function, case


def double(x: np.ndarray) -> np.ndarray:
    """Twice x."""
    return 2 * x


def total(x: np.ndarray) -> float:
    """The sum of x."""
    return float(np.sum(x))


def square_forward(x: np.ndarray) -> np.ndarray:
    """x²."""
    return x * x


def square_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """2x · dout."""
    return 2 * x * dout


def drift(w: np.ndarray, v: np.ndarray, *, lr: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """w + v and lr · v."""
    return w + v, lr * v


NUMBERS = case("one two three", public=True, x=literal([1.0, 2.0, 3.0]))
HIDDEN = case("in the dark", x=normal(2, 3))

DOUBLE = plain(Function(double, {"out": 2}, purity=0.5), cases=[NUMBERS])
DARK_DOUBLE = plain(Function(double, {"out": 2}, purity=0.5), cases=[NUMBERS, HIDDEN])
TOTAL = plain(Function(total, {"sum": 1}), cases=[NUMBERS])
SQUARE = layer(
    Function(square_forward, {"out": 2}),
    Function(square_backward, {"dx": 3}, purity=0.5),
    cases=[case("a row", public=True, x=normal(4)), case("a table", x=normal(2, 3))],
)
DRIFT = optimizer(
    Function(drift, {"w": 2, "v": 1}),
    cases=[case("three steps", public=True, steps=3, w=literal([1.0, 2.0]), v=literal([4.0, 8.0]))],
)


def returning(value: object, like: Exercise = DOUBLE) -> dict[str, object]:
    """Answers in which the first function of the exercise returns this value, whatever it is given."""
    first = like.functions[0]
    if len(first.positional) == 1:
        return {first.name: lambda x: value}
    return {first.name: lambda w, v, *, lr=0.5: value}
