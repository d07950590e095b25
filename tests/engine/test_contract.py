"""The contract: is the function there, callable as the exercise says, and more than the stub?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checks.contract import is_stub, mismatch
from autograder.implementation import Absent, Raised, Returned, Signature, Stopped
from autograder.sandbox.inprocess import signature
from autograder.values import Unsupported
from tests.engine.desks import DOUBLE, DRIFT, SQUARE
from tests.engine.scripted import sit


def test_a_right_function_opens_the_way():
    """A function that can be called passes, for no points."""
    finding = sit(DOUBLE).of("contract")
    assert (finding.status, finding.score, finding.max_score, finding.message) == ("passed", 0, 0, "")


STUB_WORDS = "double is not written yet."
NOTHING_WORDS = "double returns nothing yet: write it, and end with `return out`."
STUBS = [
    (Raised("NotImplementedError", "write double"), STUB_WORDS),
    (Raised("TypeError", "exceptions must derive from BaseException"), STUB_WORDS),
    (Raised("Exception", "Not implemented!"), STUB_WORDS),
    (Raised("Exception", "not-implemented"), STUB_WORDS),
    (Raised("Exception", "TODO"), STUB_WORDS),
    (Raised("Exception", "your code here"), STUB_WORDS),
    (Raised("Exception", ""), STUB_WORDS),
    (Raised("AssertionError", ""), STUB_WORDS),
    (Raised("AssertionError", "implement me"), STUB_WORDS),
    (Returned(None), NOTHING_WORDS),
    (Returned((None, None, None)), NOTHING_WORDS),
    (Returned([None, (None,)]), NOTHING_WORDS),
    (Returned(Unsupported("NotImplementedType")), NOTHING_WORDS),
    (Returned(Unsupported("ellipsis")), NOTHING_WORDS),
]


@pytest.mark.parametrize(("outcome", "words"), STUBS, ids=[repr(outcome) for outcome, _ in STUBS])
def test_every_form_of_not_written_is_skipped(outcome, words):
    """What students hand in for "not implemented" is skipped with one sentence, and costs no error."""
    verdict = sit(DOUBLE, {"double": outcome}, {"double": Signature(("x",), ("x",), ("x",), empty=True)})
    assert [(f.check, f.status) for f in verdict.findings] == [
        ("contract", "skipped"), ("values", "skipped"), ("purity", "skipped")
    ]  # fmt: skip
    assert verdict.of("contract").message == words
    assert verdict.score == 0


def test_a_function_that_computes_and_returns_none_has_failed():
    """It is written, so it is no stub, and the message asks for the return."""
    verdict = sit(DOUBLE, {"double": Returned(None)})
    assert verdict.of("contract").status == "passed"
    assert (verdict.of("values").status, verdict.of("values").message) == (
        "failed", "double returns None: is `return out` missing? Case “one two three”."
    )  # fmt: skip


def test_what_real_python_does_with_not_implemented_is_a_stub():
    """`raise NotImplemented` and `return NotImplemented` are stubs by what Python itself makes of them."""

    def raises(x):
        raise NotImplemented  # noqa: F901

    assert sit(DOUBLE, {"double": raises}).of("contract").message == STUB_WORDS


NO_STUBS = [
    Raised("TypeError", "unsupported operand"),
    Raised("ValueError", "not implemented"),
    Raised("AssertionError", "shapes differ"),
    Raised("Exception", "boom"),
    Returned(0.0),
    Returned(()),
    Returned((None, 1.0)),
    Returned(np.zeros(3)),
    Returned(Unsupported("object")),
    Stopped("time"),
    Absent("missing"),
]


@pytest.mark.parametrize("outcome", NO_STUBS, ids=repr)
def test_an_attempt_is_no_stub(outcome):
    """An exception of the student's own, or a value, is an attempt."""
    assert not is_stub(outcome)


def test_a_function_that_is_a_stub_in_one_case_only_is_an_attempt():
    """One branch that is not written yet is an error in that case, not a skipped function."""
    forward = {"square_forward": lambda x: Raised("NotImplementedError", "2-D") if x.ndim == 2 else x * x}
    verdict = sit(SQUARE, forward)
    assert verdict.of("contract", "square_forward").status == "passed"
    assert verdict.of("values").message == (
        "square_forward raises NotImplementedError. Case “a table” (1 of 2 cases fail)."
    )


ABSENT = [
    (Absent("missing"), "skipped", "double is not defined. Define it with exactly this name."),
    (
        Absent("syntax", "'(' was never closed", 12), "error",
        "double cannot be read: '(' was never closed at line 12. The other functions were graded.",
    ),
    (Absent("not callable", "double is a ndarray"), "error", "double is not a function: double is a ndarray."),
    (Raised("NameError", "name 'p' is not defined", 3), "error",
     "double raises NameError at line 3: name 'p' is not defined."),
    (Raised("ModuleNotFoundError", "No module named 'scipy'", 1, "scipy"), "error",
     "double needs scipy, which is not available here at line 1. Use NumPy alone."),
    (Stopped("time"), "error",
     "double did not finish in the time allowed and was stopped: look for a loop that never ends."),
]  # fmt: skip


@pytest.mark.parametrize(("described", "status", "message"), ABSENT, ids=[repr(row[0]) for row in ABSENT])
def test_every_reason_for_no_function_has_its_sentence(described, status, message):
    """Where there is nothing to call, the contract says why, and the other checks are skipped."""
    verdict = sit(DOUBLE, described={"double": described})
    assert (verdict.of("contract").status, verdict.of("contract").message) == (status, message)
    assert [verdict.of("values").status, verdict.of("purity").status] == ["skipped", "skipped"]
    assert verdict.implementation.calls == []


def test_a_missing_function_leaves_the_others_alone():
    """A function that cannot be read does not cost its neighbour."""
    verdict = sit(SQUARE, described={"square_forward": Absent("syntax", "invalid syntax", 1)})
    assert verdict.of("values").status == "skipped"
    assert verdict.of("gradient").score == 3


FITS = [
    lambda w, v, *, lr: 0,
    lambda w, v, lr: 0,
    lambda weights, velocity, lr=1, other=2: 0,
    lambda *args, lr: 0,
    lambda w, v, **rest: 0,
    lambda *args, **kwargs: 0,
]
MISFITS = [
    (lambda w, *, lr: 0, "(w, *, lr)"),
    (lambda w, v: 0, "(w, v)"),
    (lambda w, v, rate: 0, "(w, v, rate)"),
    (lambda w, v, dw, *, lr: 0, "(w, v, dw, *, lr)"),
    (lambda w, *, v, lr: 0, "(w, *, v, lr)"),
    (lambda w, lr, v=None: 0, "(w, lr, v)"),
    (lambda w, v, *, lr, mu: 0, "(w, v, *, lr, mu)"),
    (lambda *args: 0, "(*args)"),
    (lambda w, **kwargs: 0, "(w, **kwargs)"),
]


@pytest.mark.parametrize("code", FITS)
def test_a_signature_that_every_call_can_bind_fits(code):
    """Names by position, defaults and star arguments are the student's own business."""
    assert mismatch(DRIFT.functions[0], signature(code)) == ""
    code(1, 2, lr=3)


@pytest.mark.parametrize(("code", "words"), MISFITS, ids=[words for _, words in MISFITS])
def test_a_signature_that_no_call_can_bind_is_told(code, words):
    """Where Python would raise TypeError, the message says what the function takes and what it should take."""
    with pytest.raises(TypeError):
        code(1, 2, lr=3)
    assert mismatch(DRIFT.functions[0], signature(code)) == f"drift takes {words}, expected (w, v, *, lr)."


def test_a_misfit_fails_the_contract():
    """A wrong signature is a failed contract, and the values are not blamed."""
    verdict = sit(DRIFT, {"drift": lambda w: (w, w)})
    assert (verdict.of("contract").status, verdict.of("contract").message) == (
        "failed", "drift takes (w), expected (w, v, *, lr)."
    )  # fmt: skip
    assert {f.status for f in verdict.all("values")} == {"skipped"}


def test_a_stub_with_another_signature_is_still_a_stub():
    """Someone who has not begun is not blamed for the parameters."""
    verdict = sit(DOUBLE, {"double": Returned(None)}, {"double": Signature((), (), empty=True)})
    assert verdict.of("contract").status == "skipped"


def test_who_repaired_and_left_the_line_that_raises_is_told_of_it():
    """Planted code stands behind it; it is skipped like a stub, with what to do."""
    finding = sit(replace(DOUBLE, planted=True), {"double": Raised("NotImplementedError")}).of("contract")
    words = "double is not repaired yet. When you begin, delete its line that raises NotImplementedError."
    assert (finding.status, finding.message) == ("skipped", words)
