"""Tests of the mutants that survive: which are rejected, and which lines the list of equivalent mutants must have."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from contextlib import nullcontext
from pathlib import Path

import pytest

from autograder.course.catalog import Course
from autograder.errors import CourseError
from autograder.sandbox.sandbox import Sandbox
from tests.mutants.mutants import make_mutants
from tests.mutants.survivors import LIST, Survivors, find_survivors, strays, summary

TINY = Path(__file__).parents[1] / "tiny"
ROOT = TINY.parents[1]

ORACLE = """
def gap(n):
    return abs(n - 3)


def remainder(n):
    return (n - 1) % 9 + 1
"""
SOLUTION = '''
def gap(n):
    """How far n is from 3."""
    # BEGIN SOLUTION
    return abs(n - 3)
    # END SOLUTION
'''
LOOP = '''
def remainder(n):
    """n less 9, until it is at most 9; n is positive."""
    # BEGIN SOLUTION
    while n > 9:
        n -= 9
    return n
    # END SOLUTION
'''
SPEC = """
from autograder.spec import Function, case, plain
from counting_oracle import gap
EXERCISE = plain(Function(gap, {"total": 1}), cases=[case("27", n=27), case("10", n=10)])
"""
SURVIVOR = "gap: `n - 3` → `3 - n` in `return abs(n - 3)`"


@pytest.fixture(scope="module")
def sandbox():
    """Open one sandbox for all tests."""
    with Sandbox("local") as opened:
        yield opened


@pytest.fixture(autouse=True)
def shared(monkeypatch, sandbox):
    """Run mutants in the sandbox that is open."""
    monkeypatch.setattr("tests.mutants.survivors.Sandbox", lambda tier: nullcontext(sandbox))


@pytest.fixture
def counting(tmp_path, monkeypatch):
    """Create a course with a line that has one equivalent mutant, and a loop."""
    for name, text in {"gap": SOLUTION, "remainder": LOOP}.items():
        folder = tmp_path / "solutions" / "01_numbers" / name
        folder.mkdir(parents=True)
        (folder / "solution.py").write_text(text, encoding="utf-8")
        (folder / "spec.py").write_text(SPEC.replace("gap", name), encoding="utf-8")
    (tmp_path / "counting_oracle.py").write_text(ORACLE, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield Course(tmp_path)
    sys.modules.pop("counting_oracle", None)


def write_list(course: Course, text: str) -> None:
    """Write the list of equivalent mutants."""
    (course.root / LIST).write_text(text, encoding="utf-8")


def survivors(course: Course) -> Survivors:
    """Return the survivors of the exercise gap, as its files are now."""
    return find_survivors(Course(course.root), "gap", [0])


def test_a_mutant_that_never_ends_is_killed(counting, monkeypatch):
    """The sandbox's time limit ends several endless mutants in a row."""
    monkeypatch.setattr("tests.mutants.survivors.SECONDS", 0.1)
    names = [mutant.id for mutant in make_mutants(LOOP, ["remainder"])]
    assert {"remainder: `n -= 9` deleted", "remainder: `n -= 9` → `n += 9` in `n -= 9`"} <= set(names)
    found = find_survivors(counting, "remainder", [0])
    assert found.survivors == ("remainder: `n > 9` → `n > 9 + 1e-06` in `while n > 9:`",)
    assert found.generated == len(names)


def test_an_unlisted_survivor_is_a_fault(counting):
    """An unlisted survivor is reported with both repairs, and the line for the list."""
    found = survivors(counting)
    assert (SURVIVOR,) == found.survivors
    assert found.faults == (
        "a mutant survives. Add a case to spec.py that tells it apart, or say in solutions/equivalent_mutants.toml "
        f'why none can: "{SURVIVOR}" = "…"',
    )


def test_a_listed_survivor_is_no_fault(counting):
    """A listed survivor with a reason is accepted."""
    write_list(counting, f'[gap]\n"{SURVIVOR}" = "a distance has no sign"\n')
    found = survivors(counting)
    assert ((), (SURVIVOR,), 1) == (found.faults, found.survivors, found.equivalent)


def test_a_line_may_stand_for_several_mutants(counting):
    """A name with an … stands for every mutant that fits it; one that dies among them is a fault."""
    write_list(counting, "[gap]\n'gap: `n - 3` → `3 …' = 'a distance has no sign'\n")
    assert ((), 1) == (survivors(counting).faults, survivors(counting).equivalent)
    write_list(counting, "[gap]\n'gap: `n - 3` → …' = 'a distance has no sign'\n")
    (fault,) = survivors(counting).faults
    assert fault.startswith("gap: `n - 3` → … in solutions/equivalent_mutants.toml stands for a mutant that dies.")


def test_every_table_of_the_course_s_list_is_an_exercise_s():
    """No table stands for an exercise that is gone; their lines are compared with the mutants in `tests/course`."""
    assert strays(Course(Path(__file__).parents[2])) == []


@pytest.mark.parametrize("reason", ["", " "])
def test_an_empty_reason_is_a_fault(counting, reason):
    """A reason that is empty or blank is a fault."""
    write_list(counting, f'[gap]\n"{SURVIVOR}" = "{reason}"\n')
    assert survivors(counting).faults == (
        "a listed mutant has no reason. Write in solutions/equivalent_mutants.toml why no case can tell it from the "
        f"answer: {SURVIVOR}",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gap: `- 3` dropped in `return abs(n - 3)`", "a listed mutant dies"),
        ("gap: `- 4` dropped in `return abs(n - 4)`", "a listed mutant no longer exists"),
    ],
)
def test_a_stale_line_is_a_fault(counting, name, words):
    """A listed mutant that is rejected, and one that does not exist, are faults."""
    write_list(counting, f"[gap]\n\"{name}\" = 'because'\n")
    assert survivors(counting).faults[-1] == f"{words}. Delete its line in solutions/equivalent_mutants.toml: {name}"


def test_a_table_without_an_exercise_is_a_fault(counting):
    """A table of an unknown exercise, which may have been renamed, is a fault."""
    write_list(counting, "[gaps]\n'gap: x' = 'because'\n")
    (stray,) = strays(counting)
    assert ("gaps", 0) == (stray.exercise, stray.generated)
    assert stray.faults == (
        "is no exercise of this course: delete its table in solutions/equivalent_mutants.toml",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [("[gap", "does not load: "), ("gap = 1", "[gap] holds lines of"), ("[gap]\na = 1", "[gap] holds lines of")],
)
def test_a_list_that_cannot_be_read_is_refused(counting, text, words):
    """A list that cannot be read is an error with its place."""
    write_list(counting, text)
    with pytest.raises(CourseError) as refused:
        strays(counting)
    assert str(counting.root / LIST) in str(refused.value) and words in str(refused.value)


def test_a_solution_that_is_wrong_itself_is_said(counting):
    """A wrong solution is a fault, because all its mutants would seem to be rejected."""
    path = counting.folders["gap"] / "solution.py"
    path.write_text(SOLUTION.replace("n - 3", "n - 2"), encoding="utf-8")
    assert survivors(counting).faults == ("the solution's own gap is rejected: `handgrad audit gap` says why",)


def test_an_exercise_that_does_not_load_is_said(counting):
    """An exercise that does not load is a fault, and the others are still mutated."""
    path = counting.folders["gap"] / "spec.py"
    path.write_text("import nothing_of_this_name\n", encoding="utf-8")
    (fault,) = survivors(counting).faults
    assert fault.startswith("is not ready for mutants: ") and "No module named 'nothing_of_this_name'" in fault


def test_what_has_no_one_truth_is_not_mutated(counting):
    """A function without a single right output is not mutated; the exercise's other functions are."""
    free = "accept={'total': Free(lambda inputs, value: None)}"
    text = "from autograder.spec import Free\n" + SPEC.replace("n=27", f"n=27, {free}")
    path = counting.folders["gap"] / "spec.py"
    path.write_text(text, encoding="utf-8")
    assert survivors(counting).generated > 0
    path.write_text(text.replace("n=10", f"n=10, {free}"), encoding="utf-8")
    assert Survivors("gap") == survivors(counting)


ONE = """
import numpy as np
from autograder.spec import Function, case, literal, normal, plain
def one(x):
    ORACLE
EXERCISE = plain(
    Function(one, {"out": 1}, POINTS),
    cases=[case("a", x=normal(3)), case("b", x=normal(4))],
    stable=[case("c", x=literal([1000.0, 0.0])), case("d", x=literal([-1000.0, 0.0]))],
)
"""
DOUBLE = "q = x + 0.0\nq *= 2\nreturn q"
PEAK = "m = np.max(x)\nreturn float(m + np.log(np.exp(x - m).sum()))"


@pytest.mark.parametrize(
    ("answer", "oracle", "points", "mutant"),
    [
        (DOUBLE, "return 2 * x", "purity=0.5", "one: `+ 0.0` dropped in `q = x + 0.0`"),
        (PEAK, "return float(np.logaddexp.reduce(x))", "stability=1", "one: `np.max(x)` negated in `m = np.max(x)`"),
    ],
    ids=["purity", "stability"],
)
def test_right_values_are_not_enough(tmp_path, answer, oracle, points, mutant):
    """A mutant that writes into x or overflows is rejected only where the exercise has points for it."""
    folder = tmp_path / "solutions" / "01_ones" / "one"
    folder.mkdir(parents=True)
    body = textwrap.indent(f"# BEGIN SOLUTION\n{answer}\n# END SOLUTION", "    ")
    (folder / "solution.py").write_text(f"import numpy as np\n\n\ndef one(x):\n{body}\n", encoding="utf-8")
    found = {}
    for given in (points, "purity=0"):
        spec = ONE.replace("ORACLE", oracle).replace("POINTS", given)
        (folder / "spec.py").write_text(spec, encoding="utf-8")
        found[given] = find_survivors(Course(tmp_path), "one", [0]).survivors
    assert (False, True) == (mutant in found[points], mutant in found["purity=0"])


def test_equal_seeds_give_equal_survivors(monkeypatch):
    """Equal seeds give equal survivors, in the same order."""
    monkeypatch.setattr(sys, "path", [str(TINY), *sys.path])
    first, second = (find_survivors(Course(TINY), "mean_square", [0, 1]) for _ in range(2))
    assert first == second
    assert first.survivors and len(first.survivors) == first.equivalent


def test_the_counts_are_sums():
    """The counts are sums over all exercises."""
    rows = [Survivors("a", 5, ("m",), 1, ()), Survivors("b", 3, (), 0, ("fault",))]
    assert {"mutants": 8, "killed": 7, "equivalent": 1, "faults": 1} == summary(rows)


def audit(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "tests.mutants", *map(str, words)]
    environment = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, cwd=ROOT)


def test_the_command_on_a_sound_course():
    """Exercises without faults give exit code 0, a row each, and the counts."""
    done = audit("mean_square", "scale", "--course", TINY, "--json")
    assert 0 == done.returncode, done.stdout + done.stderr
    record = json.loads(done.stdout)
    assert {"mutants", "killed", "equivalent", "faults"} == record["summary"].keys()
    names = [row["exercise"] for row in record["rows"]]
    assert ["mean_square", "scale"] == names
    assert record["summary"]["equivalent"] > 1 and record["summary"]["faults"] == 0


def test_an_exercise_that_does_not_exist_is_said():
    """Wrong usage gives exit code 2 and a sentence."""
    done = audit("gap", "--course", TINY)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
    assert done.stderr.startswith("handgrad: there is no exercise or unit named gap")


def test_the_command_on_a_course_with_a_blind_spec(tmp_path):
    """A spec whose cases are too small gives exit code 1, and each survivor by name."""
    shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "course" / "solutions" / "01_tiny" / "spread" / "spec.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("size=4", "size=1").replace("size=5", "size=1"), encoding="utf-8")
    done = audit("spread", "--course", tmp_path / "course")
    assert 1 == done.returncode, done.stdout
    assert "✘ spread: a mutant survives. Add a case to spec.py that tells it apart" in done.stdout
