"""Trainings through the best sandbox there is: the real exercises, and those who would rather not train."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.authoring.build.stub import make_stub
from autograder.checks import training_run
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.pipeline import grade_exercise
from autograder.report.report import Finding
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import SandboxImplementation
from autograder.spec.exercise import Exercise
from tests.engine_training.lessons import LESSON

COURSE = Course(Path(__file__).parents[2])
TRAININGS = COURSE.pick(["07_training"])
HEAD = "import numpy as np\n"
TRAIN = (
    "def train(x, labels, *, rng):\n    return {'means': np.array([x[labels == k].mean(axis=0) for k in range(3)])}\n"
)
PREDICT = (
    "def predict(x, params):\n    return np.argmin(((x[:, None] - params['means']) ** 2).sum(axis=2), axis=1)\n"
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def graded(sandbox: Sandbox, source: str, exercise: Exercise = LESSON, seed: int = 11) -> tuple[Finding, ...]:
    """All findings on this text, examined and timed in one worker."""
    variant = Variant(exercise, seed)
    with sandbox.session() as session:
        implementation = session.implementation(exercise.name or "lesson", source)
        return grade_exercise(variant, implementation)


def score(findings: tuple[Finding, ...]) -> float:
    return sum(finding.score for finding in findings)


def accuracy(findings: tuple[Finding, ...]) -> Finding:
    return next(f for f in findings if f.output == "accuracy")


@pytest.mark.parametrize("name", TRAININGS)
def test_the_solution_earns_everything(sandbox, name):
    """Its findings are those of a right answer, in the same process as a student's."""
    assert score(graded(sandbox, COURSE.solution(name), COURSE.exercise(name))) == 10


@pytest.mark.parametrize("name", TRAININGS)
def test_the_stub_earns_nothing(sandbox, name):
    """What students start from is skipped, not blamed."""
    findings = graded(sandbox, make_stub(COURSE.solution(name)), COURSE.exercise(name))
    assert score(findings) == 0
    assert {finding.status for finding in findings} <= {"skipped", "passed"}
    assert not [finding for finding in findings if finding.check != "contract" and finding.status == "passed"]


def test_there_is_something_to_train():
    """The tests above would hold for no exercise too."""
    assert {"train_mlp", "train_cnn", "overfit_check", "regularized"} <= set(TRAININGS)


def test_a_small_training_passes(sandbox):
    """The honest pair that the others differ from."""
    findings = graded(sandbox, HEAD + TRAIN + PREDICT)
    assert {finding.status for finding in findings if finding.check == "training"} == {"passed"}


@pytest.mark.parametrize("loop", ["while True:\n        pass", "import time\n    time.sleep(99)"])
def test_a_training_that_never_ends_is_stopped(sandbox, monkeypatch, loop):
    """By CPU time, or by the wall for sleepers; predict is judged all the same."""
    monkeypatch.setattr(training_run, "GRACE", 0.05)
    findings = graded(sandbox, f"{HEAD}def train(x, labels, *, rng):\n    {loop}\n{PREDICT}")
    assert accuracy(findings).status == "error"
    assert "s of CPU time and was stopped" in accuracy(findings).message
    assert score(findings) == 2


CHEATS = {
    "objects": (
        "class Model: pass\ndef train(x, labels, *, rng):\n    return Model()\ndef predict(x, params):\n    return x\n",
        "params hold an object of your own.",
    ),
    "functions": (
        "def train(x, labels, *, rng):\n    return {'predict': lambda x: 0}\ndef predict(x, params):\n    return x\n",
        "params hold a value of type function.",
    ),
    "arrays of objects": (
        "def train(x, labels, *, rng):\n    return np.array([object()])\ndef predict(x, params):\n    return x\n",
        "params hold a value of type array of object.",
    ),
    "huge arrays": (
        "def train(x, labels, *, rng):\n    return np.zeros(1000)\ndef predict(x, params):\n    return x\n",
        "params hold more than 50 numbers",
    ),
    "an endless view": (
        "def train(x, labels, *, rng):\n    return np.broadcast_to(0.0, 1 << 50)\ndef predict(x, params):\n    pass",
        "params hold more than 50 numbers",
    ),
    "a wrong shape that fits": (
        "def train(x, labels, *, rng):\n    return np.zeros((3, 2, 2, 2))\ndef predict(x, params):\n    return x\n",
        "predict must return labels first",
    ),
    "the rows themselves": (
        "def train(x, labels, *, rng):\n    return x, labels\ndef predict(x, params):\n"
        "    d = ((x[:, None] - params[0]) ** 2).sum(axis=2)\n    return params[1][d.argmin(axis=1)]\n",
        "params hold more than 50 numbers: keep what was learned, not the rows themselves.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "words"), CHEATS.values(), ids=CHEATS)
def test_what_is_no_training_earns_nothing_for_it(sandbox, source, words):
    """Refused or measured for what it is; the words say which."""
    findings = graded(sandbox, HEAD + source)
    assert words in accuracy(findings).message
    assert accuracy(findings).score == 0


# Where a train could leave the rows for its predict: (statement of train, expression of predict).
KEPT = {
    "a global": ("KEPT[0] = x, labels", "KEPT[0]"),
    "an attribute of a function": ("train.kept = x, labels", "train.kept"),
    "a default argument": ("predict.__defaults__ = ((x, labels),)", "kept"),
    "an attribute of NumPy": ("np.kept = x, labels", "np.kept"),
    "an attribute of a class": ("Box.kept = x, labels", "Box.kept"),
    "the modules": ("sys.modules['kept'] = x, labels", "sys.modules['kept']"),
    "the builtins": ("builtins.kept = x, labels", "builtins.kept"),
    "the environment": ("os.environ['kept'] = pickle.dumps((x, labels)).hex()",
                        "pickle.loads(bytes.fromhex(os.environ['kept']))"),
    "a file": ("open(PATH, 'wb').write(pickle.dumps((x, labels)))", "pickle.loads(open(PATH, 'rb').read())"),
    "a thread": ("threading.Thread(target=wait, args=((x, labels),), daemon=True, name='kept').start()",
                 "next(t._args[0] for t in threading.enumerate() if t.name == 'kept')"),
    "an argument that is kept alive": ("gc.collect(); KEPT.append((x, labels))",
                                       "next(o for o in gc.get_objects() if type(o) is tuple and len(o) == 2 "
                                       "and type(o[0]) is np.ndarray and o[0].shape == (30, 2))"),
}  # fmt: skip
KEEPER = """
import builtins, gc, os, pickle, sys, threading, time
KEPT, PATH = [None], "/tmp/kept-{name}"
class Box:
    pass
def wait(kept):
    time.sleep(30)
def train(x, labels, *, rng):
    try:
        {keep}
    except OSError:
        pass
    return {{"w": np.zeros(1)}}
def predict(x, params, kept=None):
    try:
        rows, labels = {look}
    except Exception:
        return np.zeros(len(x), np.int64)
    return labels[((x[:, None] - rows) ** 2).sum(axis=2).argmin(axis=1)]
"""


def keeper(way: str) -> str:
    keep, look = KEPT[way]
    return HEAD + KEEPER.format(keep=keep, look=look, name=os.getpid())


@pytest.mark.parametrize("way", KEPT)
def test_predict_knows_the_params_and_nothing_else_of_train(sandbox, way):
    """Rows that train left anywhere in its process are not there when predict is asked."""
    if sandbox.tier == "local" and way == "a file":
        pytest.skip("the machine is the student's")
    assert accuracy(graded(sandbox, keeper(way))).score == 0


@pytest.mark.parametrize("way", [way for way in KEPT if way != "a file"])
def test_the_rows_would_be_found_in_one_process(sandbox, way, monkeypatch):
    """The tester's tester: without a process of its own, predict finds the rows and earns everything."""
    monkeypatch.setattr(SandboxImplementation, "renew", lambda self: None)
    assert accuracy(graded(sandbox, keeper(way))).score == 6
