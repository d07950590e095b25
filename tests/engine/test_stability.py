"""Stability: an item of its own, only for answers that are right where the formula is harmless."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from autograder.course.catalog import Course
from autograder.implementation import Raised, Returned
from autograder.spec.exercise import Exercise
from tests.engine.scripted import sit


@pytest.fixture
def softplus(tiny: Course) -> Exercise:
    """log(1 + exp(x)), stable up to a thousand."""
    return tiny.exercise("softplus")


def naive(x):
    """Overflows, loudly."""
    return np.log(1 + np.exp(x))


def silenced(x):
    """Overflows, and hides it."""
    with np.errstate(all="ignore"):
        return np.log(1 + np.exp(x))


def loud_but_right(x):
    """Right everywhere, with a warning on the way."""
    return np.where(x > 30, x, np.log1p(np.exp(x)))


def test_a_stable_answer_earns_the_points(softplus):
    """Right values everywhere."""
    verdict = sit(softplus)
    assert (verdict.of("stability").status, verdict.of("stability").score, verdict.score) == ("passed", 1, 3)


@pytest.mark.parametrize("code", [naive, silenced])
def test_an_overflow_costs_stability_and_nothing_else(softplus, code):
    """The values stay right; the stable case says which entry is inf."""
    verdict = sit(softplus, {"softplus": code})
    assert verdict.of("values").score == 2
    finding = verdict.of("stability")
    assert (finding.status, finding.output, finding.score, finding.max_score) == ("failed", None, 0, 1)
    assert finding.message == "out[3] is inf, expected 1000 (1 of 4 entries differ). Case “up to a thousand”."


def test_a_warning_on_the_way_costs_nothing(softplus):
    """The values decide: whether NumPy warned is a word of the process, which it could also keep to itself."""
    assert sit(softplus, {"softplus": loud_but_right}).of("stability").status == "passed"


def test_a_wrong_answer_earns_nothing_for_being_stable(softplus):
    """max(x, 0) is right for ±1000, but it is not softplus."""
    finding = sit(softplus, {"softplus": lambda x: np.maximum(x, 0)}).of("stability")
    assert (finding.status, finding.score, finding.max_score) == ("skipped", 0, 1)


def test_an_exception_in_the_stable_case_is_an_error(softplus):
    """An assertion that fires for large numbers costs stability alone."""
    verdict = sit(softplus, {"softplus": lambda x: Raised("OverflowError", "too large", 5) if x.ndim == 1 else
                             Returned(np.logaddexp(0, x))})  # fmt: skip
    assert verdict.of("values").status == "passed"
    assert verdict.of("stability").status == "error"
    assert verdict.of("stability").message == (
        "softplus raises OverflowError at line 5: too large. Case “up to a thousand”."
    )


def test_the_loud_answer_really_is_loud():
    """The scripted answer does what its name says: the test above would pass for no other reason."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loud_but_right(np.array([1000.0]))
    assert "overflow" in str(caught[0].message)
