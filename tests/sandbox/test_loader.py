"""A broken statement affects only what needs it."""

from __future__ import annotations

import pytest

from autograder.implementation import Absent, Raised, Returned, Stopped
from autograder.sandbox.inside.loader import BrokenChunk, parse
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox

GOOD = "def good(x):\n    return x + 1\n"


def value(outcome: object) -> object:
    assert isinstance(outcome, Returned), outcome
    return outcome.value


BROKEN = {
    "no colon": "def bad(x)\n    return x\n",
    "open bracket": "def bad(x):\n    return (x + [1\n",
    "open triple quote": 'def bad(x):\n    """Never closed.\n    return x\n',
    "open quote": "def bad(x):\n    return 'x\n",
    "bad indentation": "def bad(x):\n    y = 1\n  return y\n",
    "unfinished": "def bad(x):\n    y = \n    return y\n",
    "decorated": "@staticmethod\ndef bad(x):\n    return = x\n",
    "tabs and spaces": "def bad(x):\n\tif x:\n        return 1\n",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_syntax_error_costs_only_its_own_function(ask, broken: str) -> None:
    """Functions before and after a syntax error load; the broken one is absent with Python's message and line."""
    documented = '@staticmethod\ndef late(x):\n    """Fine."""\n    return x + 2\n'
    source = f"{GOOD}\n{broken}\n{documented}"
    assert value(ask(source, "good", 1)) == 2
    assert value(ask(source, "late", 1)) == 3
    absent = ask(source, "bad", 1)
    assert isinstance(absent, Absent) and absent.reason == "syntax" and absent.detail
    assert absent.line is not None and 3 <= absent.line <= 4 + broken.count("\n")


def test_text_at_the_margin_of_a_docstring_is_no_code() -> None:
    """Text at column 0 of a docstring is no code, even beside a broken function."""
    text = 'def good():\n    """\ndef example():\n    """\n    return 1\n\ndef bad(:\n    pass\n'
    found = [getattr(piece, "names", None) or getattr(piece, "name", None) for piece in parse(text, "x.py")]
    assert found == ["good", ("bad",)]


def test_pieces_keep_their_line_numbers() -> None:
    """A statement after a broken one is reported at its line in the file."""
    pieces = parse("def bad(:\n    pass\n\n\ndef good():\n    pass\n", "x.py")
    assert isinstance(pieces[0], BrokenChunk) and pieces[0].line == 1
    assert not isinstance(pieces[1], BrokenChunk) and pieces[1].lineno == 5


def test_a_missing_import_costs_only_its_users(ask) -> None:
    """Functions that use a missing module report it; the others work."""
    source = f"import torch, math\nfrom scipy.signal import convolve2d\n{GOOD}"
    source += "def user(x):\n    return torch.tanh(x)\ndef other(x):\n    return convolve2d(x, x)\n"
    source += "def third(x):\n    return math.sqrt(x)\n"
    assert value(ask(source, "good", 1)) == 2
    assert value(ask(source, "third", 4.0)) == 2.0
    for function, module, line in (("user", "torch", 6), ("other", "scipy", 8)):
        raised = ask(source, function, 1)
        assert raised == Raised("ModuleNotFoundError", f"No module named '{module}'", line, module)


def test_a_decorator_from_a_missing_module_is_told_by_name(ask) -> None:
    """A function whose decorator needs a missing module is undefined, and the module is named."""
    raised = ask(f"from numba import njit\n@njit\ndef fast(x):\n    return x\n{GOOD}", "fast", 1)
    assert isinstance(raised, Raised) and raised.missing == "numba"


def test_a_failing_top_level_line_is_skipped(local: Sandbox) -> None:
    """A failing top-level line is skipped, and later definitions load."""
    source = f"import numpy as np\nprint(undefined)\nz = np.zeros(2) @ np.zeros(3)\n{GOOD}"
    with local.session() as session:
        implementation = session.implementation("exercise", source)
        assert value(implementation.call("good", (1,), {}, names=("x",), seconds=1)) == 2


@pytest.mark.parametrize(("ending", "line"), [("while True:\n    pass", 2), ("import os\nos._exit(0)", 3)])
def test_a_top_level_line_that_never_ends_is_left_out(ending: str, line: int) -> None:
    """A top-level line that never ends is skipped; where it took too long, its line is kept for the next session."""
    with Sandbox("local", Limits(import_seconds=0.2)) as quick, quick.session() as session:
        implementation = session.implementation(
            "exercise", f"K = [1]\n{ending}\n{GOOD}def later(x):\n    return x + K[0]\n"
        )
        assert value(implementation.call("later", (1,), {}, names=("x",), seconds=1)) == 2
        assert session.ended_workers == 1
        assert list(quick.stops.values()) == ([line] if line == 2 else [])


def test_a_source_that_cannot_be_loaded_at_all_is_stopped() -> None:
    """Every call of a source that cannot be loaded has one outcome, without another wait."""
    endless = "def spin():\n    while True:\n        pass\n@spin()\ndef f(x):\n    return x\n"
    endless += "@spin()\ndef g(x):\n    return x\n"
    with Sandbox("local", Limits(import_seconds=0.1)) as quick, quick.session() as session:
        implementation = session.implementation("exercise", endless)
        first = implementation.call("f", (1,), {}, names=("x",), seconds=1)
        assert isinstance(first, Stopped) and first.reason == "time"
        assert implementation.describe("g") == first and session.ended_workers == 3


def test_several_lines_that_take_too_long_are_all_left_out() -> None:
    """Several top-level lines that take too long are all skipped, and the definitions load."""
    slow = "import math\ndef spin():\n    while True:\n        pass\na = spin()\nb = spin()\n"
    source = f"{slow}{GOOD}def later(x):\n    return math.floor(x)\n"
    with Sandbox("local", Limits(import_seconds=0.2)) as quick, quick.session() as session:
        implementation = session.implementation("exercise", source)
        assert value(implementation.call("later", (1.5,), {}, names=("x",), seconds=1)) == 1
        assert session.ended_workers == 2


def test_a_slow_text_is_waited_for_once() -> None:
    """The line where loading ended is known to other sessions of the same text."""
    with Sandbox("local", Limits(import_seconds=0.2)) as quick:
        for ended_workers in (1, 0):
            with quick.session() as session:
                implementation = session.implementation("exercise", f"while True:\n    pass\n{GOOD}")
                assert value(implementation.call("good", (1,), {}, names=("x",), seconds=1)) == 2
                assert session.ended_workers == ended_workers


def test_few_slow_texts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache of such lines drops the oldest entry when there are too many."""
    monkeypatch.setattr(Sandbox, "MOST_STOPS", 2)
    with Sandbox("local", Limits(import_seconds=0.05)) as quick:
        for name in "abc":
            with quick.session() as session:
                implementation = session.implementation("e", f"{name} = 1\nwhile {name}:\n    pass\n{GOOD}")
                assert value(implementation.call("good", (1,), {}, names=(), seconds=1)) == 2
        assert [text[0] for text in quick.stops] == ["b", "c"]


def test_the_main_block_never_runs(ask) -> None:
    """The main block of a script does not run."""
    assert value(ask(f"{GOOD}if __name__ == '__main__':\n    raise SystemExit\n    del good\n", "good", 1)) == 2


def test_annotations_from_the_future_stay_text(ask) -> None:
    """A future import holds for all statements after it."""
    source = "from __future__ import annotations\ndef f(x: Undefined) -> Unknown:\n    return x\n"
    assert value(ask(source, "f", 1)) == 1


def test_dataclasses_and_coding_cookies_load(ask) -> None:
    """Dataclasses load, and a coding comment has no effect on decoded text."""
    source = "# coding: utf-7\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    a: int = 2\n"
    assert value(ask(source + "def f():\n    return P().a\n", "f")) == 2


def test_deep_nesting_is_a_syntax_error_and_no_crash(ask) -> None:
    """Code that is nested too deeply for the parser affects only its own piece."""
    assert value(ask(f"x = {'(' * 5000}1{')' * 5000}\n{GOOD}", "good", 1)) == 2
