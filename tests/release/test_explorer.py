"""pytest in a student's repository: real runs of it, each as a student or an editor starts it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.authoring.build.stub import make_stub
from autograder.checks import CHECKS
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.frontends.pytest_plugin.items import points_of
from autograder.grading.pipeline import Options, grade_exercise
from autograder.sandbox.inprocess import InProcess, load
from tests.cli import forked
from tests.house.sources import ROOT

WRONG = ("return x * w", "return x + w")


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> str:
    """A folder for PYTHONPATH that declares the plugin, where an older installation of this checkout does not."""
    found = tmp_path_factory.mktemp("installed")
    if not any(entry.name == "handgrad" for entry in entry_points(group="pytest11")):
        facts = found / "handgrad_explorer-0.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: handgrad-explorer\nVersion: 0\n", "utf-8")
        (facts / "entry_points.txt").write_text(
            "[pytest11]\nhandgrad = autograder.frontends.pytest_plugin.plugin\n", encoding="utf-8"
        )
    return str(found)


def start(words: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python in a folder, as outside of any test."""
    return subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=120,
        env={**inherited(), **environment},
    )  # fmt: skip


def inherited() -> dict[str, str]:
    """The environment of a student."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CI"))}
    return {**ours, "COLUMNS": "200"}


PYTEST = ["-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", "-W", "error"]
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "autograder.frontends.pytest_plugin.plugin"}


@cache
def _server() -> subprocess.Popen[str]:
    """A process that has imported pytest and the engine, but not the plugin."""
    begin, last = forked.SERVER.split("\nif __name__", 1)
    return forked.start(f"{begin}\nimport pytest\nmain = pytest.main\n\nif __name__{last}")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """pytest in a folder, with this plugin and no other that is installed here, in a fork of such a process."""
    return forked.ask(_server(), [*PYTEST[2:], *words], folder, {**inherited(), **ALONE})


@pytest.fixture
def run_installed(installed):
    """pytest in a folder, with all plugins that are installed, as a student starts it."""
    return lambda folder, *words: start([*PYTEST, *words], folder, PYTHONPATH=installed)


def last(done: subprocess.CompletedProcess[str]) -> str:
    """The summary."""
    return done.stdout.strip().rpartition("\n")[2]


def test_a_fresh_repository_has_nothing_to_say_yet(release):
    """Every check is a test, and every one is skipped with the reason."""
    done = run(release, "-rs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " skipped in " in last(done) and "failed" not in last(done) and "passed" not in last(done)
    assert "scale_forward is not written yet." in done.stdout


def test_a_right_answer_passes(release, answer):
    """All of its tests."""
    answer("scale")
    done = run(release, "assignments/01_tiny/scale.py")
    assert done.returncode == 0 and "passed in" in last(done) and "skipped" not in last(done), done.stdout


def test_no_file_of_a_student_s_is_imported_by_pytest(release, answer):
    """Not even one that is named, which pytest would take for a test module: what it does, it does in the sandbox."""
    path = answer("scale")
    path.write_text("import os\nos._exit(3)\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = run(release, "assignments/01_tiny/scale.py::scale_forward", "--doctest-modules")
    assert done.returncode == 0 and "passed" in last(done), done.stdout


def test_a_failure_reads_as_feedback(release, answer):
    """The message first, then the hint and the name of the mistake; a place to click on, and no frame of the grader."""
    answer("scale", *WRONG)
    done = run(release, "-k", "scale_forward and out")
    assert done.returncode == 1
    assert "out[" in done.stdout and "→ " in done.stdout and "known mistake: " in done.stdout
    assert "assignments/01_tiny/scale.py:" in done.stdout
    assert "Traceback" not in done.stdout and "runtest" not in done.stdout and "CheckFailed" not in done.stdout
    assert "FAILED assignments/01_tiny/scale.py::scale_forward[out] - out[" in done.stdout


CHOSEN = [
    (["assignments/01_tiny/scale.py::scale_backward[dw]"], {"scale_backward[dw]"}),
    (["-k", "scale and dx"], {"scale_backward[dx]"}),
    (["-k", "tiny and scale_forward and out"], {"scale_forward[out]"}),
    (["-m", "gradient", "-k", "scale"], {"scale_backward[dx]", "scale_backward[dw]"}),
    (["assignments/01_tiny/scale.py::scale_forward"],
     {"scale_forward[contract]", "scale_forward[out]", "scale_forward[purity]", "scale_forward[speed]"}),
]  # fmt: skip
COLLECT = """
import json, sys, pytest

class Seen:
    def pytest_collection_finish(self, session):
        chosen.append(sorted(item.name for item in session.items))

chosen = []
for words in json.loads(sys.argv[1]):
    pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", *words], plugins=[Seen()])
print(json.dumps(chosen), file=sys.stderr)
"""


def test_tests_are_chosen_by_unit_exercise_function_and_check(release):
    """Node ids, -k and -m."""
    done = start(["-c", COLLECT, json.dumps([words for words, _ in CHOSEN])], release, **ALONE)
    assert list(map(set, json.loads(done.stderr))) == [chosen for _, chosen in CHOSEN]


def points(path: Path) -> dict[str, dict[str, str]]:
    """Test → its properties, in a JUnit file."""
    return {
        case.get("name", ""): {found.get("name", ""): found.get("value", "") for found in case.iter("property")}
        for case in ElementTree.parse(path).getroot().iter("testcase")
    }


def test_junit_holds_the_points(release, answer, tiny):
    """Of each test, earned and possible; together they are the exercise's."""
    answer("scale", *WRONG)
    run(release, "assignments/01_tiny/scale.py", "--junitxml", "j.xml")
    found = points(release / "j.xml")
    assert found["scale_backward[dx]"]["points"] == found["scale_backward[dx]"]["max_points"]
    assert found["scale_forward[out]"]["points"] == "0" and found["scale_forward[out]"]["mistake"]
    assert {(p["exercise"], p["unit"]) for p in found.values()} == {("scale", "01_tiny")}
    assert sum(float(p["max_points"]) for p in found.values()) == tiny.exercise("scale").max_score


def outcomes(path: Path) -> dict[str, str | None]:
    """Test → failure, skipped, error or None."""
    cases = ElementTree.parse(path).getroot().iter("testcase")
    kinds = {"failure", "skipped", "error"}
    return {f"{c.get('classname')}.{c.get('name')}": next((k.tag for k in c if k.tag in kinds), None) for c in cases}


COUNTED = """
import os
from autograder.frontends.pytest_plugin import items

def counted(submission, course, exercises, sandbox, options, grade=items.grade):
    with open("checked.txt", "a") as file:
        print(os.getpid(), *(exercise.name for exercise in exercises), file=file)
    return grade(submission, course, exercises, sandbox, options)

items.grade = counted
"""


def without_others() -> list[str]:
    """Return the options that keep pytest from loading installed plugins which a student's machine lacks."""
    names = {entry.name for entry in entry_points(group="pytest11")}
    return [f"-pno:{name}" for name in sorted(names - {"handgrad", "xdist", "xdist.looponfail"})]


@pytest.mark.parametrize("words", [(), ("-n", "2")], ids=["one", "two workers"])
def test_an_exercise_is_checked_once(release, answer, run_installed, words):
    """However many tests it has, and by one of the workers only, with the names as they are without them."""
    answer("scale", *WRONG), answer("ramp"), answer("spread")
    (release / "conftest.py").write_text(COUNTED, encoding="utf-8")
    done = run_installed(release, *without_others(), *words, "--junitxml", "j.xml", "-k", "scale or ramp or spread")
    found = outcomes(release / "j.xml")
    checked = [line.split() for line in (release / "checked.txt").read_text().splitlines()]
    assert sorted(name for _, name in checked) == ["ramp", "scale", "spread"], done.stdout
    assert {name for name, outcome in found.items() if outcome == "failure"} == {
        "assignments.01_tiny.scale.scale_forward[out]"
    }
    assert len({process for process, _ in checked}) == 1 + bool(words)


@pytest.mark.parametrize(("text", "words"), [
    (b"def scale_forward(x, w:\n", "cannot be read"),
    (b"import torch\ndef scale_forward(x, w):\n    return torch.mul(x, w)\n", "needs torch"),
    ("# ä\ndef scale_forward(x, w): return x * w\n".encode("latin-1"), "is not UTF-8"),
    (b"def scale_forward(x, w):\n    import os\n    os._exit(0)\n", "ended the Python process"),
])  # fmt: skip
def test_whatever_is_in_the_file_is_a_failure_in_words(release, text, words):
    """Nothing of it reaches pytest's own process."""
    (release / "assignments" / "01_tiny" / "scale.py").write_bytes(text)
    done = run(release, "assignments/01_tiny/scale.py::scale_forward", "--junitxml", "j.xml")
    assert done.returncode == 1 and words in done.stdout
    assert "Traceback" not in done.stdout
    found = points(release / "j.xml")["scale_forward[out]"]
    assert (found["points"], found["max_points"]) == ("0", "2")


def test_a_spoilt_record_is_an_error_of_the_collection(release):
    """With the repair; the other exercises are there."""
    (release / "record" / "01_tiny" / "scale.npz").write_bytes(b"nothing")
    done = run(release, "--collect-only", "-q")
    assert done.returncode == 2 and "ERROR assignments/01_tiny/scale.py" in done.stdout
    assert "is no record" in done.stdout and "ramp.py::ramp_forward[out]" in done.stdout


BROKEN = """
from dataclasses import replace
from autograder.frontends.pytest_plugin import items
from autograder.grading.pipeline import broken, report

def failing(submission, course, exercises, sandbox, options):
    return report("", "local", tuple(broken(exercise, OSError("the disk is gone")) for exercise in exercises))

items.grade = failing
"""


def test_the_grader_s_own_fault_is_an_error_and_no_failure(release):
    """A test that errs is not one that fails."""
    (release / "conftest.py").write_text(BROKEN, encoding="utf-8")
    done = run(release, "assignments/01_tiny/scale.py")
    assert "failed" not in last(done) and " errors in " in last(done)
    assert "The grader failed, not the answer: OSError: the disk is gone" in done.stdout


def test_a_student_s_own_tests_run_beside(release, answer):
    """As in any project."""
    answer("scale")
    (release / "test_mine.py").write_text("def test_mine():\n    assert 1 + 1 == 2\n", encoding="utf-8")
    done = run(release, "test_mine.py", "assignments/01_tiny/scale.py")
    assert done.returncode == 0 and "test_mine.py ." in done.stdout


def test_an_exercise_that_stands_in_the_notebook_alone_is_found_there(release, tiny):
    """Where its file was deleted."""
    (release / "assignments" / "01_tiny" / "scale.py").unlink()
    cells = [{"cell_type": "code", "source": tiny.solution("scale"), "metadata": {}, "outputs": []}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (release / "assignments" / "01_tiny" / "01_tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    done = run(release, "-k", "scale", "-v")
    assert done.returncode == 0, done.stdout
    assert "assignments/01_tiny/01_tiny.ipynb::scale_forward[out] PASSED" in done.stdout


OTHERS = """
import sys

def test_nothing_of_the_grader_is_loaded():
    assert "numpy" not in sys.modules
    assert [name for name in sys.modules if name.startswith("autograder.")] == [
        "autograder.report", "autograder.report.engine", "autograder.plots",  # the version, and a stand-in
        "autograder.frontends", "autograder.frontends.pytest_plugin", "autograder.frontends.pytest_plugin.plugin",
    ]
"""


def test_other_projects_do_not_notice(run_installed, tmp_path):
    """Without the option nothing is collected, nothing is loaded, and nothing is said."""
    other = tmp_path / "other"
    (other / "assignments" / "01_tiny").mkdir(parents=True)
    (other / "assignments" / "01_tiny" / "scale.py").write_text("1 / 0\n", encoding="utf-8")
    (other / "test_others.py").write_text(OTHERS, encoding="utf-8")
    done = run_installed(other)
    assert done.returncode == 0 and "1 passed" in last(done), done.stdout


def test_without_its_option_nothing_is_collected(release):
    """In a student's repository, too."""
    (release / "pyproject.toml").unlink()
    done = run(release)
    assert done.returncode == 5 and "no tests ran" in last(done)


def test_a_folder_that_is_no_course_is_no_error(tmp_path):
    """The option in a project without exercises."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nhandgrad = true\n", encoding="utf-8")
    (tmp_path / "test_a.py").write_text("def test_a():\n    pass\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("1 / 0\n", encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 0 and "1 passed" in last(done), done.stdout


def test_a_lost_record_is_an_error_of_the_collection(release):
    """Else all would seem well where the student's own tests pass."""
    shutil.rmtree(release / "record")
    done = run(release, "--collect-only", "-q")
    assert done.returncode == 2 and "Get record/ again from your course's repository." in done.stdout


def test_the_markers_are_the_checks(release):
    """Each check that a test can ask for has one."""
    markers = re.findall(r"^@pytest\.mark\.(\w+): handgrad's check", run(release, "--markers").stdout, re.MULTILINE)
    assert markers == [name for name in CHECKS if name not in ("consistency", "steps")]


COURSE = Course(ROOT)


@pytest.mark.parametrize("name", COURSE.names)
def test_the_tests_are_the_findings(name):
    """For each exercise of the course, known before there is an answer: what is found, with the points it is worth."""
    exercise = COURSE.exercise(name)
    stub = InProcess(load(make_stub(COURSE.solution(name)), name).functions)
    found = grade_exercise(Variant(exercise, 1), stub, Options())
    asked = {(point.check, point.function, point.output, point.worth) for point in points_of(exercise)}
    assert asked == {(f.check, f.function, f.output, f.max_score) for f in found}
