"""Files of results: a record and feedback for each student, the class's grades and its page.

All of them are made from the journal, one student at a time, and can be made again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from autograder.course.policy import Policy
from autograder.render.attention import ClassFacts
from autograder.render.csv import grade_row, head_row
from autograder.render.html import Classroom, class_page_html, report_html
from autograder.render.terminal import feedback_text
from autograder.report.json import to_json, written
from autograder.report.report import ExerciseReport, Report
from autograder.submission.source import slug

_FORMS = (("reports", ".json"), ("feedback", ".html"), ("feedback", ".txt"))


def write_class(
    folder: Path,
    names: Sequence[str],
    reports: Iterable[Report],
    policy: Policy = Policy(),
    known: ClassFacts = ClassFacts(),
    others: Iterable[str] = (),
    sources: Callable[[str, str], str] = lambda student, exercise: "",
) -> Iterator[Report]:
    """Write reports/, feedback/, grades.csv, grades.jsonl and index.html; yield each report after its own files.

    The class's grades replace the old ones after the last report; the files of students who have left are removed.

    names: exercises, in the order of their columns. policy: rules by which the reports were marked; they add columns
    and a title. others: students of the class without a report, whose older files stay. sources: function from student
    and exercise to the text that was handed in, for the class page.
    """
    kept = set(map(slug, others))
    classroom, marked = Classroom(_page, known), policy != Policy()
    with whole(folder / "grades.csv") as table, whole(folder / "grades.jsonl") as lines:
        table.write("\ufeff" + head_row(names, marked))  # by this mark Excel knows that it is UTF-8
        for report in reports:
            kept.add(write_report(folder, report))
            table.write(grade_row(report, names, marked, known))
            lines.write(grade_line(report))
            classroom.add(report)
            yield report
    write_whole(folder / "index.html", class_page_html(classroom, policy.title, sources))
    for place, ending in _FORMS:
        _sweep(folder / place, ending, kept)


def write_report(folder: Path, report: Report) -> str:
    """Write reports/<student>.json, feedback/<student>.html and .txt; return the name. They are not flushed to disk,
    because the journal can restore them."""
    name, texts = slug(report.submission), (to_json(report), report_html(report), feedback_text(report))
    for (place, ending), text in zip(_FORMS, texts, strict=True):
        write_whole(folder / place / f"{name}{ending}", text, durable=False)
    return name


def grade_line(report: Report) -> str:
    """Return a line of grades.jsonl: points and marks without findings; null where there is no grade."""
    exercises = {each.name: _points(each) for each in report.exercises}
    return written({"student": report.submission, **_points(report), "tier": report.tier, "exercises": exercises})


def write_whole(path: Path, text: str, durable: bool = True) -> None:
    """Write a file in a single step, as `whole` does."""
    with whole(path, durable) as file:
        file.write(text)


@contextmanager
def whole(path: Path, durable: bool = True) -> Iterator[TextIO]:
    """Open a file whose new contents replace the old ones in a single step, for readers and for kills at any moment.

    durable: also after a power failure.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")  # a draft that a killed process left is overwritten
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
    """Remove the files of students who have left the class."""
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
    counts = {"mark": item.mark.score, "max_mark": item.mark.max_score, "days_late": item.mark.days_late,
              "late_cost": item.mark.late_cost, "by_hand": item.mark.by_hand}  # fmt: skip
    return {**points, **counts, "why": item.mark.why}
