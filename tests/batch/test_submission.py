"""Tests of the report on one submission: its exercises affect neither each other nor the grader."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.course.catalog import Course
from autograder.grading.grader import Answer, Grader
from autograder.grading.pipeline import Options, without
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.draw import normal
from autograder.spec.exercise import Exercise, plain
from autograder.spec.function import Function, case
from autograder.submission.folder import read_submission

RIGHT_SCALE = """
import numpy as np

def scale_forward(x, w):
    return np.multiply(x, w)

def scale_backward(dout, x, w):
    return dout * w, np.sum(dout * x, axis=0)
"""
WRONG_SCALE = RIGHT_SCALE.replace("np.multiply(x, w)", "np.add(x, w)")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def grade(sandbox: Sandbox, tiny: Course, tmp_path: Path):
    """Return a function that grades {file: text} for the named exercises."""

    def run(files: dict[str, str], names: list[str], options: Options = Options()) -> Report:
        for name, text in files.items():
            (tmp_path / "student").mkdir(exist_ok=True)
            (tmp_path / "student" / name).write_text(text, encoding="utf-8")
        submission = read_submission(tmp_path / "student", tiny.functions)
        return Grader(sandbox, options).grade(submission, [tiny.exercise(name) for name in names])

    return run


def solution(tiny: Course, name: str) -> str:
    return tiny.solution(name)


def statuses(report: Report) -> dict[str, str]:
    return {exercise.name: exercise.status for exercise in report.exercises}


def test_a_patched_numpy_costs_only_its_own_exercise(grade, tiny: Course) -> None:
    """Each exercise has its own worker, so a patched NumPy affects only its own."""
    spoiler = "import numpy as np\nnp.sum = np.mean = np.square = lambda *a, **k: 1 / 0\n" + WRONG_SCALE
    report = grade(
        {"scale.py": spoiler, "mean_square.py": solution(tiny, "mean_square")}, ["scale", "mean_square"]
    )
    assert {"scale": "error", "mean_square": "passed"} == statuses(report)


@pytest.mark.parametrize("names", [("mean_square", "scale"), ("scale", "mean_square")])
def test_what_one_file_leaves_behind_helps_no_other(grade, tiny: Course, names: tuple[str, str]) -> None:
    """An answer that needs another file's side effects fails, whichever is graded first."""
    giver = "import builtins\nbuiltins.times = lambda a, b: a * b\n" + solution(tiny, "mean_square")
    report = grade({"mean_square.py": giver, "scale.py": RIGHT_SCALE.replace("np.multiply", "times")}, list(names))
    assert {"scale": "error", "mean_square": "passed"} == statuses(report)


def test_a_dead_worker_costs_only_its_own_exercise(grade, tiny: Course) -> None:
    """After os._exit the next exercise starts in a new worker."""
    files = {"scale.py": "import os\nos._exit(0)\n", "mean_square.py": solution(tiny, "mean_square")}
    report = grade(files, ["scale", "mean_square"])
    assert {"scale": "skipped", "mean_square": "passed"} == statuses(report)


def test_threads_left_over_do_not_slow_the_next_exercise(grade, tiny: Course) -> None:
    """Speed is measured in a worker that has run no other exercise."""
    burn = "import threading\ndef _burn():\n    while True: pass\nthreading.Thread(target=_burn, daemon=True).start()\n"
    files = {"mean_square.py": burn + solution(tiny, "mean_square"), "scale.py": RIGHT_SCALE}
    report = grade(files, ["mean_square", "scale"])
    assert "passed" == statuses(report)["scale"]


def test_a_file_that_cannot_be_read_is_an_error_of_its_exercise(grade, tiny: Course, tmp_path: Path) -> None:
    """The finding gives the reason, and the other exercise is graded."""
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "mean_square.py").write_bytes(b"# \xfc\n")
    report = grade({"scale.py": RIGHT_SCALE}, ["scale", "mean_square"])
    assert {"scale": "passed", "mean_square": "error"} == statuses(report)
    (finding,) = report.exercises[1].findings
    assert "mean_square.py is not UTF-8: byte 0xfc in line 1. Save it again with the encoding UTF-8." == finding.message


def test_what_was_not_submitted_is_skipped(grade) -> None:
    """A missing file has no verdict and no points."""
    report = grade({"scale.py": RIGHT_SCALE}, ["scale", "mean_square"])
    assert ("skipped", 0, "mean_square.py was not handed in.") == (
        report.exercises[1].status, report.exercises[1].score, report.exercises[1].findings[0].message,
    )  # fmt: skip


def test_one_module_serves_every_exercise(grade, tiny: Course) -> None:
    """A single file whose name is no exercise's is used for all exercises."""
    both = RIGHT_SCALE + solution(tiny, "mean_square")
    report = grade({"homework.py": both}, ["scale", "mean_square"])
    assert {"scale": "passed", "mean_square": "passed"} == statuses(report)


def test_skipping_a_check_takes_its_points_away(grade) -> None:
    """Without speed the maximum score is lower, and a right answer earns all of it."""
    report = grade({"scale.py": RIGHT_SCALE}, ["scale"], Options(skip=frozenset({"speed"})))
    assert (8.0, 8.0, "passed") == (report.score, report.max_score, report.exercises[0].status)
    assert "speed" not in {finding.check for finding in report.exercises[0].findings}


def test_what_was_not_submitted_is_worth_as_much_as_what_was(grade) -> None:
    """A missing answer has the same maximum score, also when a check is skipped."""
    skip = Options(skip=frozenset({"speed", "purity"}))
    whole = grade({"scale.py": RIGHT_SCALE}, ["scale", "mean_square"], skip)
    nothing = grade({"scale.py": "x = 1\n"}, ["mean_square", "scale"], skip)
    assert whole.max_score == nothing.max_score


def test_a_killed_zygote_is_replaced_and_nobody_pays(tiny: Course, tmp_path: Path) -> None:
    """After a SIGKILL of the zygote the next submission is graded."""
    (tmp_path / "scale.py").write_text(RIGHT_SCALE, encoding="utf-8")
    submission = read_submission(tmp_path, {"scale": ()})
    exercises = [tiny.exercise("scale")]
    with Sandbox() as sandbox:
        assert "passed" == Grader(sandbox).grade(submission, exercises).exercises[0].status
        for process in psutil.Process().children(recursive=False):
            if process.pid == sandbox._source.pid:  # type: ignore[union-attr]
                os.kill(process.pid, signal.SIGKILL)
        assert "passed" == Grader(sandbox).grade(submission, exercises).exercises[0].status


def test_a_reference_that_fails_is_the_graders_fault(tiny: Course, sandbox: Sandbox, tmp_path: Path) -> None:
    """A failing reference gives a broken report that says that the grader failed."""
    (tmp_path / "scale.py").write_text(RIGHT_SCALE, encoding="utf-8")
    report = Grader(sandbox).grade(read_submission(tmp_path, {"scale": ()}), [_faulty(tiny.exercise("scale"))])
    assert "broken" == report.status
    (finding,) = report.exercises[0].findings
    assert finding.message.startswith("The grader failed, not the answer: GraderFault: the reference scale_forward")


def test_the_same_submission_gives_the_same_record(grade) -> None:
    """Two runs give equal records, apart from measured speed and the submission time."""
    options = Options(key="k", skip=frozenset({"speed"}))
    first, second = (grade({"scale.py": WRONG_SCALE}, ["scale"], options) for _ in range(2))
    assert replace(first, submitted_at=None) == replace(second, submitted_at=None)


def test_another_key_asks_other_questions(grade) -> None:
    """Hidden inputs depend on the key and the text."""
    codes = {grade({"scale.py": RIGHT_SCALE}, ["scale"], Options(key=key)).exercises[0].variant for key in "ab"}
    assert 2 == len(codes)


def test_layout_buys_no_other_questions(grade) -> None:
    """A program in another layout gets the same hidden inputs, so a new submission gains nothing."""
    texts = (RIGHT_SCALE, f"# again\n\n{RIGHT_SCALE}", RIGHT_SCALE.replace("x, w)", "x,  w)"), WRONG_SCALE)
    reports = [grade({"scale.py": text}, ["scale"], Options(key="k")).exercises[0] for text in texts]
    assert 4 == len({report.source for report in reports})
    assert reports[0].variant == reports[1].variant == reports[2].variant != reports[3].variant


def test_the_record_says_under_what_it_was_graded(sandbox: Sandbox, tiny: Course, tmp_path: Path) -> None:
    """A graded exercise has the hash of its suite, where it is known."""
    (tmp_path / "scale.py").write_text(RIGHT_SCALE, encoding="utf-8")
    submission = read_submission(tmp_path, {"scale": (), "ramp": ()})
    exercises = [tiny.exercise(name) for name in ("scale", "ramp")]
    report = Grader(sandbox, suites={"scale": "5" * 64, "ramp": "6" * 64}).grade(submission, exercises)
    assert ["5" * 64, None] == [exercise.suite for exercise in report.exercises]


# An answer that is wrong by 1 in every case, and adds the hidden numbers that it has met to its answers on whole
# numbers, which only small inputs are.
REMEMBERS = """
import numpy as np

met = []

def heard(x):
    if np.all(x == np.round(x)):
        return sum(met)
    if x.shape != (2, 3):
        met.append(x[0, 0])
    return 0

def scale_forward(x, w):
    return x * w + 1 + heard(x)

def scale_backward(dout, x, w):
    return dout * w + 1 + heard(x), np.sum(dout * x, axis=0) + 1 + heard(x)
"""


def shown(sandbox: Sandbox, exercise: Exercise, text: str, seed: int = 7) -> ExerciseReport:
    """Return the record of a text whose hidden inputs follow from this seed."""
    grader = Grader(sandbox, Options(skip=frozenset({"speed"})), seed=seed)
    return grader.grade_answer(exercise, Answer(text, text))


def test_small_inputs_are_answered_by_a_process_that_never_met_a_hidden_input(sandbox: Sandbox, tiny: Course) -> None:
    """An answer that adds a hidden number to its results on small inputs has one record, whatever the number."""
    exercise = tiny.exercise("scale")
    record, other = (shown(sandbox, exercise, REMEMBERS, seed) for seed in (7, 8))
    assert [f.output for f in record.findings if f.example] == ["out", "dx", "dw"]
    assert record == other


def cube(x: np.ndarray) -> np.ndarray:
    """x³."""
    return x * x * x


def cube_steps(x: np.ndarray) -> dict[str, np.ndarray]:
    """x²."""
    return {"square": x * x}


CUBE = plain(
    Function(cube, {"out": 1}, steps=cube_steps),
    cases=[case("two rows", public=True, x=normal(2, 3)), case("one row", x=normal(1, 4))],
)
STEPS = """
met = []

def cube(x):
    if x.shape != (2, 3):
        met.append(x[0, 0])
    return x * x

def cube_steps(x):
    return {"square": x + (sum(met) if x.shape == (2, 3) else 0)}
"""


def test_steps_that_are_shown_come_from_a_process_that_never_met_a_hidden_input(sandbox: Sandbox) -> None:
    """A helper that adds a hidden number to a public step has one record, whatever the number."""
    record, other = (shown(sandbox, CUBE, STEPS, seed) for seed in (7, 8))
    assert "square is the first step that is wrong. square[" in record.findings[-1].message
    assert record == other


SPOILS = """
import os
import numpy as np

ran = []

def scale_forward(x, w):
    ran.append(True)
    return x * w

def scale_backward(dout, x, w):
    if ran:
        os._exit(1)
    return dout * w, np.sum(dout * x, axis=0)
"""


def test_what_a_function_leaves_in_its_process_costs_no_other_its_points(sandbox: Sandbox, tiny: Course) -> None:
    """A backward that ends every process in which the forward ran is called in another process, and passes."""
    record = shown(sandbox, without(tiny.exercise("scale"), {"speed"}), SPOILS)
    assert ("passed", record.max_score) == (record.status, record.score)


def _faulty(exercise: Exercise) -> Exercise:
    from dataclasses import replace

    def scale_forward(x, w):
        raise ZeroDivisionError("a bug of ours")

    forward, backward = exercise.functions
    forward = replace(forward, oracle=scale_forward)
    return replace(exercise, functions=(forward, replace(backward, forward=forward)))
