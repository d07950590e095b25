"""Rendering a report as feedback.html: one file without scripts and requests, in which student text is escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder.render.grouping import by_function, grouped
from autograder.render.html.figures import meter, speed
from autograder.render.html.finding import WRONG, curves, ink, lines, problem, spans, waiting
from autograder.render.layout import tier_words
from autograder.render.page import SYMBOLS, points
from autograder.report.report import ExerciseReport, Finding, Report, counted

if TYPE_CHECKING:
    from jinja2 import Template


def report_html(report: Report, title: str = "") -> str:
    """Return the page. Equal reports give equal bytes."""
    style, report = _asset("sheet.css"), counted(report)
    started = [exercise for exercise in report.exercises if exercise.begun]
    return _template().render(
        title=title or f"Feedback for {ink(report.submission)}", student=report.submission, style=style,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'",
        score=points(report.score), most=points(report.max_score), meter=meter(report.score, report.max_score),
        why=report.why, counts=list(_counts(report.exercises)), tier=tier_words(report.tier), notes=report.notes,
        faults=sum(exercise.state == "broken" for exercise in report.exercises), whole=report.status != "broken",
        units=_units(report.exercises), exercises=[_exercise(e, number) for number, e in enumerate(started)],
        facts=[("engine", report.engine), *report.environment.items()],
    )  # fmt: skip


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"ink": ink, "lines": lines, "spans": spans}
    return made.from_string(_asset("sheet.html.j2"))


@cache
def _asset(name: str) -> str:
    from importlib.resources import files

    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _counts(exercises: Sequence[ExerciseReport]) -> Iterator[dict[str, Any]]:
    """Yield each state that occurs, with its number of exercises."""
    for state, mark in SYMBOLS.items():
        if found := [exercise for exercise in exercises if exercise.state == state]:
            yield {"status": found[0].status, "state": state, "mark": mark, "count": len(found)}


def _units(exercises: Sequence[ExerciseReport]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the exercises by unit for the table of contents, with links to the sections of those begun."""
    units: dict[str, list[dict[str, Any]]] = {}
    number = 0
    for exercise in exercises:
        link = f"exercise-{number}" if exercise.begun else ""
        units.setdefault(exercise.unit, []).append(_entry(exercise) | {"link": link})
        number += exercise.begun
    return list(units.items())


def _entry(exercise: ExerciseReport) -> dict[str, Any]:
    graded = exercise.status != "broken"
    return {
        "name": exercise.name, "status": exercise.status, "state": exercise.state, "mark": SYMBOLS[exercise.state],
        "why": exercise.why,
        "score": points(exercise.score) if graded else "", "most": points(exercise.max_score),
        "meter": meter(exercise.score, exercise.max_score),
    }  # fmt: skip


def _exercise(exercise: ExerciseReport, number: int) -> dict[str, Any]:
    wrong = sorted((f for f in exercise.findings if f.status in WRONG), key=lambda f: f.check != "contract")
    right = [finding for finding in exercise.findings if finding.status == "passed"]
    facts = [("file", exercise.path or ""), ("source", exercise.source or ""), ("suite", exercise.suite or ""),
             ("paper", exercise.variant or "")]  # fmt: skip
    return _entry(exercise) | {
        "id": f"exercise-{number}", "problems": [problem(group) for group in grouped(wrong)],
        "passed": by_function(right), "timed": list(_timed(right)), "curves": list(curves(right)),
        "waiting": list(waiting(exercise.findings)), "facts": [fact for fact in facts if fact[1]],
    }  # fmt: skip


def _timed(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for finding in findings:
        if scale := speed(finding.figures):
            yield {"function": finding.function, "speed": scale}
