"""Tests of the scaffold: from a new exercise to a checked submission, in a course outside of this checkout."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.authoring.build.stub import make_stub
from autograder.authoring.scaffold import KINDS, check_place, files, function_names, write_scaffold
from autograder.authoring.todo import BLOCKING, find_todos
from autograder.course.catalog import Course
from autograder.errors import CourseError
from autograder.sandbox.inprocess import load
from tests.cli import forked
from tests.house.sources import ROOT

ORACLE = '''"""Cube."""
import numpy as np


def cube_forward(x):
    """x³."""
    return np.power(x, 3)


def cube_backward(dout, x):
    """3x² · dout."""
    return dout * 3 * np.square(x)
'''
SOLUTION = '''"""Cube: the third power."""

import numpy as np


def cube_forward(x: np.ndarray) -> np.ndarray:
    """x³ for every entry."""
    # BEGIN SOLUTION
    return x**3
    # END SOLUTION


def cube_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """dx, shaped as x."""
    # BEGIN SOLUTION
    return dout * 3 * x**2
    # END SOLUTION
'''
MISTAKES = '''"""Cube: wrong answers."""

from autograder.spec.exercise import mistake


@mistake("cube_forward")
def squared(x):
    """One factor is missing. How often does x stand in its third power?"""
    return x * x


@mistake("cube_forward")
def tripled(x):
    """Three times x is a sum of three; the third power is a product."""
    return 3 * x


@mistake("cube_backward")
def dout_forgotten(dout, x):
    """The slope alone: what does the chain rule multiply it with?"""
    return 3 * x**2
'''
ALTERNATIVES = '''"""Cube: right answers."""

import numpy as np

from autograder.spec.exercise import alternative


@alternative("cube_forward")
def as_a_product(x):
    return x * x * x


@alternative("cube_forward")
def by_power(x):
    return np.power(x, 3)


@alternative("cube_backward")
def as_a_product_too(dout, x):
    return 3 * x * x * dout


@alternative("cube_backward")
def in_fortran_order(dout, x):
    return np.asfortranarray(dout * (3 * x * x))
'''


def run(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the course's folder."""
    return forked.run(*words, cwd=course)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Create a folder with an empty solutions/; what is imported from its reference/ does not stay for other tests."""
    (tmp_path / "solutions").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path])
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "reference"}
    yield Course(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "reference"]:
        del sys.modules[name]
    sys.modules.update(kept)


def test_from_nothing_to_a_checked_submission(course):
    """After `new`, the audit lists what is missing; when it is written, audit, mutants, build and check succeed."""
    done = run(course.root, "new", "01_powers/cube")
    assert 0 == done.returncode, done.stderr
    assert "wrote solutions/01_powers/cube/spec.py" in done.stdout
    assert "The oracle goes into reference/cube.py: cube_forward, cube_backward, vectorized." in done.stdout
    assert [line.split("  ")[1] for line in done.stdout.splitlines()[-2:]] == [
        "handgrad audit cube", "handgrad build",
    ]  # fmt: skip
    done = run(course.root, "audit", "cube", "-j", "1", "--seeds", "1")
    assert 1 == done.returncode, done.stderr
    faults = [line for line in done.stdout.splitlines() if line.startswith("✘")]
    steps = ["statement", "oracle", "solution", "cases", "mistakes", "hints", "alternatives"]
    assert steps == [fault.split()[2] for fault in faults]
    assert "✘ cube: oracle — the reference is missing (No module named 'reference.cube'): write it, or" in done.stdout
    folder = course.root / "solutions" / "01_powers" / "cube"
    (course.root / "reference" / "cube.py").write_text(ORACLE, encoding="utf-8")
    for file, text in (("solution", SOLUTION), ("mistakes", MISTAKES), ("alternatives", ALTERNATIVES)):
        (folder / f"{file}.py").write_text(text, encoding="utf-8")
    for file, todo in (("spec.py", "# TODO"), ("hints.toml", "TODO")):
        text = (folder / file).read_text(encoding="utf-8").replace(todo, "#")
        (folder / file).write_text(text, encoding="utf-8")
    for words in (("audit", "cube", "-j", "1", "--seeds", "2"), ("build",)):
        done = run(course.root, *words)
        assert 0 == done.returncode, done.stdout + done.stderr
    command = [sys.executable, "-m", "tests.mutants", "-j", "1", "--course", str(course.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert 0 == done.returncode, done.stdout + done.stderr
    assignment = course.root / "assignments" / "01_powers" / "cube.py"
    text = assignment.read_text(encoding="utf-8")
    text = text.replace('raise NotImplementedError("write cube_forward")', "return x * x")
    assignment.write_text(text, encoding="utf-8")
    done = run(course.root, "check", "cube", "-v")
    assert 1 == done.returncode, done.stderr
    assert "smallest input that fails" in done.stdout
    assert "    → handgrad hint cube   for the next step" in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_scaffold_loads_as_far_as_it_can(course, kind):
    """A scaffold's solution gives a stub, it has no mistakes, its points sum to 10, and only the reference is missing.
    """
    texts = files("thing", kind)
    assert ["solution.py", "spec.py", "mistakes.py", "hints.toml", "alternatives.py"] == list(texts)
    names = function_names("thing", kind)
    assert set(names) == set(load(texts["solution.py"], "solution.py").functions)
    stub = make_stub(texts["solution.py"])
    assert all(f'raise NotImplementedError("write {name}")' in stub for name in names)
    oracle = "".join(f"def {name}(x, y=None, v=None, *, lr=0):\n    return x\n" for name in names)
    module = texts["spec.py"].replace(f"from reference.thing import {', '.join(sorted(names))}", oracle)
    space: dict[str, object] = {}
    exec(compile(module, "spec.py", "exec"), space)
    exercise = space["EXERCISE"]
    assert 10 == exercise.max_score  # type: ignore[attr-defined]
    outputs = {f.name: [*f.outputs] for f in exercise.functions}  # type: ignore[attr-defined]
    assert outputs == {name: [*lines] for name, lines in tomllib.loads(texts["hints.toml"]).items()}
    assert space["SMALL"].members  # type: ignore[attr-defined]


def test_a_scaffold_begins_no_second_reference(course):
    """The folder of the reference is created once, and its files stay."""
    assert Path("reference/__init__.py") in write_scaffold(course, "01_a/first", "plain")
    (course.root / "reference" / "__init__.py").write_text("MINE = 1\n", encoding="utf-8")
    assert 5 == len(write_scaffold(Course(course.root), "01_a/second", "plain"))
    assert "MINE = 1\n" == (course.root / "reference" / "__init__.py").read_text(encoding="utf-8")


def test_code_to_repair_is_begun_in_the_last_function(course):
    """The audit reports the TODO in planted.py until it plants two bugs."""
    assert Path("solutions/01_a/thing/planted.py") in write_scaffold(course, "01_a/thing", "layer", planted=True)
    text = (course.root / "solutions" / "01_a" / "thing" / "planted.py").read_text(encoding="utf-8")
    assert ["thing_backward"] == list(load(text, "planted.py").functions)
    found = find_todos(Course(course.root), "thing")
    assert found["planted"].startswith("planted.py, line 7: TODO The answer with two bugs.")
    assert "planted" in BLOCKING


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("cube", "cube is no place for an exercise. Give UNIT/NAME, such as 02_layers/maxout."),
        ("02_layers/a/b", "02_layers/a/b is no place for an exercise."),
        ("layers/cube", "Units are two digits, a line and lower case, such as 02_layers. Did you mean 02_layers?"),
        ("9_Late/cube", "9_Late is no name for a unit."),
        ("02_layer/cube", "there is no unit 02_layer. Did you mean 02_layers? If you mean a new unit, "),
        ("02_layer/cube", "make the folder solutions/02_layer first."),
        ("02_lenses/cube", "there is no unit 02_lenses. Did you mean 02_layers?"),
        ("03_layers/cube", "there is no unit 03_layers. Did you mean 02_layers?"),
        ("02_layers/Cube", "Cube is no name for an exercise: its file and functions bear it."),
        ("02_layers/lambda", "lambda is no name for an exercise"),
        ("02_layers/2cubes", "2cubes is no name for an exercise"),
        ("02_layers/", "02_layers/ is no place for an exercise."),
        ("02_layers/dense", "solutions/02_layers/dense exists already. Take another name."),
        ("03_losses/dense", "solutions/02_layers/dense exists already. Take another name."),
        ("02_layers/begun", "solutions/02_layers/begun exists already. Take another name."),
    ],
)  # fmt: skip
def test_a_place_that_will_not_do_is_refused(course, place, words):
    """A bad place is an error with its repair and the nearest unit; nothing is written."""
    for folder in ("02_layers/dense", "02_layers/begun"):
        (course.root / "solutions" / folder).mkdir(parents=True)
    (course.root / "solutions" / "02_layers" / "dense" / "spec.py").touch()
    with pytest.raises(CourseError) as refused:
        write_scaffold(course, place, "layer")
    assert words in str(refused.value)
    assert not (course.root / "reference").exists()


def test_a_new_unit_is_welcome(course):
    """A new unit is created where its name is valid and unlike the existing names."""
    (course.root / "solutions" / "02_layers").mkdir()
    assert ("03_losses", "hinge") == check_place(course, "03_losses/hinge/")


def test_outside_of_a_course_it_says_how_one_begins(tmp_path):
    """Outside of a course, the command exits with 2 and names the command that creates one."""
    done = run(tmp_path, "new", "01_a/b")
    assert 2 == done.returncode
    assert "lies in no course" in done.stderr and "A course begins with an empty folder: mkdir solutions" in done.stderr


def gaps(course: Course, **texts: str) -> dict[str, str]:
    """Return step → fault, of an exercise with these files."""
    folder = course.root / "solutions" / "01_a" / "thing"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return find_todos(course, "thing")


WHOLE = "from autograder.spec import normal\nfrom autograder.spec import Function, case, plain\n" \
    "def thing(x):\n    return x\nEXERCISE = plain(Function(thing, {'out': 1}), cases=[case('one', x=normal(2))])\n"
ANSWER = 'def thing(x):\n    """It."""\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n'


@pytest.mark.parametrize(
    ("texts", "step", "fault"),
    [
        ({}, "solution", "solution.py is missing"),
        ({"solution": ANSWER.replace("# BEGIN", "# BEGINS")}, "solution", "solution.py line 5: '# END SOLUTION' "),
        ({"solution": ANSWER.replace('"""It."""', "pass")}, "statement", "thing in solution.py has no docstring"),
        ({"spec": "from nowhere_at_all import f\n"}, "oracle", "the reference is missing (No module"),
        ({"spec": "1 / 0\n"}, "files", "spec.py does not load: ZeroDivisionError: division by zero"),
        ({"mistakes": "import nowhere_at_all\n"}, "files", "mistakes.py does not load: ModuleNotFoundError"),
        ({}, "mistakes", "0 known mistakes, expected 3 or more in mistakes.py"),
        ({}, "alternatives", "thing has 0 alternatives, expected 2 or more in alternatives.py"),
        ({}, "hints", "hints.toml has no formula of thing out; spec.py has no SMALL inputs for thing"),
        ({"spec": WHOLE + "# TODO more\n# TODO and more\n"}, "cases", "spec.py, line 6: TODO more (and 1 more)"),
    ],
)  # fmt: skip
def test_a_gap_says_what_is_missing_and_where(course, texts, step, fault):
    """Each step reports what is missing, with its file."""
    answer = {} if fault == "solution.py is missing" else {"solution": ANSWER}
    assert fault in gaps(course, **{"spec": WHOLE, **answer, **texts})[step]


def test_only_what_cannot_run_blocks(course):
    """Missing mistakes do not keep the audit from running; an unwritten answer does."""
    gaps(course, spec=WHOLE, solution=ANSWER)
    found = find_todos(course, "thing")
    assert len(found) == 3 and not BLOCKING & found.keys()
    path = course.folders["thing"] / "solution.py"
    path.write_text(ANSWER.replace("return x", 'raise NotImplementedError("TODO")'), encoding="utf-8")
    assert {"solution"} == BLOCKING & find_todos(course, "thing").keys()
