"""Named steps: the first wrong one is named, and a right function is never bothered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.grading.pipeline import run_checks
from autograder.sandbox.inprocess import InProcess
from autograder.spec.draw import normal
from autograder.spec.exercise import plain
from autograder.spec.function import Function, case


def norm(x: np.ndarray) -> np.ndarray:
    """The oracle: x divided by its length."""
    return x / np.sqrt(np.sum(x * x))


def norm_steps(x: np.ndarray) -> dict[str, np.ndarray | float]:
    """Its steps."""
    return {"squares": x * x, "total": float(np.sum(x * x)), "length": float(np.sqrt(np.sum(x * x)))}


CASES = [case("five", public=True, x=normal(5)), case("hidden", x=normal(3))]
EXERCISE = replace(plain(Function(norm, {"out": 10}, steps=norm_steps), cases=CASES), name="norm")


def steps(reveal=True, **functions):
    """What is said of the steps: (output, status, message)."""
    found = run_checks(Trial(Variant(EXERCISE, 1), InProcess(functions), reveal))
    return [(f.output, f.status, f.message) for f in found if f.check == "steps"]


def wrong(x):
    """A wrong answer."""
    return x / np.sum(x * x)


def test_a_right_answer_s_steps_are_nobody_s_business():
    """However wrong they are."""
    assert steps(norm=norm, norm_steps=lambda x: {"squares": 0.0}) == []


def test_who_defines_none_is_not_asked():
    """Steps are offered, never demanded."""
    assert steps(norm=wrong) == []


def test_the_first_wrong_step_is_named_and_the_rest_left_out():
    """What comes after it may only have inherited its mistake."""
    mine = steps(norm=wrong, norm_steps=lambda x: {"squares": x * x, "total": float(np.sum(x)), "length": 0.0})
    assert mine[0] == ("squares", "passed", "")
    output, status, message = mine[1]
    assert (output, status, len(mine)) == ("total", "failed", 2)
    assert message.startswith("total is the first step that is wrong. total is ")
    assert message.endswith("Case “five”.")


def test_right_steps_say_where_to_look_next():
    """Behind the last of them, in the order of the computation and not of the dict."""
    mine = steps(norm=wrong, norm_steps=lambda x: {"total": float(np.sum(x * x)), "squares": x * x, "mine": 3})
    assert [item[:2] for item in mine] == [("squares", "passed"), ("total", "passed")]
    assert mine[-1][2] == "All steps that norm_steps returns are right: look at what comes after total."


def test_a_hidden_case_keeps_its_numbers():
    """Fixed words only."""
    mine = steps(False, norm=wrong, norm_steps=lambda x: {"total": float(np.sum(x * x)) + (len(x) == 3)})
    assert mine[-1][2] == "total is the first step that is wrong. total has wrong values. Case “hidden”."


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda x: x, "expected a dict with any of squares, total, length."),
        (lambda x: {"sum": 1}, "norm_steps returns none of the steps that can be checked: squares, total, length."),
        (lambda x: 1 / 0, "norm_steps raises ZeroDivisionError"),
    ],
)
def test_what_is_no_dict_of_steps_is_said(given, words):
    """With what was expected."""
    ((output, status, message),) = steps(norm=wrong, norm_steps=given)
    assert output is None
    assert status in ("failed", "error")
    assert words in message


def test_steps_never_change_the_score():
    """They are worth nothing, and a wrong answer stays as wrong as it was."""
    alone, helped = (
        [f for f in run_checks(Trial(Variant(EXERCISE, 1), InProcess(functions))) if f.check != "steps"]
        for functions in ({"norm": wrong}, {"norm": wrong, "norm_steps": norm_steps})
    )
    assert alone == helped
