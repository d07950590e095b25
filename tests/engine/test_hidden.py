"""Hidden cases: what is wrong is told, their numbers are not."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from autograder.implementation import Raised, Returned
from autograder.spec.exercise import Exercise
from autograder.spec.function import case
from autograder.values import Unsupported
from tests.engine.desks import DARK_DOUBLE, DRIFT, TOTAL
from tests.engine.scripted import sit


def met_hidden(exercise: Exercise) -> Exercise:
    """The exercise with its cases hidden and a name without digits."""
    hide = tuple(
        replace(function, cases=tuple(replace(c, public=False, name="dark") for c in function.cases[:1]))
        for function in exercise.functions
    )
    return replace(exercise, functions=hide)


DOUBLE = met_hidden(DARK_DOUBLE)
WRONG = [
    (np.array([2.5, 4.5, 6.5]), "out has wrong values."),
    (np.array([2.0, np.nan, 6.0]), "out holds nan or inf."),
    (np.array([[2.0, 4.0, 6.0]]), "out has the wrong shape."),
    (np.array([]), "out has the wrong shape."),
    (np.array([2.0, 4.0, 6.0], np.float32), "out has dtype float32, expected float64."),
    ([2.5], "out is not an array."),
    (9.75, "out is not an array."),
    (Unsupported("object"), "out is not an array."),
    (Raised("ValueError", "x is [1. 2. 3.]"), "double raises ValueError."),
    (Raised("ValueError", "x is [1. 2. 3.]", 9), "double raises ValueError at line 9."),
    (
        Raised("AttributeError", "module 'numpy' has no attribute 'product'", 4),
        "double raises AttributeError at line 4. NumPy 2 has no np.product; use np.prod.",
    ),
]


@pytest.mark.parametrize(("answer", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_hidden_case_tells_the_kind_of_fault(answer, message):
    """Fixed words only: no entry, no shape, no exception's text."""
    verdict = sit(DOUBLE, {"double": answer if isinstance(answer, Raised) else Returned(answer)})
    assert verdict.of("values").message == f"{message} Case “dark”."


@pytest.mark.parametrize("value", [7.25, np.array([6.0]), "6", Unsupported("object"), np.float32(6)], ids=repr)
def test_a_hidden_number_stays_hidden(value):
    """No digit of the expected number leaves the grader; dtype names are no numbers."""
    message = sit(met_hidden(TOTAL), {"total": Returned(value)}).of("values").message
    assert not re.search(r"\d", message.replace("float32", "").replace("float64", ""))


def test_a_hidden_case_of_several_steps_does_not_name_the_step():
    """A wrong number of results is told by names alone."""
    messages = [f.message for f in sit(met_hidden(DRIFT), {"drift": Returned((1.0, 2.0, 3.0))}).all("values")]
    assert messages == ["drift does not return (w, v). Case “dark”."] * 2


def test_structures_hide_their_numbers_too(tiny):
    """A list or a dict names its item, never the item's numbers."""
    spread = tiny.exercise("spread")
    hidden = tuple(replace(f, cases=tuple(replace(c, public=False) for c in f.cases)) for f in spread.functions)
    no_public = replace(spread, functions=hidden)
    verdict = sit(
        no_public,
        {
            "spread": lambda size, *, by=1: size * 1.5,
            "extremes": lambda x: {"low": x.min(axis=0), "high": x.max(axis=0) + 0.125},
            "halves": lambda x: [x[:1] + 0.125, x[1:]],
        },
    )
    assert [f.message.partition(" Case")[0] for f in verdict.all("values")] == [
        "length is not an int.", "ends['high'] has wrong values.", "parts[0] has wrong values."
    ]  # fmt: skip


def test_the_judge_of_a_set_keeps_its_reason_for_public_cases():
    """A reason may hold numbers, so a hidden case does not show it."""
    judged = replace(
        DOUBLE,
        functions=(
            replace(
                DOUBLE.functions[0],
                cases=(case("dark", x=np.ones(2), accept={"out": lambda inputs, out: f"out starts with {out[0]}"}),),
            ),
        ),
    )
    assert sit(judged, {"double": lambda x: x}).of("values").message == "out has wrong values. Case “dark”."
    shown = sit(judged, {"double": lambda x: x}, reveal=True).of("values").message
    assert shown == "out starts with 1.0. Case “dark”."


def test_reveal_shows_the_numbers():
    """On the student's own machine hidden cases may speak."""
    message = sit(DOUBLE, {"double": Returned(np.array([2.0, 4.0, 7.0]))}, reveal=True).of("values").message
    assert message == "out[2] is 7, expected 6 (1 of 3 entries differ). Case “dark”."


def test_public_cases_are_shown_before_hidden_ones():
    """When both fail, the message is about the one that may show its numbers."""
    exercise = replace(
        DARK_DOUBLE,
        functions=(replace(DARK_DOUBLE.functions[0], cases=DARK_DOUBLE.functions[0].cases[::-1]),),
    )
    assert sit(exercise, {"double": lambda x: x}).of("values").case == "one two three"
