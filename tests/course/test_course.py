"""The course itself: every exercise is sound, in this process and in the sandbox, and assignments/ is in step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.audit import audit_exercise
from autograder.authoring.build.course import compare
from autograder.authoring.build.stub import TOLD, make_stub, partly_repaired, plant, read_planted
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.report.report import ExerciseReport
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.source import Source, Submission
from tests.mutants.survivors import find_survivors

COURSE = Course(Path(__file__).parents[2])
UNTIMED = Options(skip=frozenset({"speed"}))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def grade(name: str, text: str, sandbox: Sandbox) -> ExerciseReport:
    submission = Submission("somebody", {name: Source(text, "0" * 64, f"{name}.py")})
    return Grader(sandbox, UNTIMED).grade(submission, [COURSE.exercise(name)]).exercises[0]


@pytest.mark.parametrize("name", COURSE.names)
def test_an_exercise_passes_its_audit(name: str) -> None:
    """Stub, solution, mistakes and alternatives get the expected verdicts, and no text for students shows the answer.

    One seed is run here, fifty are in `make nightly`."""
    rows = audit_exercise(COURSE, name, range(1), first=False)
    assert [] == [f"{row.kind} {row.name} {row.words}" for row in rows if not row.right]


@pytest.mark.parametrize("name", COURSE.names)
def test_a_solution_earns_everything_in_the_sandbox(name: str, sandbox: Sandbox) -> None:
    """What the audit says in this process holds where student code runs."""
    report = grade(name, COURSE.solution(name), sandbox)
    assert ("passed", report.max_score) == (report.status, report.score), report.findings


@pytest.mark.parametrize("name", COURSE.names)
def test_questions_have_the_dtype_objects_of_numpy(name: str) -> None:
    """Inputs and expected values of every case and every timed size have NumPy's own dtype objects."""
    variant = Variant(COURSE.exercise(name), 1)
    asked = [q for f in variant.exercise.functions for c in (*f.cases, *f.stable_cases) for q in variant.calls(f, c)]
    asked += [variant.oracle.timed(f, c, 0) for f in variant.exercise.functions if f.timing for c in f.timing.ladder]
    values = [value for q in asked for value in (*q.inputs.values(), *q.expected.values())]
    dtypes = [value.dtype for value in values if isinstance(value, np.ndarray)]
    assert all(dtype is np.dtype(dtype.type) for dtype in dtypes)


@pytest.mark.parametrize("name", COURSE.names)
def test_a_stub_earns_nothing_in_the_sandbox(name: str, sandbox: Sandbox) -> None:
    """Untouched is not wrong: skipped, and no points."""
    report = grade(name, make_stub(plant(COURSE.solution(name), COURSE.planted(name))), sandbox)
    assert ("skipped", 0) == (report.status, report.score)


@pytest.mark.parametrize("name", [name for name in COURSE.names if COURSE.planted(name)])
def test_planted_bugs_earn_nothing_until_they_are_repaired(name: str, sandbox: Sandbox) -> None:
    """Who only deletes the line that raises has tried, and has no points; who repairs both bugs has all."""
    text, planted = COURSE.solution(name), COURSE.planted(name)
    names = list(read_planted(planted).bugs)
    both, none = (grade(name, partly_repaired(text, planted, left), sandbox) for left in (names, []))
    assert ("failed", 0) == (both.status, both.score)
    assert {finding.mistake for finding in both.findings} <= {*names, None}
    assert ("passed", none.max_score) == (none.status, none.score)


@pytest.mark.parametrize("name", [name for name in COURSE.names if COURSE.planted(name)])
def test_students_are_told_of_planted_bugs_and_not_where_they_are(name: str) -> None:
    """The statement says that there are two; no mark and no name of a bug stands in what students receive."""
    unit = COURSE.folders[name].parent.name
    for file in (f"{name}.py", f"{unit}.ipynb"):
        text = (COURSE.root / "assignments" / unit / file).read_text(encoding="utf-8")
        assert "two bugs" in text and TOLD in text
        assert not [bug for bug in read_planted(COURSE.planted(name)).bugs if bug in text]
        assert "# BUG" not in text


def test_every_unit_has_one_exercise_with_planted_bugs() -> None:
    """The last of its page."""
    found = {exercise.unit: exercise.planted for exercise in COURSE.exercises()}
    assert all(found.values())
    assert len(found) == sum(exercise.planted for exercise in COURSE.exercises())


def test_assignments_are_in_step_with_solutions() -> None:
    """`handgrad build` would change nothing."""
    assert [] == compare(COURSE.root)


def test_exercises_come_in_teaching_order() -> None:
    """By unit, and after what they require."""
    order = [exercise.name for exercise in COURSE.exercises()]
    for exercise in COURSE.exercises():
        assert all(order.index(need) < order.index(exercise.name) for need in exercise.requires)


@pytest.mark.slow
@pytest.mark.parametrize("name", COURSE.names)
def test_no_mutant_of_a_solution_survives_unexplained(name: str) -> None:
    """Operators, constants, axes and terms changed one at a time: each dies, or a hand-written reason says why not."""
    assert [] == list(find_survivors(COURSE, name, range(3)).faults)
