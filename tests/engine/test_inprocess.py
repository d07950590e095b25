"""In this process: the same protocol as the sandbox, for code we trust."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from autograder.implementation import Absent, Raised, Returned, Signature
from autograder.sandbox.inprocess import InProcess, load, materialise, signature
from autograder.values import Code, Rng


def call(code, *args, names=None, **kwargs):
    """One call of one function."""
    names = names or tuple("abcdef"[: len(args)])
    return InProcess({"f": code}).call("f", args, kwargs, names=names, seconds=1.0)


def test_a_call_returns_its_value_and_its_time():
    """The value comes back as it is, with the CPU seconds it took."""
    outcome = call(lambda a, b, *, k: (a + b, k), 1, 2, k=3)
    assert isinstance(outcome, Returned)
    assert outcome.value == (3, 3)
    assert 0 <= outcome.cpu < 0.1


def test_arguments_are_copies():
    """What the function does to them, the caller's arrays stay."""

    def spoil(a, b, c, *, d):
        a[:] = 7
        b[0][:] = 7
        c["x"][:] = 7
        d[:] = 7

    given = np.zeros(2), [np.zeros(2)], {"x": np.zeros(2)}
    d = np.zeros(2)
    outcome = call(spoil, *given, d=d)
    assert outcome.changed == ("a", "b", "c", "d")
    assert not any(np.any(array) for array in (given[0], given[1][0], given[2]["x"], d))


@pytest.mark.parametrize("change", [
    lambda a: a.__setitem__(0, np.nan), lambda a: a.sort(), lambda a: a.resize((4,), refcheck=False),
])  # fmt: skip
def test_every_kind_of_change_is_reported(change):
    """Values, order and shape."""
    assert call(change, np.array([3.0, 2.0, 1.0]), names=("x",)).changed == ("x",)


def test_reading_is_no_change():
    """NaN is not taken for a change, nor is an argument that was bound to another array."""
    assert call(lambda a: a * 2, np.array([np.nan, 1.0])).changed == ()
    assert call(lambda a, b: a.append(1) or len(b), [1], (2,)).changed == ("a",)
    assert call(lambda a: a["x"], {"x": 1.0}).changed == ()
    assert call(lambda a: a.pop("x"), {"x": 1.0}).changed == ("a",)
    assert call(lambda a: a.__setitem__(0, 2), [1]).changed == ("a",)
    assert call(lambda a: a.__setitem__(0, (1, 2)), [np.zeros(2)]).changed == ("a",)


def test_without_names_nobody_looks():
    """Timed calls leave the comparison out."""

    def spoil(a):
        a[:] = 7

    assert InProcess({"f": spoil}).call("f", (np.zeros(2),), {}, names=(), seconds=1.0).changed == ()


def test_memory_order_reaches_the_function():
    """A Fortran array stays one."""
    assert call(lambda a: a.flags.f_contiguous, np.asfortranarray(np.ones((2, 3)))).value is True


def test_an_rng_arrives_as_a_generator():
    """The same seed gives the same numbers, at every call."""
    first, second = (call(lambda rng: rng.standard_normal(3), Rng(5)).value for _ in range(2))
    assert np.array_equal(first, second)
    assert np.array_equal(first, np.random.default_rng(5).standard_normal(3))


def test_code_arrives_as_a_function():
    """A function argument is made from its source."""
    source = "def half(x):\n    return x / 2\n"
    assert call(lambda f, x: f(x), Code("half", source), 3.0).value == 1.5
    assert [item(4) for item in materialise((Code("half", source),))] == [2.0]


class Odd(IndexError):
    """An exception of the student's own."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [(ValueError("no"), "ValueError"), (Odd("no"), "IndexError"), (np.linalg.LinAlgError("no"), "ValueError")],
)
def test_an_exception_comes_back_by_its_nearest_builtin_name(error, kind):
    """As the sandbox says it."""

    def fail(a):
        raise error

    assert call(fail, 1) == Raised(kind, "no")


def test_a_warning_is_not_printed(capsys):
    """Neither NumPy's nor Python's warnings reach the terminal."""
    call(lambda a: np.exp(a), np.array([1e4]))
    call(lambda a: warnings.warn("look", stacklevel=1), 1)
    assert capsys.readouterr().err == ""


def test_what_is_not_there_is_absent():
    """A missing name and a name for something else, to describe and to call alike."""
    implementation = InProcess({"f": 3})
    assert implementation.describe("g") == Absent("missing", "g is not defined")
    assert implementation.describe("f") == Absent("not callable", "it is of type int")
    assert implementation.call("g", (), {}, names=(), seconds=1.0) == Absent("missing", "g is not defined")
    assert implementation.call("f", (), {}, names=(), seconds=1.0) == Absent("not callable", "it is of type int")


def test_a_signature_in_words():
    """Every kind of parameter lands where a caller would look for it."""

    def f(a, /, b, c=1, *args, d, e=2, **kwargs):
        pass

    assert signature(f) == Signature(("a", "b", "c"), ("b", "c", "d", "e"), ("a", "b", "d"), True, True)
    assert signature(lambda a: a) == Signature(("a",), ("a",), ("a",), False, False)


def test_a_text_becomes_its_functions():
    """Functions only, by name; classes and constants are no candidates."""
    text = "import math\nfrom math import tau\nK = 2\nclass A: pass\ndef f(x): return K * x\n"
    functions = load(text, "here").functions
    assert set(functions) == {"f"}
    assert functions["f"](4) == 8
