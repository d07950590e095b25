"""Each kind of outcome and the facts in it."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.implementation import Absent, Raised, Returned, Signature, Stopped
from autograder.sandbox.inside import wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.values import Code, Rng, Unsupported

HEAD = "import numpy as np\nimport sys\n"


def returned(outcome: object) -> Returned:
    assert isinstance(outcome, Returned), outcome
    return outcome


def test_values_come_back_plain(ask) -> None:
    """Arrays, scalars and containers of them come back with their dtypes."""
    source = HEAD + "def f(x):\n    return x * 2, {'n': None, 's': 'a'}, [True, 1, 2.5], np.float32(3)\n"
    array, named, listed, scalar = returned(ask(source, "f", np.arange(3.0))).value
    assert array.tolist() == [0.0, 2.0, 4.0] and named == {"n": None, "s": "a"} and listed == [True, 1, 2.5]
    assert scalar.dtype == np.float32 and scalar.shape == ()


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("object()", "object"),
        ("{1, 2}", "set"),
        ("1j", "complex"),
        ("(i for i in 'ab')", "generator"),
        ("np.array([None])", "array of object"),
        ("np.zeros(2, complex)", "array of complex128"),
        ("np.array(['a'])", "array of str"),
        ("np.random.default_rng(0)", "Generator"),
        ("type('X1234', (), {})()", "object"),
        ("{1: 2}", "dict"),
        ("2 ** 70", "int"),
        ("f", "function"),
        ("np", "module"),
    ],
)
def test_what_is_no_plain_data_is_named(ask, expression: str, kind: str) -> None:
    """A value with no encoding is named by its builtin or NumPy type, else as an object."""
    assert returned(ask(f"{HEAD}def f():\n    return {expression}\n", "f")).value == Unsupported(kind)


def test_arguments_reach_the_student_as_promised(ask) -> None:
    """Rng becomes a generator of that seed, Code a function, Fortran order is kept, and arrays are writable."""
    source = (
        HEAD + "def f(rng, g, x):\n    x += 0\n    return rng.random(), g(2), x.flags.f_contiguous, x.flags.owndata\n"
    )
    args = (Rng(3), Code("g", "def g(x):\n    return x * x\n"), np.asfortranarray(np.ones((2, 3))))
    assert returned(ask(source, "f", *args)).value == (np.random.default_rng(3).random(), 4, True, True)


def test_changed_arguments_are_named(ask) -> None:
    """Arguments changed in place, in a list, by keyword or in shape are named; arguments only read are not."""
    source = HEAD + "def f(a, b, c, *, d, e):\n    a += 1\n    c[0][0] = 9\n    d.shape = (4,)\n    return b + 0\n"
    x = np.zeros((2, 2))
    outcome = returned(ask(source, "f", x.copy(), x.copy(), [x.copy()], d=x.copy(), e=x.copy()))
    assert set(outcome.changed) == {"a0", "a2", "d"}


def test_a_change_that_compares_equal_is_still_a_change(ask) -> None:
    """Replacing 0.0 by -0.0 is a change; an unchanged NaN is not."""
    x = np.array([0.0, np.nan])
    assert returned(ask("def f(a):\n    a[0] = -0.0\n", "f", x)).changed == ("a0",)
    assert returned(ask("def f(a):\n    a[0] = 0.0\n", "f", x)).changed == ()


def test_warnings_are_not_printed(ask) -> None:
    """Neither a RuntimeWarning of NumPy nor another one reaches the log."""
    source = (
        HEAD
        + "import io, sys, warnings\ndef f(x):\n    sys.stderr = io.StringIO()\n    np.log(x)\n"
        + "    warnings.warn('x', DeprecationWarning)\n    return sys.stderr.getvalue()\n"
    )
    assert returned(ask(source, "f", np.array(-1.0))).value == ""


def test_an_exception_has_its_builtin_type_message_and_line(ask) -> None:
    """An exception has the innermost line in the student's file and its nearest builtin type."""
    source = HEAD + "class Mine(ValueError):\n    pass\ndef f(x):\n    return g(x)\ndef g(x):\n    raise Mine('no')\n"
    assert ask(source, "f", 1) == Raised("ValueError", "no", 8)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("sys.exit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise NotImplemented", "TypeError"),
        ("raise NotImplementedError", "NotImplementedError"),
        ("return f()", "RecursionError"),
        ("return input()", "EOFError"),
        ("return np.zeros(3) @ np.zeros(4)", "ValueError"),
        ("return np.float(3)", "AttributeError"),
        ("raise type('E1011', (Exception,), {'__module__': 'builtins'})", "Exception"),
        ("raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})", "Exception"),
        ("return np.zeros(1 << 40)", "MemoryError"),
    ],
)
def test_whatever_is_raised_is_caught(ask, body: str, kind: str) -> None:
    """Any exception is caught, also a BaseException, and the worker continues."""
    outcome = ask(f"{HEAD}def f():\n    {body}\n", "f")
    assert isinstance(outcome, Raised) and (outcome.kind, outcome.line) == (kind, 4), outcome


def test_a_long_message_is_cut(ask) -> None:
    """A message is cut at 500 characters."""
    outcome = ask("def f():\n    raise ValueError('x' * 10**6)\n", "f")
    assert isinstance(outcome, Raised) and len(outcome.message) == 500


def test_a_missing_function_and_one_that_is_none(ask) -> None:
    """A missing function and one that is not callable are absent for different reasons."""
    assert ask("g = 3\n", "f") == Absent("missing")
    assert ask("g = 3\n", "g") == Absent("not callable", "it is of type int")


def test_signatures(local: Sandbox) -> None:
    """Signatures report every kind of parameter, and a callable without a signature."""
    source = HEAD + "def f(a, /, b, c=1, *, d, e=2, **more):\n    pass\ng = np.add\nh = np.dot\n"
    with local.session() as session:
        implementation = session.implementation("exercise", source)
        required = ("a", "b", "d")
        assert implementation.describe("f") == Signature(
            ("a", "b", "c"), ("b", "c", "d", "e"), required, False, True, True
        )
        assert isinstance(implementation.describe("g"), Signature)
        assert implementation.describe("nothing") == Absent("missing")


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ("'''Words.'''", True), ("pass", True), ("...", True), ("return None", True), ("return None, None", True),
        ("dx = None; return dx", True), ("dx = x * 2", False), ("x *= 2", False), ("print(x)", False),
        ("return x + 1", False), ("if x: return 2", False), ("raise NotImplementedError", False),
    ],
)  # fmt: skip
def test_a_body_that_computes_nothing_is_told(local: Sandbox, body: str, empty: bool) -> None:
    """A body of a docstring, `pass` and names for None is empty; a computation without `return` is not."""
    with local.session() as session:
        described = session.implementation("exercise", f"{HEAD}def f(x):\n    {body}\n").describe("f")
    assert isinstance(described, Signature) and described.empty == empty


@pytest.mark.parametrize("name", wire.DTYPES)
def test_an_argument_has_the_dtype_object_of_numpy(ask, name: str) -> None:
    """Arguments and results have NumPy's own dtype objects."""
    source = f"import numpy as np\ndef f(x):\n    return x.dtype is np.dtype({name!r}), x"
    same, back = returned(ask(source, "f", np.ones(3, name))).value
    assert same and back.dtype is np.dtype(name)


def test_cpu_time_is_measured_and_sleep_is_free(ask) -> None:
    """CPU time counts all threads, and sleep does not count."""
    source = (
        "import time, threading\ndef nap():\n    time.sleep(0.05)\ndef burn():\n    end = time.process_time() + 0.03\n"
    )
    source += "    while time.process_time() < end:\n        pass\n"
    source += "def hidden():\n    t = threading.Thread(target=burn)\n    t.start()\n    t.join()\n"
    assert returned(ask(source, "nap")).cpu < 0.02
    assert returned(ask(source, "burn")).cpu >= 0.03
    assert returned(ask(source, "hidden")).cpu >= 0.03


def test_a_sleeper_is_ended_by_the_wall_clock() -> None:
    """A call that sleeps is ended by wall time."""

    class Short(Limits):
        def wall(self, seconds: float) -> float:
            return 0.1

    with Sandbox("local", Short()) as short, short.session() as session:
        outcome = session.implementation("e", "import time\ndef f():\n    time.sleep(9)\n").call(
            "f", (), {}, names=(), seconds=1
        )
        assert isinstance(outcome, Stopped) and (outcome.reason, outcome.detail) == ("time", "no answer within 0.1 s")


def test_a_death_costs_one_call_and_only_the_needed_source_is_loaded_again(local: Sandbox) -> None:
    """After a crash the next call gets a fresh worker, which loads only the needed source."""
    with local.session() as session:
        first = session.implementation(
            "a", "print('a')\ndef die():\n    import os\n    os._exit(0)\ndef f():\n    return 1\n"
        )
        second = session.implementation("b", "print('b')\ndef f():\n    return 2\n")
        assert returned(second.call("f", (), {}, names=(), seconds=1)).value == 2
        assert isinstance(first.call("die", (), {}, names=(), seconds=1), Stopped)
        assert returned(first.call("f", (), {}, names=(), seconds=1)).value == 1
        assert session.ended_workers == 1


def test_honest_printing_passes(ask, local: Sandbox) -> None:
    """Each of several calls may print 100 KB."""
    with local.session() as session:
        implementation = session.implementation("e", "def f():\n    print('x' * 100_000)\n")
        for _ in range(4):
            assert isinstance(implementation.call("f", (), {}, names=(), seconds=1), Returned)


def test_large_arrays_go_both_ways(ask) -> None:
    """Arrays larger than a pipe are sent both ways."""
    x = np.random.default_rng(0).standard_normal((1 << 19,))
    assert np.array_equal(returned(ask("def f(x):\n    return x[::-1]\n", "f", x, seconds=2)).value, x[::-1])


def test_an_argument_that_cannot_be_sent_is_the_graders_own_mistake(ask) -> None:
    """An argument that cannot be sent raises TypeError instead of an outcome."""
    with pytest.raises(TypeError, match="a set cannot be sent"):
        ask("def f(x):\n    return x\n", "f", {1})


def test_random_numbers_without_a_seed_repeat(local: Sandbox) -> None:
    """Random numbers without a seed repeat in every worker."""
    source = "import random\nimport numpy as np\ndef f():\n    return random.random(), np.random.rand(), hash('a')\n"

    def draw() -> object:
        with local.session() as session:
            return returned(session.implementation("e", source).call("f", (), {}, names=(), seconds=1)).value

    assert draw() == draw()
