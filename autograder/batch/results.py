"""What a batch writes: one record and one feedback a student, each whole or not at all, and the class's grades."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.intake.student import slug
from autograder.render.csv import grades_csv
from autograder.render.json import to_json
from autograder.render.text import feedback_text
from autograder.report import Report


def write_report(folder: Path, report: Report) -> None:
    """reports/<student>.json and feedback/<student>.txt."""
    name = slug(report.submission)
    write_whole(folder / "reports" / f"{name}.json", to_json(report) + "\n")
    write_whole(folder / "feedback" / f"{name}.txt", feedback_text(report))


def write_grades(folder: Path, reports: Sequence[Report]) -> Path:
    """grades.csv, sorted by student; its path."""
    path = folder / "grades.csv"
    write_whole(path, grades_csv(sorted(reports, key=lambda report: report.submission)))
    return path


def write_whole(path: Path, text: str) -> None:
    """Write so that a reader, or a crash at any instant, sees the old file or the new one and nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
