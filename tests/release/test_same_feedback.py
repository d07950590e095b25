"""Feedback in a release equals feedback in the course, through the real sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.catalog import Course
from autograder.course.release_folder import find_release
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.release.making import make, write
from autograder.report.report import Finding, Report
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.folder import read_submission
from tests.house.sources import ROOT

COURSE = Course(ROOT)
NAMES = ["relu", "conv2d", "max_pool2d", "softmax_cross_entropy"]


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> list[list]:
    """Return the exercises of the course, and those of its release."""
    out = tmp_path_factory.mktemp("release") / "mine"
    write(out, make(COURSE, COURSE.exercises(NAMES), "Four exercises"))
    released = find_release(out)
    assert released is not None
    return [COURSE.exercises(NAMES), released.exercises(NAMES)]


def content(report: Report) -> list[tuple]:
    """Return the parts of findings that do not depend on the drawn numbers."""

    def of(f: Finding) -> tuple:
        return (f.check, f.function, f.output, f.status, f.score, f.mistake, f.diagnosis, f.hint, f.ladder[1:],
                f.example, f.line)  # fmt: skip

    return [of(finding) for exercise in report.exercises for finding in exercise.findings if finding.check != "speed"]


@pytest.mark.parametrize("name", ["overlap_bug", "pad_zero_bug", "wrong_sign", "in_place", "syntax_error"])
def test_the_feedback_is_the_course_s(both, name):
    """Diagnosis, hints and examples on answers of the sample class are equal."""
    submission = read_submission(Path(ROOT) / "examples" / "class" / name, COURSE.functions)
    with Sandbox("local") as sandbox:
        live, replayed = (content(Grader(sandbox, Options(reveal=True)).grade(submission, e)) for e in both)
    assert live == replayed
    assert [line for line in live if line[3] in ("failed", "error")]
