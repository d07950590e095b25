"""Recorded calls are replayed, and all other calls raise Unrecorded."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from autograder.errors import Unrecorded
from autograder.implementation import Absent, Raised, Request, Returned, Signature
from autograder.record.oracle import RecordedFunction, Recorder, ReplayedImplementation, digest, key_of
from autograder.sandbox.inprocess import InProcess


def ask(implementation, *args, **kwargs):
    """Return one call of f."""
    return implementation.call("f", args, kwargs, names=("x",), seconds=1)


def replayed(calls):
    """Return an implementation that answers each of these calls with its recorded outcome."""
    return ReplayedImplementation([(key_of(call), outcome) for call, outcome in calls], {})


def test_a_replay_gives_what_was_recorded():
    """A replay gives the recorded value, the exception, and the names of changed arguments."""

    def f(x, *, add=0.0):
        if add < 0:
            raise ValueError("below")
        x += add
        return x * 2

    recorder = Recorder(InProcess({"f": f}))
    said = [ask(recorder, np.arange(3.0)), ask(recorder, np.arange(3.0), add=1.0), ask(recorder, np.arange(2), add=-1)]
    replay = replayed(recorder.calls)
    again = [ask(replay, np.arange(3.0)), ask(replay, np.arange(3.0), add=1.0), ask(replay, np.arange(2), add=-1)]
    assert [digest(vars(one).get("value")) for one in said] == [digest(vars(one).get("value")) for one in again]
    assert again[1].changed == ("x",)
    assert again[2] == Raised("ValueError", "below")


def test_repeated_calls_get_successive_outcomes():
    """A repeated call gets the next recorded outcome, and after the last one that again."""
    rolls = iter([3, 5])
    recorder = Recorder(InProcess({"f": lambda x: next(rolls)}))
    ask(recorder, 1), ask(recorder, 1)
    replay = replayed(recorder.calls)
    assert [ask(replay, 1).value for _ in range(3)] == [3, 5, 5]


@pytest.mark.parametrize("x", [np.arange(3), np.arange(3.0)[:, None], np.array([0, 1, 2.5]), [0.0, 1.0, 2.0], None])
def test_another_call_raises_unrecorded(x):
    """A call that differs a little from a recorded one raises Unrecorded."""
    replay = replayed([(Request("f", (np.arange(3.0),), {}), Returned(1))])
    assert ask(replay, np.arange(3.0)) == Returned(1)
    with pytest.raises(Unrecorded):
        ask(replay, x)


def test_a_replay_has_the_signature_that_is_asked_for():
    """A replayed implementation has the signature that the exercise asks for."""
    replay = ReplayedImplementation([], {"f": Signature(("x",), ("x",))})
    assert replay.describe("f") == Signature(("x",), ("x",))
    assert replay.describe("g") == Absent("missing", "g is not recorded")
    assert replay.call_many(None, 1.0) is None and replay.timing_fault() == ""


def test_a_recorded_oracle_has_the_reference_s_name_and_signature():
    """A recorded oracle has the name and signature of the reference."""
    oracle = RecordedFunction("dense", ("x", "w"), ("scale",), {})
    assert oracle.__name__ == "dense"
    assert str(inspect.signature(oracle)) == "(x, w, *, scale)"


def test_a_recorded_oracle_returns_recorded_results_only():
    """A recorded oracle returns recorded results; other calls raise Unrecorded with the reason."""
    oracle = RecordedFunction("dense", ("x",), ("scale",), {})
    oracle.add((1.0,), {"scale": 2}, "two")
    assert oracle(1.0, scale=2) == "two"
    with pytest.raises(Unrecorded, match="the reference's dense is not here, and this question was not recorded"):
        oracle(1.0, scale=3)


def test_a_default_that_is_left_out_is_the_same_call():
    """A call without a default argument equals the call that gives it."""
    oracle = RecordedFunction("dense", ("x",), ("scale", "shift"), {"scale": 2, "shift": 0})
    oracle.add((1.0,), {}, "two")
    assert oracle(1.0) == oracle(1.0, shift=0, scale=2) == "two"
    assert str(inspect.signature(oracle)) == "(x, *, scale=2, shift=0)"


SQUARE = np.array([[1.0, 2.0], [2.0, 3.0]])
ORDERS = {
    "one number everywhere": (np.ones((2, 3)), np.ones((2, 3), order="F")),
    "symmetric": (SQUARE, np.asfortranarray(SQUARE)),
    "the same bytes": (np.arange(4.0).reshape(2, 2), np.arange(4.0).reshape(2, 2, order="F")),
    "the same numbers": (np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3))),
}


@pytest.mark.parametrize(("one", "other"), ORDERS.values(), ids=ORDERS)
def test_memory_order_is_part_of_a_call(one, other):
    """Arrays in C and in Fortran order are different arguments, even if their bytes are equal."""
    assert digest(one) != digest(other)
    assert (digest(one), digest(other)) == (digest(one.copy(order="K")), digest(other.copy(order="K")))
    replay = replayed([(Request("f", (one,), {}), Returned("C")), (Request("f", (other,), {}), Returned("F"))])
    assert (ask(replay, one), ask(replay, other)) == (Returned("C"), Returned("F"))


def test_an_order_without_effect_is_not_another_call():
    """Arrays with one axis or one row have one memory order; a view in neither order counts as C order."""
    row = np.arange(3.0)
    assert digest(row) == digest(np.asfortranarray(row))
    assert digest(row[None]) == digest(np.asfortranarray(row[None]))
    assert digest(np.arange(24.0).reshape(4, 6)[:, ::2]) == digest(np.arange(24.0).reshape(4, 6)[:, ::2].copy())
