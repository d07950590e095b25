"""A check is one file and one line: an engine with one more check grades, skips, releases, lists and replays it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.checks import CHECKS
from tests.house.sources import ROOT

MODULE = '''
"""Do two equal calls give equal results?"""

import numpy as np

from autograder.checks.contract import ready
from autograder.implementation import Returned
from autograder.report.report import Finding


def check(trial, findings):
    """Return one finding per function that has points for it."""
    functions = [function for function in trial.exercise.functions if "determinism" in function.points]
    return tuple(examine(trial, findings, function) for function in functions)


def examine(trial, findings, function):
    points = function.points["determinism"]
    if not ready(findings, function):
        return Finding("determinism", function.name, "skipped", max_score=points)
    inputs = trial.variant.calls(function, trial.ordered(function)[0])[0].inputs
    first, second = (trial.call(function, inputs) for _ in range(2))
    if isinstance(first, Returned) and isinstance(second, Returned) and np.array_equal(first.value, second.value):
        return Finding("determinism", function.name, "passed", None, points, points)
    message = f"{function.name} gives other results for the same arguments."
    return Finding("determinism", function.name, "failed", None, 0.0, points, message)
'''
LINE = '    Check("determinism"),\n'
LAST = '    Check("speed"'
RIGHT = """
import numpy as np

def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, np.sum(dout * x, axis=0)
"""
UNSTEADY = RIGHT.replace("def scale_forward", "calls = []\n\ndef scale_forward").replace(
    "return x * w\n", "calls.append(1)\n    return x * w * (1 + 1e-12 * len(calls))\n", 1
)
TERMS = """
import json, sys
from dataclasses import replace
from autograder.grading.replay import differences
from autograder.report.report import ExerciseReport, Finding

was = ExerciseReport("scale", "01_tiny", "passed", 1.0, 1.0, (Finding("determinism", "f", "passed", None, 1.0, 1.0),))
for change in ({"status": "failed", "score": 0.0}, {"message": "other words"}):
    print(*differences(was, replace(was, findings=(replace(was.findings[0], **change),))), sep="\\n")
"""

pytestmark = pytest.mark.slow


class Engine:
    """A copy of the engine with one more check, and a course that gives a point for it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.course = folder, folder / "course"
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=without)
        shutil.copytree(ROOT / "tests" / "tiny", self.course, ignore=without)
        (folder / "autograder" / "checks" / "determinism.py").write_text(MODULE, encoding="utf-8")
        change(folder / "autograder" / "checks" / "__init__.py", LAST, LINE + LAST)
        change(self.course / "solutions/01_tiny/scale/spec.py", "speed=0.5)", 'speed=0.5, points={"determinism": 1})')

    def python(self, *words: object, code: int = 0, folder: Path | None = None) -> str:
        """What Python prints in a folder with this engine."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HANDGRAD_"))}
        done = subprocess.run(
            [sys.executable, *map(str, words)], cwd=folder or self.course, capture_output=True, text=True,
            env={**kept, "PYTHONPATH": str(self.folder), "COLUMNS": "120", "NO_COLOR": "1"},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def run(self, *words: object, code: int = 0, folder: Path | None = None) -> str:
        """What a command prints."""
        return self.python("-m", "autograder", *words, code=code, folder=folder)

    def graded(self, name: str, text: str, *words: str, code: int) -> dict:
        """The record of a student who hands in this text of `scale`."""
        (self.folder / name / "ann").mkdir(parents=True)
        (self.folder / name / "ann" / "scale.py").write_text(text, encoding="utf-8")
        results = self.folder / f"{name}-results"
        self.run("grade", self.folder / name, "-o", results, "--only", "scale", *words, code=code)
        (report,) = json.loads((results / "reports" / "ann.json").read_text(encoding="utf-8"))["exercises"]
        return report


def change(path: Path, old: str, new: str) -> None:
    """Replace the one place of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def finding(report: dict) -> tuple[str, float, float] | None:
    """Status, points and maximum of the new check's finding."""
    found = [f for f in report["findings"] if f["check"] == "determinism"]
    return (found[0]["status"], found[0]["score"], found[0]["max_score"]) if found else None


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine with the check, made once."""
    return Engine(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="module")
def release(engine: Engine) -> Path:
    """A release of the course."""
    engine.run("release", engine.folder / "mine")
    return engine.folder / "mine"


def test_the_check_gives_and_withholds_its_points(engine):
    """A right answer earns them; an answer that is right to 1e-12 and never twice the same loses these alone."""
    right, unsteady = engine.graded("right", RIGHT, code=0), engine.graded("unsteady", UNSTEADY, code=1)
    assert (finding(right), right["score"], right["max_score"]) == (("passed", 1, 1), 9.5, 9.5)
    assert (finding(unsteady), unsteady["score"], unsteady["max_score"]) == (("failed", 0, 1), 8.5, 9.5)
    assert "It comes out as it did" in engine.run("explain", engine.folder / "unsteady-results", "ann")


def test_skip_leaves_it_out_with_its_points(engine):
    """`--skip determinism` is accepted and named in the help; the maximum is one less and no finding is there."""
    report = engine.graded("skipped", UNSTEADY, "--skip", "determinism", code=0)
    assert (finding(report), report["score"], report["max_score"]) == (None, 8.5, 8.5)
    assert "determinism" in engine.run("grade", "--help")


def test_the_list_and_a_release_have_its_points(engine, release):
    """`list` counts them in the course and in a release, whose record runs the check."""
    for folder in (engine.course, release):
        points = {each["name"]: each["points"] for each in json.loads(engine.run("list", "--json", folder=folder))}
        assert points["scale"] == 9.5
    (release / "assignments" / "01_tiny" / "scale.py").write_text(UNSTEADY, encoding="utf-8")
    (report,) = json.loads(engine.run("check", "scale", "--json", code=1, folder=release))["exercises"]
    assert (finding(report), report["max_score"]) == (("failed", 0, 1), 9.5)


def test_pytest_lists_it(engine, release):
    """The check has an item and a marker."""
    plugin = "autograder.frontends.pytest_plugin.plugin"
    said = engine.python(
        "-c", f"import os, pytest, sys; os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'; sys.exit(pytest.main("
        f"['-p', '{plugin}', '--strict-markers', '--collect-only', '-q', '-m', 'determinism']))", folder=release,
    )  # fmt: skip
    assert re.findall(r"\w+\[\w+\]", said) == ["scale_forward[determinism]"]


def test_a_replay_compares_it(engine):
    """Another verdict and other words of the check are differences."""
    assert engine.python("-c", TERMS).splitlines() == [
        "determinism f: passed 1/1 → failed 0/1",
        "determinism f: says other words now: other words",
    ]


def test_the_audit_still_names_every_mistake(engine):
    """The check takes part in the audit of an exercise that has points for it."""
    said = engine.run("audit", "scale", "--seeds", "1")
    assert re.findall(r"^code .*$", said, re.MULTILINE)[0].split()[2:6] == ["out", "purity", "determinism", "dw"]


def test_points_for_an_unknown_check_are_refused(engine, tmp_path):
    """A spec that gives points to a check that is not there names the nearest one."""
    course = shutil.copytree(engine.course, tmp_path / "course")
    change(course / "solutions/01_tiny/scale/spec.py", '"determinism"', '"determinsm"')
    said = engine.run("list", "--course", course, code=2)
    assert "scale_forward has points for determinsm, which is no check that gives points." in said
    assert "Did you mean determinism?" in said


def test_students_read_what_each_check_asks():
    """The table of checks in docs/students.md has a row for each check, in their order."""
    text = (ROOT / "docs" / "students.md").read_text(encoding="utf-8")
    rows = text.partition("| check | question |\n|---|---|\n")[2].partition("\n\n")[0].splitlines()
    assert [row.split("|")[1].strip() for row in rows] == list(CHECKS)
