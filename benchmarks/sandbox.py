"""Cost of confinement: one honest exercise in every tier, next to an unconfined process.

exercise: spawn, load and five calls of honest code, and the worker's end. graded: a whole exercise with its checks,
except speed. start: from nothing to a zygote that can fork. call: one more call in a living worker. death: a crash and
the next answer. selftest: the test of the sandbox before grading.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from autograder.course.catalog import Course
from autograder.grading.grader import Grader, VariantCache
from autograder.grading.pipeline import Options
from autograder.implementation import Returned
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.sandbox.session import Session
from autograder.sandbox.tiers import probe
from autograder.submission.source import Source, Submission
from benchmarks.repetition import interleave, milliseconds, ratio
from benchmarks.table import Table, digits, times
from benchmarks.usage import ROOT, measure

SOURCE = """
import os
import numpy as np

def dense(x, w, b):
    return x @ w + b

def die():
    os._exit(1)
"""
_CALLS = "x, w, b = np.ones((8, 5)), np.ones((5, 3)), np.ones(3)\nfor _ in range(5):\n    assert dense(x, w, b).all()\n"
_BUBBLEWRAP, _PYTEST = "bubblewrap and python", "pytest"
_ROUNDS = 20
_PARTS = ("exercise", "graded", "start", "call", "death", "selftest")

_SCALE = """
def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, (dout * x).sum(axis=0)
"""
_EXERCISES = Course(ROOT / "tests" / "tiny").exercises(("scale",))
_NO_SPEED, _PAPERS = Options("benchmark", frozenset({"speed"})), VariantCache()

Actions = dict[tuple[str, str], Callable[[], object]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add no options."""


def run(args: argparse.Namespace) -> Table:
    """Measure the medians for every tier available here, and for unconfined processes."""
    rounds = args.rounds or _ROUNDS
    notes = [f"Medians of {rounds} interleaved rounds, wall time; the ratios are of the exercise."]
    notes += [f"{report.name} is not here: {report.why}" for report in probe() if not report.available]
    if not shutil.which("bwrap"):
        notes.append("bubblewrap is not here: install it to see its row.")
    with ExitStack() as stack, TemporaryDirectory(prefix="handgrad-") as folder:
        actions: Actions = {}
        for report in probe():
            if report.available:
                actions |= _tier(report.name, stack)
        actions |= _processes(Path(folder))
        found = interleave({key: milliseconds(action) for key, action in actions.items()}, rounds)
    names = dict.fromkeys(name for name, _ in actions)
    columns = ("one honest exercise", *(f"{part}\nms" for part in _PARTS), "bubblewrap\nis", "pytest\nis")
    return Table("sandbox: what confinement costs", columns, tuple(_row(name, found) for name in names), tuple(notes))


def _tier(tier: str, stack: ExitStack) -> Actions:
    sandbox = stack.enter_context(Sandbox(tier))
    session = stack.enter_context(sandbox.session())
    _call(session)  # the zygote and the first worker are ready before anything is timed
    return {
        (tier, "exercise"): lambda: _exercise(sandbox),
        (tier, "graded"): lambda: _graded(sandbox),
        (tier, "start"): lambda: _start(tier),
        (tier, "call"): lambda: _call(session),
        (tier, "death"): lambda: _die(session),
        (tier, "selftest"): lambda: selftest(sandbox),
    }


def _start(tier: str) -> None:
    with Sandbox(tier) as sandbox:
        sandbox.new_worker().kill()


def _exercise(sandbox: Sandbox) -> None:
    with sandbox.session() as session:
        for _ in range(5):
            _call(session)


def _graded(sandbox: Sandbox) -> None:
    source = Source(_SCALE, "benchmark", "scale.py")
    report = Grader(sandbox, _NO_SPEED, _PAPERS).grade(Submission("student", {"scale": source}), _EXERCISES)
    assert report.status == "passed", report


def _call(session: Session) -> None:
    args = (np.ones((8, 5)), np.ones((5, 3)), np.ones(3))
    outcome = session.implementation("dense", SOURCE).call("dense", args, {}, names=("x", "w", "b"), seconds=1)
    assert isinstance(outcome, Returned), outcome


def _die(session: Session) -> None:
    session.implementation("dense", SOURCE).call("die", (), {}, names=(), seconds=1)
    _call(session)


def _processes(folder: Path) -> Actions:
    """Run the five calls in separate processes: bare, in bubblewrap if it is installed, and as a test."""
    code = SOURCE + _CALLS
    test = folder / "test_dense.py"
    test.write_text(SOURCE + "\ndef test_dense():\n" + "".join(f"    {line}\n" for line in _CALLS.splitlines()))
    pytest = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", "/dev/null", str(test))
    actions: Actions = {("python", "exercise"): _command(sys.executable, "-c", code)}
    if shutil.which("bwrap"):
        bwrap = "bwrap --unshare-all --die-with-parent --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp".split()
        actions[_BUBBLEWRAP, "exercise"] = _command(*bwrap, sys.executable, "-c", code)
    actions[_PYTEST, "exercise"] = _command(sys.executable, *pytest)
    return actions


def _command(*words: str) -> Callable[[], object]:
    return lambda: measure(words, env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})


def _row(name: str, found: dict[tuple[str, str], list[float]]) -> tuple[str, ...]:
    parts = [digits(median(found[name, part])) if (name, part) in found else "–" for part in _PARTS]
    sides = [found.get((side, "exercise")) for side in (_BUBBLEWRAP, _PYTEST)]
    return (name, *parts, *(times(ratio(side, found[name, "exercise"])) if side else "–" for side in sides))
