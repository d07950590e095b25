"""Hints about dependences, failing cases, compound mistakes, and backward functions that follow a wrong forward."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checks.variant import Variant
from autograder.spec.draw import normal
from autograder.spec.exercise import convention, mistake, plain
from autograder.spec.function import Function, case
from autograder.spec.small import small
from tests.diagnosis.exercises import (
    DENSE,
    SPREAD,
    dense_backward,
    dense_forward,
    finding,
    hint,
    judge,
    spread,
    with_small,
)  # fmt: skip


def means(x, w):
    """Return each column minus its mean plus w of the row; v has no influence."""
    return x - x.mean(axis=0) + w


MEANS = plain(
    Function(means, {"out": 2}),
    cases=[
        case("a table", public=True, x=normal(3, 4), w=normal(4)),
        case("another", x=normal(6, 2), w=normal(2)),
        case("one row", x=normal(1, 5), w=normal(5)),
    ],
    axes={"x": "B D", "w": "D", "out": "B D"},
)
MEANS = with_small(MEANS, small(x="B D", w="D"))

PROBES = {
    "does not depend": (lambda x, w: np.cos(x - x.mean(axis=0)), "out does not depend on w, and it should."),
    "influence": (
        lambda x, w: np.sin(x - x.mean(axis=0)) * w.mean() + w - x.mean(),
        "The places along D influence each other in out, and should not: each has its own result.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), PROBES.values(), ids=PROBES)
def test_what_an_answer_depends_on(code, words):
    """The hint names the dependence that a call with one changed input reveals."""
    assert hint(MEANS, code, "out") == words


def test_what_an_answer_should_not_depend_on():
    """A dx of a linear layer that depends on x gets the hint that it should not."""
    code = lambda dout, x, w, b: (dout @ w.T * (1 + np.abs(x)), x.T @ dout, dout.sum(axis=0))  # noqa: E731
    assert hint(DENSE, code, "dx") == "dx depends on the numbers in x, and it should not."


def test_a_probe_that_cannot_be_asked_says_nothing():
    """An answer that raises on its second call gets no hint about dependences."""
    calls = []

    def once(dout, x, w, b):
        calls.append(1)
        if len(calls) > len(DENSE.functions[1].cases):
            raise ValueError("no more")
        return dout @ w.T * (1 + np.abs(x)), x.T @ dout, dout.sum(axis=0)

    assert hint(DENSE, once, "dx") == ""


CIRCUMSTANCES = {
    "square": (lambda x: x.shape[0] == x.shape[1], "with B = D"),
    "one row": (lambda x: len(x) == 1, "with B = 1"),
}


@pytest.mark.parametrize(("fails", "words"), CIRCUMSTANCES.values(), ids=CIRCUMSTANCES)
def test_which_cases_fail(fails, words):
    """The hint names the one circumstance of the failing cases; it is proven on other shapes."""
    squares = [case(f"square {n}", x=normal(n, n), w=normal(n, 3), b=normal(3)) for n in (2, 4)]
    functions = tuple(replace(f, cases=(*f.cases, *squares)) for f in DENSE.functions)
    exercise = replace(DENSE, functions=functions)

    def code(x, w, b):
        return np.tanh(dense_forward(x, w, b)) if fails(x) else dense_forward(x, w, b)

    found = hint(exercise, code, "out", "dense_forward")
    assert found == (f"Of all cases exactly those fail {words}." if words else "")


def test_a_circumstance_is_proven_on_inputs_drawn_anew():
    """A circumstance that separates the failing cases of one variant, but not of a redrawn one, gives no hint."""
    squares = [case(f"square {n}", x=normal(n, n), w=normal(n, 3), b=normal(3)) for n in (2, 4)]
    exercise = replace(DENSE, functions=tuple(replace(f, cases=(*f.cases, *squares)) for f in DENSE.functions))
    variant, (forward, _) = Variant(exercise, 7), exercise.functions
    here = {variant.calls(forward, c)[0].inputs["x"].tobytes() for c in forward.cases}

    def square(x, w, b):
        return dense_forward(x, w, b) + (x.shape[0] == x.shape[1])

    def square_by_chance(x, w, b):
        return square(x, w, b) if x.tobytes() in here else dense_forward(x, w, b) + 1

    words = "In the cases with B = D, and in no others, out is too large by 1 everywhere."
    assert hint(exercise, square, "out", "dense_forward") == words
    found = hint(exercise, square_by_chance, "out", "dense_forward")
    assert found == "In every case that fails, out is too large by 1 everywhere."


@mistake("spread")
def differences_not_squared(x, y, *, p):
    """The distances were added as they are. What does the formula do to each of them?"""
    return float(np.mean(np.abs(x - y))) / (1 - p)


KNOWN = replace(SPREAD, mistakes=(differences_not_squared,))
SAID = f"a known mistake gives, “differences not squared”, of which is said: {differences_not_squared.hint}"

COMPOUNDS = {
    "times a size": (
        lambda x, y, *, p: differences_not_squared.code(x, y, p=p) * x.size, f"loss is x.size times what {SAID}",
    ),
    "halved": (lambda x, y, *, p: differences_not_squared.code(x, y, p=p) / 2, f"loss is 1/2 times what {SAID}"),
    "far-fetched": (lambda x, y, *, p: differences_not_squared.code(x, y, p=p) * p * x.size, ""),
    "something": (lambda x, y, *, p: differences_not_squared.code(x, y, p=p) * 1.3, ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), COMPOUNDS.values(), ids=COMPOUNDS)
def test_two_mistakes_at_once(code, words):
    """A known mistake times a named factor gives a compound hint, and no name of a mistake."""
    found = finding(KNOWN, code, "loss")
    assert (found.hint, found.mistake) == (words, None)
    assert found.diagnosis == ("pattern" if words else "")


def test_a_known_mistake_is_the_first_word():
    """A known mistake is preferred where a pattern holds too."""

    @convention("spread")
    def summed(x, y, *, p):
        """Here it is averaged, elsewhere it is summed."""
        return spread(x, y, p=p) * x.size

    known = replace(SPREAD, mistakes=(summed,))
    found = finding(known, lambda x, y, *, p: float(np.sum((x - y) ** 2)) / (1 - p), "loss")
    assert (found.mistake, found.diagnosis, found.hint) == ("summed", "convention", summed.hint)


def test_a_consistent_backward_is_told_to_follow():
    """An unexplained backward that is the exact derivative of a wrong forward gets a hint that it follows from it."""

    def forward(x, w, b):
        return np.tanh(x @ w) + b

    def backward(dout, x, w, b):
        ds = dout * (1 - np.tanh(x @ w) ** 2)
        return ds @ w.T, x.T @ ds, dout.sum(axis=0)

    verdict = judge(DENSE, {"dense_forward": forward, "dense_backward": backward})
    assert verdict.of("consistency").status == "passed"
    words = "This follows from your own dense_forward, whose exact derivative it is: repair that first."
    seen = {f.output: (f.hint, f.diagnosis) for f in verdict.findings if f.check == "gradient" and f.status == "failed"}
    assert seen["dw"] == (f"{words[:-1]}, then see what changes here.", "consistency")


def test_an_inconsistent_backward_is_not():
    """A wrong backward that is not the derivative of the wrong forward gets no such hint."""
    verdict = judge(
        DENSE,
        {
            "dense_forward": lambda x, w, b: np.tanh(x @ w) + b,
            "dense_backward": lambda dout, x, w, b: [g * np.exp(g) for g in dense_backward(dout, x, w, b)],
        },
    )
    assert {f.diagnosis for f in verdict.findings if f.check == "gradient"} <= {"", "invariant", "pattern"}
