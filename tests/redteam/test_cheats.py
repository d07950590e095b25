"""Whole submissions that cheat or break, graded in each confined tier by the tiny course.

Every file in submissions/ holds a hostile scale_forward; an honest scale_backward is added to it. The hostile half must
earn nothing, the honest half must lose nothing, and the grader must be as good as new afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.batch.submission import grade_submission
from autograder.catalog import Course
from autograder.grade import Options
from autograder.intake.folder import read_submission
from autograder.report import ExerciseReport, Finding, to_dict
from autograder.sandbox import Sandbox, probe

HERE = Path(__file__).parent
HONEST = """

def scale_backward(dout, x, w):
    return dout * w, (dout * x).sum(axis=0)
"""
RIGHT = "def scale_forward(x, w):\n    return x * w\n" + HONEST
HONEST_POINTS = 5.5

# What the hostile half is called in the report: its status, and words of its message.
VERDICTS = {
    "closes_every_file": ("error", "ended the Python process"),
    "deep_recursion": ("error", "scale_forward"),
    "duck_array": ("failed", "out is an object of type object"),
    "equal_to_everything": ("failed", "entries differ"),
    "exits_while_loading": ("failed", "entries differ"),
    "exits_with_success": ("error", "ended the Python process"),
    "flood": ("error", "prints without end"),
    "fork": ("error", "raises PermissionError"),
    "forged_reply": ("error", "the grader's own channel"),
    "frame_and_heap_walk": ("failed", "out"),
    "hidden_inputs_in_an_exception": ("error", "raises Exception"),
    "huge_claim": ("error", "the grader's own channel"),
    "huge_result": ("error", "ran out of memory"),
    "infinite": ("failed", "is inf, expected"),
    "kills_the_grader": ("failed", "entries differ"),
    "loop_in_c": ("error", "did not finish in the time allowed"),
    "loop_in_python": ("error", "did not finish in the time allowed"),
    "masked_array": ("failed", "out"),
    "memory": ("error", "did not finish in the time allowed"),
    "network": ("error", "no socket of any kind"),
    "not_a_number": ("failed", "is nan, expected"),
    "patched_numpy": ("failed", "entries differ"),
    "patched_pytest": ("error", "raises BaseException"),
    "reads_the_environment": ("error", "no secret in sight"),
    "reads_the_reference": ("error", "no reference anywhere"),
    "replies_in_advance": ("failed", "entries differ"),
    "segfault": ("error", "ended the Python process"),
    "sleeper": ("error", "did not finish in the time allowed"),
    "slow_with_a_fast_clock": ("slow", "times the reference's time"),
    "system_exit": ("error", "raises SystemExit"),
    "threads": ("failed", "entries differ"),
    "writes_results": ("error", "nothing can be written"),
}


@pytest.fixture(scope="module", params=["sealed", "guarded"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    tier = next(report for report in probe() if report.name == request.param)
    if not tier.available and not os.environ.get("CI"):
        pytest.skip(f"no {tier.name} tier here: {tier.why}")
    with Sandbox(request.param) as opened:
        yield opened


@pytest.fixture
def grade(sandbox: Sandbox, tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """grade(text) → the report on scale; the grader must be as good as new before and after."""
    monkeypatch.setenv("HANDGRAD_KEY", "secret")
    exercise = tiny.exercise("scale")

    def run(text: str, options: Options = Options(skip=frozenset({"speed"}))) -> ExerciseReport:
        (tmp_path / "student").mkdir(exist_ok=True)
        (tmp_path / "student" / "scale.py").write_text(text, encoding="utf-8")
        submission = read_submission(tmp_path / "student", ["scale"])
        return grade_submission(submission, [exercise], sandbox, options).exercises[0]

    assert run(RIGHT).status == "passed"
    run(RIGHT, Options())  # starts the worker that times the wire, which stays
    before = _processes(), len(os.listdir("/proc/self/fd"))
    yield run
    assert (_processes(), len(os.listdir("/proc/self/fd"))) == before
    assert run(RIGHT).status == "passed"


def test_every_cheat_has_its_verdict() -> None:
    """The table and the folder name the same cheats."""
    assert {path.stem for path in (HERE / "submissions").glob("*.py")} == set(VERDICTS)


@pytest.mark.parametrize("name", sorted(VERDICTS))
def test_a_cheat_earns_nothing_and_costs_nothing(name: str, grade) -> None:
    """The hostile half earns 0, says what it is, and the honest half keeps its points."""
    status, words = VERDICTS[name]
    options = Options() if status == "slow" else Options(skip=frozenset({"speed"}))
    report = grade((HERE / "submissions" / f"{name}.py").read_text(encoding="utf-8") + HONEST, options)
    hostile = [finding for finding in report.findings if finding.function == "scale_forward" and finding.max_score]
    if status == "slow":
        assert _status(hostile, "speed") == "slow"
        assert words in " ".join(finding.message for finding in hostile)
        return
    assert sum(finding.score for finding in hostile) == 0
    assert _status(report.findings, "values", "contract") == status
    assert words in " ".join(finding.message for finding in report.findings if finding.function == "scale_forward")
    assert report.score == HONEST_POINTS


def test_feedback_carries_no_hidden_input(grade) -> None:
    """An exception's words and type come back for public cases only; a hidden case names builtin types."""
    text = (HERE / "submissions" / "hidden_inputs_in_an_exception.py").read_text(encoding="utf-8")
    public = "    if x.shape == (2, 3):\n        return x * w\n    raise type"
    report = grade(text.replace("    raise type", public) + HONEST)
    (finding,) = [finding for finding in report.findings if finding.check == "values"]
    assert finding.case == "batch of one"
    assert finding.message == "scale_forward raises Exception at line 7. Case “batch of one” (2 of 3 cases fail)."


def test_the_record_of_a_cheat_is_plain_data(grade) -> None:
    """Nothing of the student's objects reaches the record."""
    report = grade((HERE / "submissions" / "equal_to_everything.py").read_text(encoding="utf-8") + HONEST)
    assert all(type(finding) is Finding for finding in report.findings)
    assert isinstance(to_dict.__doc__, str)


def _status(findings: list[Finding] | tuple[Finding, ...], *checks: str) -> str:
    return next(
        f.status for f in findings if f.check in checks and f.function == "scale_forward" and f.status != "passed"
    )


def _processes() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}
