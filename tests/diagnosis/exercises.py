"""Tiny exercises for the patterns of the diagnosis, and the hints that wrong answers to them get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checks.variant import Variant
from autograder.grading.pipeline import Options, grade_exercise
from autograder.report.report import Finding
from autograder.spec.draw import fortran, integers, literal, normal
from autograder.spec.exercise import Exercise, layer, optimizer, plain
from autograder.spec.function import Function, Sums, Terms, case
from autograder.spec.small import by_function, small
from tests.engine.scripted import Verdict, scripted

QUICK = Options(skip=frozenset({"speed"}))


def judge(exercise: Exercise, answers: dict[str, Any], seed: int = 7, reveal: bool = False) -> Verdict:
    """Return the diagnosed findings on an implementation that is right except for these functions."""
    implementation = scripted(exercise, answers)
    options = Options(skip=QUICK.skip, reveal=reveal)
    return Verdict(grade_exercise(Variant(exercise, seed), implementation, options), implementation)


def finding(exercise: Exercise, code: Callable[..., Any], output: str, function: str = "", **words: Any) -> Finding:
    """Return the finding about one output of a wrong function; by default the last function of the exercise."""
    name = function or exercise.functions[-1].name
    found = [f for f in judge(exercise, {name: code}, **words).findings if f.function == name and f.output == output]
    assert [f.status for f in found] in (["failed"], ["error"])
    return found[0]


def hint(exercise: Exercise, code: Callable[..., Any], output: str, function: str = "", **words: Any) -> str:
    """Return the hint about one output of a wrong function; "" where there is none."""
    return finding(exercise, code, output, function, **words).hint


def with_small(exercise: Exercise, *families: Any) -> Exercise:
    """Return the exercise with families of small inputs, on which hints are tested."""
    return replace(exercise, small=by_function(list(families), exercise.functions))


def dense_forward(x, w, b):
    """Return out = x @ w + b."""
    return x @ w + b


def dense_backward(dout, x, w, b):
    """Return dx, dw and db."""
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


DENSE = layer(
    Function(dense_forward, {"out": 2}),
    Function(dense_backward, {"dx": 2, "dw": 2, "db": 1}),
    cases=[
        case("two rows", public=True, x=normal(2, 3), w=normal(3, 4), b=normal(4)),
        case("one row", x=normal(1, 5), w=normal(5, 2), b=normal(2)),
        case("square", x=normal(3, 3), w=normal(3, 3), b=normal(3)),
        case("Fortran order", x=fortran(normal(5, 2)), w=normal(2, 3), b=normal(3)),
        case("five of everything but rows", x=normal(4, 5), w=normal(5, 5), b=normal(5)),
    ],
    axes={"x": "B D", "w": "D M", "b": "M", "out": "B M"},
)
DENSE = with_small(DENSE, small(x="B D", w="D M", b="M"))


def gate_forward(x, *, slope=0.1):
    """Return x where it is positive, slope * x elsewhere."""
    return np.where(x > 0, x, slope * x)


def gate_backward(dout, x, *, slope=0.1):
    """Return dx."""
    return np.where(x > 0, dout, slope * dout)


GATE = layer(
    Function(gate_forward, {"out": 2}),
    Function(gate_backward, {"dx": 2}),
    cases=[
        case("a row", public=True, x=normal(6), slope=0.3),
        case("a table", x=normal(3, 4), slope=0.05),
        case("images", x=normal(2, 3, 4, 2), slope=0.2),
        case("the default", x=normal(5, 3)),
    ],
)
GATE = with_small(
    GATE, small(x="B D", slope=(0.1, 0.3)), small(x="D", slope=0.2), small(x="B H W C", slope=(0.2, 0.05))
)


def slide_forward(x, *, window, stride=1):
    """Return the sum of every window of x (B, L)."""
    places = range(0, x.shape[1] - window + 1, stride)
    return np.stack([x[:, i : i + window].sum(axis=1) for i in places], axis=1)


def slide_backward(dout, x, *, window, stride=1):
    """Return dx: each window adds its dout."""
    dx = np.zeros_like(x)
    for i in range(dout.shape[1]):
        dx[:, i * stride : i * stride + window] += dout[:, i : i + 1]
    return dx


SLIDE = layer(
    Function(slide_forward, {"out": 2}),
    Function(
        slide_backward, {"dx": 2},
        invariants=(Sums("dx", "L", broken="dx holds too little.", kept="All of it arrived, at the wrong places."),),
    ),
    cases=[
        case("side by side", public=True, x=normal(2, 6), window=2, stride=2),
        case("overlapping", x=normal(3, 7), window=3),
        case("overlapping by one", x=normal(2, 8), window=3, stride=2),
        case("one window", x=normal(4, 5), window=5),
        case("windows of one", x=normal(3, 4), window=1),
    ],
    axes={"x": "B L", "out": "B L'"},
)  # fmt: skip
SLIDE = with_small(SLIDE, small(x="B L", window=(1, 2, 3), stride=(1, 2), where=lambda L, window: L >= window))


def heavy_step(w, dw, v, *, lr, mu=0.9):
    """Return w and v after one step with momentum."""
    v = mu * v - lr * dw
    return w + v, v


HEAVY = optimizer(
    Function(heavy_step, {"w": 2, "v": 2}),
    cases=[
        case("from rest", public=True, w=normal(4), dw=normal(4), v=literal([0.0] * 4), lr=0.1),
        case("three steps", steps=3, w=normal(3, 2), dw=normal(3, 2), v=normal(3, 2), lr=0.03, mu=0.7),
        case("one step", w=normal(5), dw=normal(5), v=normal(5), lr=0.2, mu=0.6),
        case("no momentum", steps=2, w=normal(6), dw=normal(6), v=normal(6), lr=0.3, mu=0.0),
    ],
)
HEAVY = with_small(
    HEAVY, small(w="N M", dw="N M", v="N M", lr=(0.1, 0.3), mu=(0.5, 0.0)), small(w="N", dw="N", v="N", lr=0.2, mu=0.6)
)


def centre(x, gamma):
    """Return each row minus its mean, times gamma."""
    return (x - x.mean(axis=1, keepdims=True)) * gamma


def centre_terms(x, gamma):
    """Return the two terms whose sum is centre."""
    return {"x itself": x * gamma, "the mean": -x.mean(axis=1, keepdims=True) * gamma}


CENTRE = plain(
    Function(
        centre, {"out": 2},
        invariants=(
            Terms("out", centre_terms),
            Sums("out", "D", broken="Each row must sum to 0, and yours does not."),
            Sums("out", "D", times="x", broken="The rows have lost x.", kept="Only the mean is wrong."),
        ),
    ),
    cases=[
        case("two rows", public=True, x=normal(2, 4), gamma=1.5),
        case("one row", x=normal(1, 6), gamma=-0.7),
        case("many rows", x=normal(5, 3), gamma=0.3),
    ],
    axes={"x": "B D", "out": "B D"},
)  # fmt: skip
CENTRE = with_small(CENTRE, small(x="B D", gamma=(0.5, -2.0), sizes={"D": (2, 3)}))


def pick(scores, labels):
    """Return the scores, minus 1 at the true class."""
    out = scores.copy()
    out[np.arange(len(labels)), labels] -= 1
    return out


PICK = plain(
    Function(pick, {"out": 2}),
    cases=[
        case("three rows", public=True, scores=normal(3, 4), labels=literal([0, 2, 3], np.int64)),
        case("seven rows", scores=normal(7, 5), labels=integers(7, below=5)),
        case("two classes", scores=normal(6, 2), labels=literal([0, 1, 1, 0, 0, 1], np.int64)),
    ],
    axes={"scores": "B K", "labels": "B", "out": "B K"},
)
PICK = with_small(PICK, small(scores="B K", labels=lambda B, K: literal(np.arange(B) % K, np.int64)))


def spread(x, y, *, p):
    """Return the mean square of x - y, divided by 1 - p."""
    return float(np.mean((x - y) ** 2)) / (1 - p)


SPREAD = plain(
    Function(spread, {"loss": 2}),
    cases=[
        case("a row", public=True, x=normal(5), y=normal(5), p=0.2),
        case("a table", x=normal(3, 4), y=normal(3, 4), p=0.3),
        case("images", x=normal(2, 3, 4, 5), y=normal(2, 3, 4, 5), p=0.7),
        case("two numbers", x=normal(2), y=normal(2), p=0.1),
    ],
)
SPREAD = with_small(
    SPREAD, small(x="B D", y="B D", p=(0.2, 0.6)), small(x="D", y="D", p=0.4), small(x="B H W C", y="B H W C", p=0.1)
)


def parts(x, weights):
    """Return a list of products and a dict of extremes."""
    return [x @ weight for weight in weights], {"low": x.min(axis=0), "high": x.max(axis=0)}


PARTS = plain(
    Function(parts, {"products": 2, "ends": 2}),
    cases=[
        case("two", public=True, x=normal(3, 2), weights=normal(2, 2, 4)),
        case("three", x=normal(4, 3), weights=normal(3, 3, 3)),
        case("four", x=normal(2, 5), weights=normal(4, 5, 1)),
    ],
)
PARTS = with_small(PARTS, small(x="B D", weights=lambda D, N: normal(N, D, 2), sizes={"N": (1, 2, 3)}))


def count(size, *, window, stride=1):
    """Return the number of windows that fit."""
    return (size - window) // stride + 1


COUNT = plain(
    Function(count, {"count": 2}),
    cases=[
        case(f"{size} by {window} and {stride}", public=size < 7, size=size, window=window, stride=stride)
        for size, window, stride in [
            (5, 2, 1),
            (9, 3, 2),
            (8, 3, 1),
            (12, 5, 3),
            (6, 1, 2),
            (10, 4, 2),
            (7, 7, 1),
            (20, 3, 4),
            (31, 2, 5),
        ]
    ],
)
COUNT = with_small(COUNT, small(size=(3, 5, 8, 9), window=(1, 2, 3), stride=(1, 2, 3)))
