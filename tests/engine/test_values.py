"""Values: each kind of wrong result is caught, and its message says what and where."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.judge import explain
from autograder.implementation import Absent, Raised, Returned, Stopped
from autograder.values import Unsupported
from tests.engine.desks import DARK_DOUBLE, DOUBLE, DRIFT, TOTAL, returning
from tests.engine.scripted import sit

HERE = " Case “one two three”."


def test_right_values_earn_all_points():
    """A right function has nothing to read and everything to earn."""
    finding = sit(DOUBLE).of("values")
    assert (finding.status, finding.output, finding.score, finding.message) == ("passed", "out", 2, "")


ARRAYS = [
    ([2.0, 4.0, 7.0], "out[2] is 7, expected 6 (1 of 3 entries differ)."),
    ([0.0, 0.0, 0.0], "out[2] is 0, expected 6 (3 of 3 entries differ)."),
    ([2.0, 4.00001, 6.0], "out[1] is 4.00001, expected 4 (1 of 3 entries differ)."),
    ([2.0, np.nan, 9.0], "out[1] is nan, expected 4 (2 of 3 entries differ)."),
    ([2.0, -np.inf, 6.0], "out[1] is -inf, expected 4 (1 of 3 entries differ)."),
    ([[2.0, 4.0, 6.0]], "out has shape (1, 3), expected (3,). The values are right, only the shape is not."),
    ([[2.0], [4.0], [6.0]], "out has shape (3, 1), expected (3,). The values are right, only the shape is not."),
    ([[2.0, 4.0, 7.0]], "out has shape (1, 3), expected (3,)."),
    ([2.0, 4.0], "out has shape (2,), expected (3,)."),
    ([], "out is empty: shape (0,), expected (3,)."),
]


@pytest.mark.parametrize(("values", "message"), ARRAYS, ids=[message for _, message in ARRAYS])
def test_a_wrong_array_is_told_with_place_and_numbers(values, message):
    """Index, got, expected and how many; shapes apart from values; empty for what it is."""
    finding = sit(DOUBLE, returning(np.array(values))).of("values")
    assert (finding.status, finding.score, finding.max_score) == ("failed", 0, 2)
    assert finding.message == message + HERE
    assert finding.case == "one two three"


OTHERS = [
    (np.array([2, 4, 6], np.float32), "out has dtype float32, expected float64. Keep the precision of the input."),
    (np.array([2, 4, 6]), "out has dtype int64, expected float64. An array of ints cuts off what stands behind the "
     "point: make it one of floats."),
    (np.array([2, 4, 6 + 0j]), "out has dtype complex128, expected float64. Take its real part."),
    ([2.0, 4.0, 6.0], "out is a list of 3, expected an array of shape (3,)."),
    (6.0, "out is 6, expected an array of shape (3,)."),
    ("done", "out is 'done', expected an array of shape (3,)."),
    (Unsupported("MaskedArray"), "out is an object of type MaskedArray, expected an array of shape (3,)."),
    ({"out": 1}, "out is a dict of 1, expected an array of shape (3,)."),
    (True, "out is True, expected an array of shape (3,)."),
]


@pytest.mark.parametrize(("value", "message"), OTHERS, ids=[message for _, message in OTHERS])
def test_what_is_no_right_array_is_told_by_its_type(value, message):
    """Precision lost, lists, numbers, strings and objects are named for what they are."""
    assert sit(DOUBLE, returning(value)).of("values").message == message + HERE


NUMBERS = [
    (7.0, "sum is 7, expected 6."),
    (np.nan, "sum is nan, expected 6."),
    (np.array([6.0]), "sum has shape (1,), expected (). The values are right, only the shape is not."),
    (np.array([1.0, 2.0, 3.0]), "sum has shape (3,), expected ()."),
    (np.float32(6.0), "sum has dtype float32, expected float64. Keep the precision of the input."),
    ("6", "sum is '6', expected the number 6."),
    (True, "sum is True, expected the number 6."),
    (Unsupported("Fraction"), "sum is an object of type Fraction, expected the number 6."),
]


@pytest.mark.parametrize(("value", "message"), NUMBERS, ids=[message for _, message in NUMBERS])
def test_a_wrong_number_is_told(value, message):
    """A scalar result has messages of its own."""
    assert sit(TOTAL, returning(value, TOTAL)).of("values").message == message + HERE


@pytest.mark.parametrize("value", [6, 6.0, np.float64(6), np.array(6.0), np.int64(6)], ids=repr)
def test_a_right_number_of_any_kind_is_right(value):
    """Python's and NumPy's numbers and arrays without dimensions are the same number."""
    assert sit(TOTAL, returning(value, TOTAL)).score == 1


ARITY = [
    ((1.0, 2.0, 3.0), "drift returns a tuple of 3, expected (w, v)."),
    (np.array([5.0, 10.0]), "drift returns an array of shape (2,), expected (w, v)."),
    (1.5, "drift returns 1.5, expected (w, v)."),
    ({"w": 1, "v": 2}, "drift returns a dict of 2, expected (w, v)."),
]


@pytest.mark.parametrize(("value", "message"), ARITY, ids=[message for _, message in ARITY])
def test_a_wrong_number_of_results_is_told_for_every_output(value, message):
    """Without as many values as outputs nobody can say which is which."""
    findings = sit(DRIFT, returning(value, DRIFT)).all("values")
    assert [f.message for f in findings] == [f"{message} Case “three steps” (3 of 3 cases fail)."] * 2


RAISED = [
    (Raised("IndexError", "index 3 is out of bounds", 4),
     "double raises IndexError at line 4: index 3 is out of bounds."),
    (Raised("ValueError", "Sorry!", None), "double raises ValueError: Sorry!"),
    (Raised("ValueError", "", 9), "double raises ValueError at line 9."),
    (Raised("KeyError", "first line\nsecond line", 2), "double raises KeyError at line 2: first line."),
    (
        Raised("ModuleNotFoundError", "No module named 'pandas'", 1, "pandas"),
        "double needs pandas, which is not available here at line 1. Use NumPy alone.",
    ),
]  # fmt: skip
STOPPED = [
    ("time", "double did not finish in the time allowed and was stopped: look for a loop that never ends."),
    ("memory", "double ran out of memory: look for an array whose shape grows."),
    ("crash", "double ended the Python process: remove exit calls and low-level tricks."),
    ("output", "double prints without end and was stopped: remove the print in the loop."),
    ("protocol", "double wrote to the grader's own channel: leave open files of the process alone."),
]


@pytest.mark.parametrize(
    ("outcome", "message"), RAISED + [(Stopped(reason), words) for reason, words in STOPPED], ids=repr
)
def test_a_call_that_does_not_return_is_an_error_with_its_sentence(outcome, message):
    """Exceptions with their line, missing modules, and every reason for which a process is ended."""
    finding = sit(DOUBLE, {"double": outcome}).of("values")
    assert (finding.status, finding.score) == ("error", 0)
    assert finding.message == message + HERE


@pytest.mark.parametrize(
    ("absent", "message"),
    [
        (Absent("missing"), "double is not defined. Define it with exactly this name."),
        (Absent("syntax", "invalid syntax", 3),
         "double cannot be read: invalid syntax at line 3. The other functions were graded."),
        (Absent("not callable", "double is a list"), "double is not a function: double is a list."),
    ],
)  # fmt: skip
def test_a_function_that_vanishes_between_two_calls_is_told(absent, message):
    """Absent may also come as the outcome of a call, with the same words."""
    assert explain(DOUBLE.functions[0], absent).text == message


REMOVED = {
    "product": "np.prod", "cumproduct": "np.cumprod", "alltrue": "np.all", "sometrue": "np.any", "Inf": "np.inf",
    "NaN": "np.nan", "float_": "np.float64", "float": "float", "int": "int", "object": "object",
    "asfarray": "np.asarray",
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:In the future:FutureWarning")
@pytest.mark.parametrize(("old", "new"), REMOVED.items())
def test_a_name_that_numpy_removed_comes_with_its_successor(old, new):
    """NumPy 2's own AttributeError, by whatever words it says so, is told in one more sentence."""
    if old in vars(np):
        pytest.skip(f"this NumPy still has np.{old}")
    finding = sit(DOUBLE, {"double": lambda x: getattr(np, old)(x)}).of("values")
    assert finding.status == "error"
    assert f" NumPy 2 has no np.{old}; use {new}. Case" in finding.message


def test_an_unknown_name_of_numpy_is_an_ordinary_error():
    """A typo is not blamed on NumPy 2."""
    message = sit(DOUBLE, {"double": lambda x: np.expp(x)}).of("values").message
    assert message == f"double raises AttributeError: module 'numpy' has no attribute 'expp'.{HERE}"


def test_the_first_failing_case_is_shown_and_the_others_counted():
    """Public cases come first, and the count says how many fail."""
    verdict = sit(DARK_DOUBLE, {"double": lambda x: 3 * x})
    assert verdict.of("values").message == (
        "out[2] is 9, expected 6 (3 of 3 entries differ). Case “one two three” (2 of 2 cases fail)."
    )


def test_one_wrong_case_costs_the_output():
    """Points are earned by all cases or not at all."""
    finding = sit(DARK_DOUBLE, {"double": lambda x: 2 * x if x.ndim == 1 else x}).of("values")
    assert (finding.score, finding.case) == (0, "in the dark")


def test_each_output_earns_its_own_points():
    """A wrong v does not cost w."""
    verdict = sit(DRIFT, {"drift": lambda w, v, *, lr=0.5: (w + v, Unsupported("list_iterator"))})
    assert verdict.of("values", output="v").message == (
        "v after step 1 is an object of type list_iterator, expected an array of shape (2,). "
        "Case “three steps” (3 of 3 cases fail)."
    )


def test_a_state_is_fed_back_and_the_wrong_step_is_named():
    """What goes wrong only in the second step says so."""
    first = {"drift": lambda w, v, *, lr=0.5: (w + v, lr * v if v[0] == 4 else v)}
    verdict = sit(DRIFT, first)
    assert verdict.of("values", output="v").message == (
        "v[1] after step 2 is 4, expected 2 (2 of 2 entries differ). Case “three steps” (3 of 3 cases fail)."
    )
    assert verdict.of("values", output="w").message == (
        "w[1] after step 3 is 18, expected 16 (2 of 2 entries differ). Case “three steps” (3 of 3 cases fail)."
    )


def test_a_function_that_was_stopped_is_not_called_again():
    """One endless loop costs its time once, however many cases there are."""
    verdict = sit(DARK_DOUBLE, {"double": Stopped("time")})
    assert len(verdict.implementation.calls) == 1
    assert "(2 of 2 cases fail)" in verdict.of("values").message


def test_a_value_is_judged_as_returned_by_each_case():
    """A constant that is right in the public case is caught by the hidden one."""
    verdict = sit(DARK_DOUBLE, {"double": Returned(np.array([2.0, 4.0, 6.0]))})
    assert verdict.of("values").message == "out has the wrong shape. Case “in the dark” (1 of 2 cases fail)."
