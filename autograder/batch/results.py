"""What a batch writes: one record and one feedback a student, and the class's grades, each whole or not at all.

All of it is made from the journal, one student at a time, and can be made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from autograder.intake.student import slug
from autograder.render.csv import grade_row, head_row
from autograder.render.json import to_json
from autograder.render.text import feedback_text
from autograder.report import Report


def write_class(folder: Path, names: Sequence[str], reports: Iterable[Report]) -> Iterator[Report]:
    """Write reports/, feedback/, grades.csv and grades.jsonl; each report is passed on when its own files are there.

    names: the exercises, in the order of their columns. The class's grades replace the old ones after the last report,
    and what was written for students who are not among them goes.
    """
    kept: set[str] = set()
    with whole(folder / "grades.csv") as table, whole(folder / "grades.jsonl") as lines:
        table.write(head_row(names))
        for report in reports:
            kept.update(write_report(folder, report))
            table.write(grade_row(report, names))
            lines.write(grade_line(report))
            yield report
    for path in (*(folder / "reports").glob("*.json"), *(folder / "feedback").glob("*.txt")):
        if path.name not in kept:
            path.unlink()


def write_report(folder: Path, report: Report) -> tuple[str, str]:
    """reports/<student>.json and feedback/<student>.txt; the two names. Not proof against a power cut: they can be made
    again from the journal."""
    name = slug(report.submission)
    record, feedback = folder / "reports" / f"{name}.json", folder / "feedback" / f"{name}.txt"
    write_whole(record, to_json(report) + "\n", durable=False)
    write_whole(feedback, feedback_text(report), durable=False)
    return record.name, feedback.name


def grade_line(report: Report) -> str:
    """One line of grades.jsonl: the points without the findings. A score is null where there is no grade."""
    exercises = {each.name: _points(each.status, each.score, each.max_score) for each in report.exercises}
    points = _points(report.status, report.score, report.max_score)
    return json.dumps({"student": report.submission, **points, "tier": report.tier, "exercises": exercises}) + "\n"


def write_whole(path: Path, text: str, durable: bool = True) -> None:
    """All of a file at once, as `whole` does."""
    with whole(path, durable) as file:
        file.write(text)


@contextmanager
def whole(path: Path, durable: bool = True) -> Iterator[TextIO]:
    """A file to write so that a reader, or a kill at any instant, sees the old one or the new one and nothing between.

    durable: after a power cut too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")  # one left over from a kill is written over
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _points(status: str, score: float, max_score: float) -> dict[str, str | float | None]:
    return {"status": status, "score": None if status == "broken" else score, "max_score": max_score}
