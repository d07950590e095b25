"""Purity: a function leaves its arguments alone, and that is a small line of its own."""

from __future__ import annotations

import numpy as np

from autograder.implementation import Raised
from tests.engine.desks import DOUBLE, SQUARE
from tests.engine.scripted import sit


def test_a_pure_function_earns_the_point():
    """Right and pure is the whole score."""
    verdict = sit(DOUBLE)
    assert (verdict.of("purity").status, verdict.of("purity").score, verdict.score) == ("passed", 0.5, 2.5)


def in_place(x):
    """Right values, wrong manners."""
    x *= 2
    return x


def test_an_in_place_answer_keeps_its_values_and_loses_purity():
    """The values are graded on a copy, so writing into x costs purity alone."""
    verdict = sit(DOUBLE, {"double": in_place})
    assert verdict.of("values").score == 2
    finding = verdict.of("purity")
    assert (finding.status, finding.score, finding.max_score, finding.case) == ("failed", 0, 0.5, "one two three")
    assert finding.message == (
        "double changes its argument x in place, so the caller's array is different afterwards. "
        "Make a new array instead: start from a copy, or write an expression without `=` into x."
    )


def test_several_changed_arguments_are_all_named():
    """dout and x are both named, in the order of the signature."""

    def backward(dout, x):
        x *= 2
        dout *= x
        return dout

    message = sit(SQUARE, {"square_backward": backward}).of("purity").message
    assert message.startswith("square_backward changes its arguments dout and x in place, so the caller's arrays are ")


def test_one_impure_case_is_enough():
    """Writing into the argument in one branch only is found."""
    finding = sit(SQUARE, {"square_backward": lambda dout, x: in_place(dout) * x if x.ndim == 2 else 2 * dout * x})
    assert (finding.of("purity").status, finding.of("purity").case) == ("failed", "a table")


def test_a_wrong_answer_earns_nothing_for_being_pure():
    """Doing nothing is pure: without a right output the point is skipped."""
    finding = sit(DOUBLE, {"double": lambda x: np.zeros_like(x)}).of("purity")
    assert (finding.status, finding.score, finding.max_score) == ("skipped", 0, 0.5)


def test_a_crash_earns_nothing_for_being_pure():
    """Nothing was shown, so nothing is earned and nothing is blamed."""
    assert sit(DOUBLE, {"double": Raised("ValueError", "no")}).of("purity").status == "skipped"


def test_without_points_there_is_no_finding():
    """A function without points for purity is not judged by it."""
    assert len(sit(SQUARE).all("purity")) == 1
