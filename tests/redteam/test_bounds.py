"""What an answer may cost the trusted side: memory and work follow from what is expected, whatever comes back."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.checks import trial
from autograder.checks.trial import Trial, Work
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis.shrink import case_batches
from autograder.grading import grader
from autograder.grading.grader import Answer, Grader
from autograder.grading.pipeline import Options, report, run_checks, without
from autograder.implementation import Returned, Stopped
from autograder.numeric import sample
from autograder.numeric.sample import cost
from autograder.render.html.feedback import report_html
from autograder.render.terminal import feedback_text
from autograder.report.json import to_json
from autograder.sandbox.inside import wire
from autograder.sandbox.limits import Limits, Total
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from tests.engine.scripted import scripted

TINY = Path(__file__).parents[1] / "tiny"
SKIP = frozenset({"speed"})
CAP = Limits().reply_cap

# Expressions of x and w; each is returned in the place of every output.
REPLIES = {
    "32 MB of zeros": "np.zeros((1, 1 << 22))",
    "32 MB of noise": "np.random.default_rng(0).standard_normal((1 << 11, 1 << 11))",
    "as many numbers as a reply may hold": "np.random.default_rng(0).standard_normal(7800)",
    "a column of them": "np.random.default_rng(0).standard_normal((7800, 1))",
    "a row of them": "np.random.default_rng(0).standard_normal((1, 7800))",
    "a broadcast exabyte": "np.broadcast_to(0.0, (1 << 57,))",
    "wide strides": "np.lib.stride_tricks.as_strided(np.zeros(4), (1 << 30, 1 << 20), (0, 0))",
    "eight axes": "np.ones((6,) * 8)",
    "forty axes": "np.ones((1,) * 40)",
    "no entries and a wide axis": "np.zeros((0, 1 << 28))",
    "no entries and an axis beyond 32 bits": "np.zeros((0, 1 << 40))",
    "no entries in eight axes": "np.zeros((0,) + (500,) * 7)",
    "five thousand outputs": "tuple(np.zeros(1) for _ in range(5000))",
    "a hundred thousand numbers": "[0.5] * 100_000",
    "arrays without an axis": "[np.array(0.5) for _ in range(9000)]",
    "a list in a list": "__import__('functools').reduce(lambda inner, _: [inner], range(500), 1.0)",
    "lists in lists": "__import__('functools').reduce(lambda inner, _: [inner] * 6, range(7), 1.0)",
    "a text of 50 MB": "'x' * 50_000_000",
    "a text of characters of four bytes": "chr(0x1F600) * 10_000_000",
    "a key of 50 MB": "{'x' * 50_000_000: x}",
    "many keys": "{str(i): x for i in range(9000)}",
    "keys that are no text": "{i: x for i in range(9000)}",
    "a number of 100,000 digits": "10 ** 100_000",
    "objects": "np.array([object()] * 100_000)",
    "bits": "np.zeros(1 << 24, bool)",
    "halves": "np.zeros(1 << 23, np.float16)",
    "an exception with a text of 50 MB": "(_ for _ in ()).throw(ValueError('x' * 50_000_000))",
    "a hundred thousand lines in an exception": "(_ for _ in ()).throw(ValueError('a\\n' * 100_000))",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("local", limits=Limits(call_seconds=2.0)) as opened:
        yield opened


@pytest.fixture(scope="module")
def scale() -> Exercise:
    (exercise,) = Course(TINY).exercises(("scale",))
    return without(exercise, SKIP)


@pytest.fixture(scope="module")
def forward(scale: Exercise) -> Exercise:
    return replace(scale, functions=scale.functions[:1])


def text_of(reply: str) -> str:
    """An answer that returns the expression."""
    return f"import numpy as np\ndef scale_forward(x, w):\n    return {reply}\n"


def stated(exercise: Exercise) -> int:
    """The most that the trusted side may hold for an answer, in bytes: twice what every reply may cost that is kept,
    and four times the largest batch of them while it is read."""
    variant = Variant(exercise, 1)
    cases = [cost(c.expected) for f in exercise.functions for case in f.cases for c in variant.calls(f, case)]
    batches = [
        [max(cost(call.inputs), cost(call.expected)) for _, call in batch.calls]
        for f in exercise.functions
        for batch in case_batches(f, exercise.small.get(f.name, ()))
    ]
    caps = [sum(CAP(expected) for expected in batch) for batch in (cases, *batches)]
    return 2 * sum(caps) + 4 * max(caps)


@pytest.fixture(scope="module")
def warm(sandbox: Sandbox, forward: Exercise) -> Grader:
    """A grader that has made what is made once: the reference's results, small inputs, imports."""
    made = Grader(sandbox, Options("secret", SKIP))
    made.grade_answer(forward, Answer(text_of("x"), "x"))
    gc.collect()
    return made


@pytest.mark.parametrize("name", REPLIES)
def test_no_reply_costs_more_than_is_stated(name: str, warm: Grader, forward: Exercise) -> None:
    """Memory, the report and its page are bounded, no point is earned, and the student is not called a cheat."""
    tracemalloc.start()
    try:
        graded = warm.grade_answer(forward, Answer(text_of(REPLIES[name]), name))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    whole = report("student", "local", (graded,))
    assert peak <= stated(forward)
    assert graded.score == 0.0 and graded.status in ("failed", "error")
    assert len(to_json(whole)) < 64 << 10 and len(report_html(whole)) < 512 << 10
    assert len(feedback_text(whole, verbose=True)) < 64 << 10
    assert "own channel" not in to_json(whole)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("np.zeros((1, 1 << 22))", "out has shape (1, 4194304), expected (2, 3)."),
        ("np.broadcast_to(0.0, (1 << 57,))", "out has shape (144115188075855872,), expected (2, 3)."),
        ("'x' * 50_000_000", "out is a str of 50000000, which is too large to be right."),
        ("[0.5] * 100_000", "out is a list of 100000, which is too large to be right."),
    ],
)
def test_a_reply_that_is_too_large_is_told_by_its_shape(
    reply: str, words: str, warm: Grader, forward: Exercise
) -> None:
    """A student reads the same sentence as of a smaller array, and of anything else its length."""
    graded = warm.grade_answer(forward, Answer(text_of(reply), reply))
    assert [f.message.startswith(words) for f in graded.findings if f.check == "values"] == [True]


def test_the_bound_tells_a_worker_nothing_of_the_right_answer() -> None:
    """It is a power of two, and one and the same for whatever has up to 16 KiB."""
    caps = [CAP(expected) for expected in range(0, 1 << 20, 1000)]
    assert {cap & (cap - 1) for cap in caps} == {0}
    assert {CAP(expected) for expected in range(16 << 10)} == {1 << 16}
    assert all(2 * e <= CAP(e) <= 4 * e + (1 << 16) for e in range(0, 1 << 20, 1000))


def test_replies_and_expected_values_are_counted_alike() -> None:
    """What a value costs on the wire is what `numeric.sample.cost` says, or less."""
    assert sample.ITEM == wire.ITEM
    value = {"a": np.zeros((3, 4)), "b": [1.0, None, "text", (np.arange(5), True)]}
    words = wire.Words(None, None, None)  # type: ignore[arg-type]
    assert wire.encode(value, words, limit=sample.cost(value) + 64)
    with pytest.raises(wire.TooLarge):
        wire.encode(value, words, limit=sample.cost(value) // 2)


BURNING = """
import time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
def scale_forward(x, w):
    burn(0.05)
    return x * w
def scale_backward(dout, x, w):
    burn(0.05)
    return dout * w, (dout * x).sum(axis=0)
"""


def test_all_calls_of_an_answer_have_a_time_in_total(
    sandbox: Sandbox, scale: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was judged before keeps its points, the rest is told why; the next answer has the whole time again."""
    monkeypatch.setattr(grader, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(trial, "CALL_MANY_SECONDS", 0.08)  # less than two calls take
    graded = Grader(sandbox, Options("secret", SKIP)).grade_answer(scale, Answer(BURNING, "burning"))
    forward, backward = ([f for f in graded.findings if f.function == c.name] for c in scale.functions)
    assert sum(f.score for f in forward) == sum(scale.functions[0].outputs.values()) + 0.5
    words = "was not called to the end: all calls of this answer took more time together than is allowed."
    assert {f.message.partition(" Case")[0] for f in backward if f.status == "error"} == {f"scale_backward {words}"}
    right = BURNING.replace("0.05", "0.0")
    assert Grader(sandbox, Options("secret", SKIP)).grade_answer(scale, Answer(right, "right")).status == "passed"


def test_sleep_counts_for_the_total_too(sandbox: Sandbox) -> None:
    """Wall time ends an answer whose calls sleep, each within its own limit."""
    total = Total(60.0, 0.5)
    with sandbox.session(total) as session:
        asleep = session.implementation("a", "import time\ndef f():\n    time.sleep(0.12)\n")
        found = [asleep.call("f", (), {}, names=(), seconds=0.05) for _ in range(8)]
    assert isinstance(found[0], Returned)
    assert isinstance(found[-1], Stopped) and found[-1].reason == "total"


def test_a_diagnosis_that_has_examined_enough_says_nothing(scale: Exercise) -> None:
    """The numbers that hypotheses examine are counted; without any left there is no hint, and the points are the
    same."""
    told = {}
    for left in (Work.left, 10_000):
        wrong = scripted(scale, {"scale_forward": lambda x, w: x * w * 3.0})
        trial = Trial(Variant(scale, 7), wrong, work=Work(left))
        found = next(f for f in run_checks(trial) if f.output == "out")
        told[left] = found.hint, found.score, found.message
    (hint, *spoken), (nothing, *silent) = told.values()
    assert hint and not nothing and spoken == silent
