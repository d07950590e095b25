"""A backward that calls its own wrong forward loses no points twice, and nothing is earned by a trick."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.variant import Variant
from autograder.grading.pipeline import Options, grade_to_teach
from autograder.record.read import read_exercise
from autograder.release.recording import record_exercise
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.draw import normal
from autograder.spec.exercise import layer
from autograder.spec.function import Function, case
from autograder.spec.small import small

SAID = "It calls your own bend_forward, which is wrong. With the right values in its place dx is right and loses no points of its own."  # noqa: E501
BACKWARD = """
def bend_backward(dout, x, *, by=1.0):
    out = bend_forward(x, by=by)
    return dout * by * (1 - out**2)
"""
WRONG = "import numpy as np\n\ndef bend_forward(x, *, by=1.0):\n    return 2 * np.tanh(by * x)\n"
# What a program does → its text, and whether it has the points of its gradient.
PROGRAMS = {
    "calls its own wrong forward": (WRONG + BACKWARD, True),
    "calls it by names": (WRONG + BACKWARD.replace("bend_forward(x, by=by)", "bend_forward(by=by, x=x)"), True),
    "calls it twice": (WRONG + BACKWARD.replace("out**2", "out * bend_forward(x, by=by)"), True),
    "writes into what it was given": (WRONG + BACKWARD.replace("    return", "    out **= 2\n    return").replace(
        "out**2)", "out)"), True),
    "forgets the hyperparameter": (WRONG + BACKWARD.replace("bend_forward(x, by=by)", "bend_forward(x)"), False),
    "is wrong given the right forward": (WRONG + BACKWARD.replace("1 - out", "1 + out"), False),
    "clips a large dout": (WRONG + BACKWARD.replace("dout * by", "np.clip(dout, -20, 20) * by"), False),
    "takes a difference quotient of its forward": (WRONG + """
def bend_backward(dout, x, *, by=1.0):
    return dout * (bend_forward(x + 1e-6, by=by) - bend_forward(x - 1e-6, by=by)) / 2e-6
""", False),
    "looks for the expected gradient in the frames above": (WRONG + """
import sys

def bend_backward(dout, x, *, by=1.0):
    bend_forward(x, by=by)
    frame, found = sys._getframe(), np.zeros(x.shape)
    while frame is not None:
        for name, value in frame.f_locals.items():
            if name not in ("dout", "x", "found") and isinstance(value, np.ndarray) and value.shape == x.shape:
                found = value
        frame = frame.f_back
    return found
""", False),
    "has no forward": ("import numpy as np\n\ndef bend_forward(x, *, by=1.0):\n    raise NotImplementedError\n"
                       + BACKWARD, False),
    "calls another function for it": (WRONG + "\nother = bend_forward\n" + BACKWARD.replace("bend_forward(", "other("),
                                      False),
}  # fmt: skip


def bend_forward(x, *, by=1.0):
    """Return tanh(by·x)."""
    return np.tanh(by * x)


def bend_backward(dout, x, *, by=1.0):
    """Return dx."""
    return dout * by * (1 - np.tanh(by * x) ** 2)


@pytest.fixture(scope="module")
def exercise():
    """Return a layer with a hyperparameter, in whose last cases dout is large and small."""
    sizes = ((2, 1.0), (3, 0.5), (4, 2.0), (5, 1.5))
    cases = [case(f"{n} numbers", public=n == 2, x=normal(n), by=by) for n, by in sizes]
    forward, backward = Function(bend_forward, {"out": 2}), Function(bend_backward, {"dx": 3}, purity=1)
    families = {"bend_forward": (small(x="B"),), "bend_backward": (small(x="B"),)}
    return layer(forward, backward, cases=cases, name="bend", small=families)


@pytest.fixture(scope="module")
def sandbox():
    """Return a local sandbox that the tests share."""
    with Sandbox("local") as made:
        yield made


def graded(sandbox, exercise, text, seed=3):
    """Return the findings on a program in the local sandbox."""
    with sandbox.session() as session:
        variant = Variant(exercise, seed)
        return grade_to_teach(variant, session.implementation("bend", text), Options(reveal=True))


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_points_of_the_gradient(sandbox, exercise, name):
    """A gradient that is right given the right forward has its points, and says why; no other wrong one has."""
    text, earns = PROGRAMS[name]
    findings = graded(sandbox, exercise, text)
    (found,) = (finding for finding in findings if finding.output == "dx")
    forward = sum(finding.score for finding in findings if finding.function == "bend_forward")
    assert (found.status == "passed", found.score, forward) == (earns, 3 * earns, 0)
    assert (found.message == SAID) == earns


def test_a_right_forward_has_nothing_to_excuse(sandbox, exercise):
    """Where the forward is right a wrong backward is wrong, and a right pair is not asked again."""
    right = WRONG.replace("2 * ", "")
    assert [f.status for f in graded(sandbox, exercise, right + BACKWARD) if f.output] == ["passed", "passed"]
    wrong = graded(sandbox, exercise, right + BACKWARD.replace("1 - out", "1 + out"))
    assert [(f.output, f.status) for f in wrong if f.output in ("out", "dx")] == [("out", "passed"), ("dx", "failed")]


def test_nothing_stays_in_the_process(sandbox, exercise):
    """What the program kept of the right values is gone with its process: its later calls know nothing of them."""
    text = WRONG + BACKWARD.replace("    return", "    kept.append(out)\n    return") + "\nkept = []\n"
    spying = text.replace("def bend_backward", "def calls():\n    return len(kept)\n\ndef bend_backward")
    with sandbox.session() as session:
        implementation = session.implementation("bend", spying)
        findings = grade_to_teach(Variant(exercise, 3), implementation, Options(skip=frozenset({"purity"})))
        assert next(f for f in findings if f.output == "dx").score == 3
        after = implementation.call("calls", (), {}, names=(), seconds=1)
    assert after.value == 0


def test_a_release_says_the_same(sandbox, exercise, tmp_path):
    """The values of forward that the question needs are recorded, those of the cases with a large dout as well."""
    path = tmp_path / "bend.npz"
    path.write_bytes(record_exercise(exercise, 3))
    text = PROGRAMS["calls its own wrong forward"][0]
    assert graded(sandbox, exercise, text) == graded(sandbox, read_exercise(path), text)
