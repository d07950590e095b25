"""What the sample class is told, as rows to compare; `python -m tests.course.sample_class` renews the golden file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.course.catalog import Course
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.report.report import Report
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.folder import read_submission
from autograder.submission.listing import list_entries
from autograder.submission.source import Entry

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "examples" / "class"
ASKED = ("dense", "relu", "conv2d", "max_pool2d", "softmax_cross_entropy", "momentum")
GOLDEN = Path(__file__).parent / "golden" / "sample_class.json"

# Of a finding; left out where it says nothing. No times, hashes, versions, seeds, and no measured or computed arrays.
FIELDS = (
    "check", "function", "output", "status", "score", "max_score", "message", "case", "line", "mistake", "diagnosis",
    "hint", "ladder",
)  # fmt: skip


def exercises() -> list[Exercise]:
    """What the class was asked for."""
    return Course(ROOT).exercises(ASKED)


def grade(entry: Entry | Path, asked: list[Exercise], sandbox: Sandbox, *skip: str) -> Report:
    """The report on one submission of the class."""
    names = {exercise.name: [function.name for function in exercise.functions] for exercise in asked}
    return Grader(sandbox, Options(skip=frozenset(skip))).grade(read_submission(entry, names), asked)


def rows(report: Report) -> Iterator[dict[str, Any]]:
    """One row for each exercise, followed by one for each of its findings."""
    for exercise in report.exercises:
        where = {"student": report.submission, "exercise": exercise.name}
        yield {**where, "status": exercise.status, "score": exercise.score, "max_score": exercise.max_score}
        for finding in exercise.findings:
            said = {name: getattr(finding, name) for name in FIELDS}
            yield where | {name: value for name, value in said.items() if value not in (None, "", ())}


def written(told: Iterable[dict[str, Any]]) -> str:
    """A list in JSON with a line for each row, so that a change shows as the lines that it changes."""
    lines = [json.dumps(row, ensure_ascii=False) for row in told]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def class_rows(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The rows of the whole class, graded without speed."""
    asked = exercises()
    return [row for entry in list_entries(CLASS).entries for row in rows(grade(entry, asked, sandbox, "speed"))]


if __name__ == "__main__":
    with Sandbox() as opened:
        GOLDEN.write_text(written(class_rows(opened)), encoding="utf-8", newline="")
    print(f"{GOLDEN.relative_to(ROOT)} is written anew: read its difference before you keep it.")
