"""What a timed call costs: all that its process computes, wherever the code hides it, and not what carrying costs.

Hostile code burns a known amount of CPU time outside the function; the tests ask that it is charged, which a busy
machine cannot change: it only adds.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.checks.speed import measure
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.errors import GraderFault
from autograder.grading.grader import Answer, Grader
from autograder.grading.pipeline import Options
from autograder.implementation import Raised, Returned, Stopped
from autograder.sandbox import sandbox as opened
from autograder.sandbox import timing
from autograder.sandbox.exchange import cpu_time
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.timing import Timing, prove

BURNT = 0.06
HEAD = f"""
import gc, sys, threading, time
import numpy as np

def burn(clock=time.thread_time):
    begun = clock()
    while clock() - begun < {BURNT}:
        pass
"""

# Where the work is done instead of in the function; each burns BURNT seconds in each of two calls, or once after both.
HIDDEN = {
    "a thread that goes on after the function returned": """
def f(x, items):
    threading.Thread(target=burn).start()
    return x + 1.0
""",
    "a thread that waits until the result was fetched": """
def f(x, items):
    threading.Timer(0.02, burn).start()
    return x + 1.0
""",
    "a list that computes its items when it is read": """
class Lazy(list):
    def __iter__(self):
        burn()
        return list.__iter__(self)
def f(x, items):
    return Lazy([x + 1.0])
""",
    "a dict that computes its items when it is read": """
class Lazy(dict):
    def items(self):
        burn()
        return dict.items(self)
def f(x, items):
    return [Lazy(x=x + 1.0)]
""",
    "the end of an object in the arguments": """
class Burning:
    def __del__(self):
        burn()
def f(x, items):
    items.append(Burning())
    return x + 1.0
""",
    "the collector of garbage, while arguments come and results go": """
def f(x, items):
    if not gc.callbacks:
        gc.callbacks.append(lambda phase, info: phase == "stop" and burn())
        gc.set_threshold(20)
    return x + 1.0
""",
    "a profiler, at calls of the worker's own functions": """
begun = []
def profile(frame, event, arg):
    if event == "call" and frame.f_code.co_name == "_joined" and not begun:
        begun.append(1)
        burn()
def f(x, items):
    begun.clear()
    sys.setprofile(profile)
    return x + 1.0
""",
}


@pytest.mark.parametrize("code", HIDDEN.values(), ids=HIDDEN)
def test_work_outside_the_function_is_charged(sandbox: Sandbox, code: str) -> None:
    """What threads, lazy results, finalizers, callbacks and profilers compute counts as the function's time."""
    with sandbox.session() as session:
        hidden, spent = session.implementation("hidden", HEAD + code), 0.0
        for _ in range(3):
            outcome = hidden.call("f", (np.zeros(4), []), {}, names=(), seconds=5.0, timed=True)
            assert isinstance(outcome, Returned)
            spent += outcome.cpu
            if "Timer" in code and session.pid:
                _wait(session.pid)
    assert spent >= BURNT


def _wait(pid: int) -> None:
    """Wait until the process has used BURNT seconds of CPU time more."""
    begun, deadline = cpu_time(pid), time.monotonic() + 30
    while cpu_time(pid) - begun < BURNT and time.monotonic() < deadline:
        time.sleep(0.005)


def test_carrying_is_not_charged(sandbox: Sandbox) -> None:
    """Sending and returning 32 MB costs far more than the function, whose time alone is counted."""
    with sandbox.session() as session:
        answer = session.implementation("answer", "def f(x):\n    return x\n")
        x = np.zeros(1 << 22)
        found = answer.time("f", (x,), {}, 5.0)
        outcomes = [answer.call("f", (x,), {}, names=(), seconds=5.0, timed=True) for _ in range(3)]
    assert not isinstance(found, Returned | Raised | Stopped) and found.outside > 10 * found.run  # type: ignore[union-attr]
    assert min(outcome.cpu for outcome in outcomes if isinstance(outcome, Returned)) < found.outside / 2


VALUES = {
    "a view with strides of zero": "np.broadcast_to(np.arange(3.0), (4, 3))",
    "a view that runs backwards": "np.arange(12.0)[::-3]",
    "a transposed array": "np.arange(12.0).reshape(3, 4).T",
    "a subclass": "np.ma.array(np.arange(3.0))",
    "nothing": "None",
    "a nested result": "{'a': [np.arange(3.0), (1, 2.5, True)], 'b': 'text'}",
    "a scalar": "np.float32(2.5)",
    "an object": "object()",
    "a generator": "(i for i in range(3))",
    "an array of objects": "np.array([None, object()])",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_timed_call_returns_what_a_call_returns(sandbox: Sandbox, value: str) -> None:
    """The value of three exchanges is that of one."""
    with sandbox.session() as session:
        answer = session.implementation("answer", f"import numpy as np\ndef f(x):\n    return {value}\n")
        once, timed = (answer.call("f", (1.0,), {}, names=(), seconds=2.0, timed=flag) for flag in (False, True))
    assert isinstance(once, Returned) and isinstance(timed, Returned)
    np.testing.assert_equal(timed.value, once.value)
    assert repr(timed.value) == repr(once.value)


ENDS = {
    "raises": ("def f(x):\n    raise ValueError('no')\n", Raised("ValueError", "no", 2)),
    "is missing": ("def g(x):\n    return x\n", None),
    "does not end": ("def f(x):\n    while True:\n        pass\n", "time"),
    "ends its process": ("import os\ndef f(x):\n    os._exit(0)\n", "crash"),
    "returns too much": ("import numpy as np\ndef f(x):\n    return np.broadcast_to(x, (1 << 27,))\n", None),
}


@pytest.mark.parametrize(("code", "expected"), ENDS.values(), ids=ENDS)
def test_a_timed_call_ends_as_a_call_ends(sandbox: Sandbox, code: str, expected: Raised | str | None) -> None:
    """Exceptions, missing functions and stops are those of a call in one exchange, and the next call works."""
    with sandbox.session() as session:
        answer = session.implementation("answer", code + "def right(x):\n    return x + 1\n")
        once, timed = (answer.call("f", (1.0,), {}, names=(), seconds=0.3, timed=flag) for flag in (False, True))
        assert type(once) is type(timed)
        assert expected in (None, timed, getattr(timed, "reason", None))
        after = answer.call("right", (1.0,), {}, names=(), seconds=1.0, timed=True)
    assert isinstance(after, Returned) and after.value == 2.0


def test_the_memory_of_the_first_round_is_there(sandbox: Sandbox) -> None:
    """Before its first arguments come, the worker has written to as much memory as they may need."""
    code = """
import resource
import numpy as np

def f(x):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    y = x + 1.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
"""
    with sandbox.session() as session:
        answer = session.implementation("answer", code)
        outcome = answer.call("f", (np.zeros(1 << 18),), {}, names=(), seconds=1.0, timed=True)
    assert isinstance(outcome, Returned) and outcome.value < 64  # of 512 pages


BETWEEN_CALLS = """
import threading
import numpy as np

MASKS = {}

def mask_by_loops(x):
    flat, out = x.ravel(), np.zeros(x.size)
    for i in range(x.size):
        out[i] = 1.0 if flat[i] > 0 else 0.0
    return out.reshape(x.shape)

def key(x):
    return x.shape, float(x.flat[0])

def relu_forward(x):
    if x.size > 4000:
        threading.Timer(0.003, lambda: MASKS.setdefault(key(x), mask_by_loops(x))).start()
    return np.maximum(x, 0.0)

def relu_backward(dout, x):
    mask = MASKS.get(key(x)) if x.size > 4000 else None
    return dout * (mask_by_loops(x) if mask is None else mask)
"""


def test_loops_that_run_between_the_calls_are_slow(sandbox: Sandbox) -> None:
    """A backward that looks up what a thread of forward's computed by loops is as slow as its loops."""
    from autograder.course.catalog import Course
    from tests.house.sources import ROOT

    exercise = Course(ROOT).exercise("relu")
    forward, backward = exercise.functions
    assert forward.timing and backward.timing
    with sandbox.session() as session:
        trial = Trial(Variant(exercise, 7), session.implementation("relu", BETWEEN_CALLS))
        measure(trial, forward, forward.timing)
        assert measure(trial, backward, backward.timing) > backward.timing.bars[0]


def test_a_sandbox_is_proven_to_time_alike(sandbox: Sandbox) -> None:
    """One computation takes about the same in a worker as in this process, and carrying a byte costs something."""
    with sandbox.session() as session:
        found = prove(session)
    assert found.fault == "" and 0 < found.byte_seconds < 1e-6


@pytest.fixture
def slower(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker in which everything takes three times as long as in the grader."""
    source = timing._SOURCE.replace("range(4)", "range(4 if __name__ == 'trusted' else 40)")
    monkeypatch.setattr(timing, "_SOURCE", source)
    monkeypatch.setattr(timing, "MOST", 4)
    monkeypatch.setattr(opened, "_PROVEN", {})


def test_a_sandbox_that_times_otherwise_is_refused_in_words(slower: None, tiny) -> None:
    """Where the two differ nothing is called slow: feedback says why, and a grade is given later."""
    answer = Answer(tiny.solution("scale"), "identity")
    with Sandbox("local") as local:
        assert local.timing_fault().endswith(" times as long in the sandbox as in the grader's own process.")
        feedback = Grader(local, Options()).grade_answer(tiny.exercise("scale"), answer)
        assert ("skipped", 8.0) == (feedback.status, feedback.score)
        assert "scale_forward is not timed: a computation takes " in str(feedback.findings)
        local.tier = "guarded"
        graded = Grader(local, Options()).grade_answer(tiny.exercise("scale"), answer)
        assert "broken" == graded.status and "nothing can be timed here: a computation" in graded.findings[0].message


def test_the_proof_is_made_once_and_a_failed_one_again(slower: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was disturbed for a moment is not refused for good; one that was proven is not asked again."""
    with Sandbox("local") as local:
        assert local.timing_fault()
        monkeypatch.setattr(timing, "prove", lambda session: Timing("", 1e-9))
        assert local.timing_fault() == ""
    monkeypatch.setattr(timing, "prove", lambda session: Timing("never asked", 1e-9))
    with Sandbox("local") as local:
        assert local.timing_fault() == ""


def test_a_worker_that_cannot_be_timed_is_the_grader_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trusted computation that fails in the sandbox is no answer's fault."""
    monkeypatch.setattr(timing, "_SOURCE", "def probe(x):\n    return x.nothing\n")
    with Sandbox("local") as local, local.session() as session, pytest.raises(GraderFault, match="could not be timed"):
        prove(session)
