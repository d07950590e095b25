"""Hints from declared invariants: the terms of a formula, and the sums that the right output keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.audit import audit_exercise
from autograder.checks.variant import Variant
from autograder.diagnosis.terms import faults
from autograder.spec.draw import normal
from autograder.spec.exercise import layer
from autograder.spec.function import Function, Sums, Terms, case
from autograder.spec.small import small
from tests.diagnosis.exercises import CENTRE, centre, dense_backward, dense_forward, finding, hint, with_small
from tests.engine.coursework import copy_scale, edit


def changed(change):
    """Return a centre whose output is changed by `change(out, x, mean, gamma)`."""
    return lambda x, gamma: change(centre(x, gamma), x, x.mean(axis=1, keepdims=True), gamma)


TERMS = {
    "one is missing": (
        changed(lambda out, x, mean, g: x * g), "The terms of out: the mean is missing; the others are right.",
    ),
    "one has the wrong sign": (
        changed(lambda out, x, mean, g: (x + mean) * g),
        "The terms of out: the mean has the wrong sign; the others are right.",
    ),
    "one counts half": (
        changed(lambda out, x, mean, g: (x - mean / 2) * g),
        "The terms of out: the mean counts 1/2 times what it should; the others are right.",
    ),
    "one by its name": (
        changed(lambda out, x, mean, g: (x - mean * x.shape[1]) * g),
        "The terms of out: the mean counts D times what it should; the others are right.",
    ),
    "two": (
        changed(lambda out, x, mean, g: -(x + 2 * mean) * g),
        "The terms of out: x itself has the wrong sign; the mean counts 2 times what it should.",
    ),
}  # fmt: skip

SUMS = {
    "the first is broken": (
        changed(lambda out, x, mean, g: out + np.abs(mean)), "Each row must sum to 0, and yours does not.",
    ),
    "the second is broken": (changed(lambda out, x, mean, g: out + out**3 - (out**3).mean(axis=1, keepdims=True)),
                             "The rows have lost x."),
    "both": (
        changed(lambda out, x, mean, g: np.cos(3 * out)),
        "Each row must sum to 0, and yours does not. The rows have lost x.",
    ),
    "none": (changed(lambda out, x, mean, g: out + orthogonal(x)), "Only the mean is wrong."),
}  # fmt: skip


def orthogonal(x):
    """Return a function of each row that is orthogonal to 1 and to x."""
    ones = np.ones(x.shape[1])
    made = []
    for row in x:
        basis, _ = np.linalg.qr(np.stack([ones, row], axis=1))
        cubes = row**3 + row**2
        made.append(cubes - basis @ (basis.T @ cubes))
    return np.array(made)


ALL = {**{f"terms, {name}": entry for name, entry in TERMS.items()},
       **{f"sums, {name}": entry for name, entry in SUMS.items()}}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), ALL.values(), ids=ALL)
def test_the_missing_part_is_told(code, words):
    """The hint names the wrong term, or the broken and kept sums, and is recorded as an invariant."""
    found = finding(CENTRE, code, "out")
    assert (found.hint, found.diagnosis) == (words, "invariant")


def test_a_weight_that_has_no_name_is_no_term():
    """A term with weight 0.37, which has no name, gives the hint about the broken sum."""
    code = changed(lambda out, x, mean, g: (x - 0.37 * mean) * g)
    assert hint(CENTRE, code, "out") == "Each row must sum to 0, and yours does not."


def test_the_sums_of_a_slack_invariant_may_be_a_little_off():
    """An error of the sums below the declared slack does not break the invariant."""

    def with_slack(slack):
        law = Sums("out", "D", broken="The rows must sum to 0.", kept="The sums are right.", slack=slack)
        return replace(CENTRE, functions=(replace(CENTRE.functions[0], invariants=(law,)),))

    code = changed(lambda out, x, mean, g: out + 0.002 * np.cos(5 * x) * np.abs(out).max())
    assert hint(with_slack(0.05), code, "out") == "The sums are right."
    assert hint(with_slack(0.0), code, "out") == "The rows must sum to 0."


def test_what_an_output_must_be_is_the_last_word():
    """An invariant of each entry gives the hint only where nothing else explains the output."""
    law = Sums("db", "", broken="db must be dout, added up over the rows.")
    exercise = layer(
        Function(dense_forward, {"out": 2}),
        Function(dense_backward, {"dx": 2, "dw": 2, "db": 1}, invariants=(law,)),
        cases=[
            case("two", x=normal(2, 3), w=normal(3, 4), b=normal(4)),
            case("five", x=normal(5, 2), w=normal(2, 6), b=normal(6)),
        ],
    )
    exercise = with_small(exercise, small(x="B D", w="D M", b="M"))
    other = lambda dout, x, w, b: (*dense_backward(dout, x, w, b)[:2], dout.sum(axis=0) + dout[0] * 0.37)  # noqa: E731
    assert hint(exercise, other, "db") == law.broken
    assert hint(exercise, lambda *a: [-g for g in dense_backward(*a)], "db") == "db has the opposite sign everywhere."


def test_the_audit_proves_declared_terms(tmp_path):
    """The audit rejects terms that do not add up to the reference's output."""
    assert list(faults(Variant(CENTRE, 3))) == []
    wrong = Terms("out", lambda x, gamma: {"x itself": x * gamma})
    spoilt = replace(CENTRE, functions=(replace(CENTRE.functions[0], invariants=(wrong,)),))
    assert list(faults(Variant(spoilt, 3))) == ["the terms of centre's out do not add up to it"]
    scale = copy_scale(tmp_path)
    edit(scale, "spec.py", '{"out": 2}, purity=0.5, speed=0.5', '{"out": 2}, purity=0.5, speed=0.5, invariants=LAWS')
    edit(scale, "spec.py", "EXERCISE =", 'LAWS = (Terms("out", lambda x, w: {"x": x}),)\nEXERCISE =')
    edit(scale, "spec.py", "import Function,", "import Function, Terms,")
    rows = audit_exercise(scale, "scale", [3], first=False)
    assert [(row.name, row.words) for row in rows if not row.right] == [
        ("solution", "the terms of scale_forward's out do not add up to it (seed 3)")
    ]
