"""What a batch writes: one record and one feedback a student, and the class's grades, each whole or not at all.

All of it is made from the journal, one student at a time, and can be made again.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TextIO
from urllib.parse import quote

from autograder.course.policy import Policy
from autograder.render.class_page import Classroom, class_page_html
from autograder.render.csv import grade_row, head_row
from autograder.render.html import report_html
from autograder.render.text import feedback_text
from autograder.report.json import to_json, written
from autograder.report.report import ExerciseReport, Report
from autograder.submission.student import slug

_FORMS = (("reports", ".json"), ("feedback", ".html"), ("feedback", ".txt"))


def write_class(
    folder: Path,
    names: Sequence[str],
    reports: Iterable[Report],
    policy: Policy = Policy(),
    seconds: Mapping[str, float] = MappingProxyType({}),
    others: Iterable[str] = (),
) -> Iterator[Report]:
    """Write reports/, feedback/, grades.csv, grades.jsonl and index.html; each report is passed on when its own files
    are there.

    names: the exercises, in the order of their columns. The class's grades replace the old ones after the last report,
    and what was written for students who are not among them goes. policy: the rules that the reports were marked by,
    which add columns and a title. seconds: exercise → what it took to grade one, for the class's page. others: students
    of the class who need no report; what was written for them earlier stays.
    """
    kept = set(map(slug, others))
    room, marked = Classroom(_page), policy != Policy()
    with whole(folder / "grades.csv") as table, whole(folder / "grades.jsonl") as lines:
        table.write(head_row(names, marked))
        for report in reports:
            kept.add(write_report(folder, report))
            table.write(grade_row(report, names, marked))
            lines.write(grade_line(report))
            room.add(report)
            yield report
    room.clock(seconds)
    write_whole(folder / "index.html", class_page_html(room, policy.title))
    for place, ending in _FORMS:
        _sweep(folder / place, ending, kept)


def write_report(folder: Path, report: Report) -> str:
    """reports/<student>.json, feedback/<student>.html and feedback/<student>.txt; the name. The journal has what a
    power cut may take."""
    name, texts = slug(report.submission), (to_json(report), report_html(report), feedback_text(report))
    for (place, ending), text in zip(_FORMS, texts, strict=True):
        write_whole(folder / place / f"{name}{ending}", text, durable=False)
    return name


def grade_line(report: Report) -> str:
    """One line of grades.jsonl: the points and the marks without the findings; null where there is no grade."""
    exercises = {each.name: _points(each) for each in report.exercises}
    return written({"student": report.submission, **_points(report), "tier": report.tier, "exercises": exercises})


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


def _page(student: str) -> str:
    return f"feedback/{quote(slug(student))}.html"


def _sweep(folder: Path, ending: str, kept: Collection[str]) -> None:
    """Remove the files of those who are not in the class any more."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(ending) and entry.name.removesuffix(ending) not in kept:
                os.unlink(entry.path)


def _points(item: Report | ExerciseReport) -> Mapping[str, object]:
    score = None if item.status == "broken" else item.score
    points: Mapping[str, object] = {"status": item.status, "score": score, "max_score": item.max_score}
    if item.mark is None:
        return points
    counts = {"mark": item.mark.score, "max_mark": item.mark.max_score, "days_late": item.mark.days_late}
    return {**points, **counts, "why": item.mark.why}
