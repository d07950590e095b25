"""A Report → feedback.html: one file, no script, nothing fetched; whatever a student wrote on it is text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder import literal
from autograder.escape import show
from autograder.render.grouping import by_function, grouped
from autograder.render.layout import tier_words
from autograder.render.page import MARKS, points
from autograder.render.sheet.figures import curve, meter, speed
from autograder.render.sheet.formula import mathml
from autograder.report import STATUSES, Array, Example, ExerciseReport, Finding, Report
from autograder.slices import Panel, slices

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

_WRONG = ("failed", "error", "slow", "broken")
_LONGEST = 4_000
_NOTE = re.compile(r" {3,}")
_CODE = re.compile(r"`([^`\n]+)`")


def sheet_html(report: Report, title: str = "") -> str:
    """The page. The same report makes the same bytes."""
    style = _asset("sheet.css")
    started = [exercise for exercise in report.exercises if exercise.status != "skipped"]
    return _template().render(
        title=title or f"Feedback for {ink(report.submission)}", student=report.submission, style=style,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'",
        score=points(report.score), most=points(report.max_score), meter=meter(report.score, report.max_score),
        counts=list(_counts(report.exercises)), tier=tier_words(report.tier), notes=report.notes,
        faults=sum(exercise.status == "broken" for exercise in report.exercises),
        units=_units(report.exercises), exercises=[_exercise(e, number) for number, e in enumerate(started)],
        facts=[("engine", report.engine), *report.environment.items()],
    )  # fmt: skip


def ink(text: str) -> str:
    """Text from outside, on one line and inert: what cannot be seen is written as its escape."""
    shown = show(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _lines(text: str) -> str:
    """Text of several lines, each of them inert."""
    return "\n".join(map(ink, text.split("\n")))


def _spans(text: str) -> Markup:
    """Escaped, with what stands in backticks as code."""
    from markupsafe import Markup, escape

    parts = _CODE.split(ink(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def _formula(line: str) -> dict[str, Any]:
    """A formula and the note behind it; set as mathematics where it can be."""
    from markupsafe import Markup

    text, _, note = _NOTE.sub("\n", line.strip(), count=1).partition("\n")
    made = mathml(text)
    return {"math": Markup(made) if made else None, "text": text, "note": note.strip()}


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"ink": ink, "lines": _lines, "spans": _spans}
    return made.from_string(_asset("sheet.html.j2"))


@cache
def _asset(name: str) -> str:
    from importlib.resources import files

    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _counts(exercises: Sequence[ExerciseReport]) -> Iterator[dict[str, Any]]:
    """Status → how many, those that occur."""
    for status in STATUSES:
        count = sum(exercise.status == status for exercise in exercises)
        if count:
            yield {"status": status, "mark": MARKS[status], "count": count}


def _units(exercises: Sequence[ExerciseReport]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every exercise by its unit, for the table of contents; those that were begun lead to their own part."""
    units: dict[str, list[dict[str, Any]]] = {}
    number = 0
    for exercise in exercises:
        begun = exercise.status != "skipped"
        units.setdefault(exercise.unit, []).append(_entry(exercise) | {"link": f"exercise-{number}" if begun else ""})
        number += begun
    return list(units.items())


def _entry(exercise: ExerciseReport) -> dict[str, Any]:
    graded = exercise.status != "broken"
    return {
        "name": exercise.name, "status": exercise.status, "mark": MARKS[exercise.status],
        "score": points(exercise.score) if graded else "", "most": points(exercise.max_score),
        "meter": meter(exercise.score, exercise.max_score),
    }  # fmt: skip


def _exercise(exercise: ExerciseReport, number: int) -> dict[str, Any]:
    wrong = sorted((f for f in exercise.findings if f.status in _WRONG), key=lambda f: f.check != "contract")
    right = [finding for finding in exercise.findings if finding.status == "passed"]
    facts = [("file", exercise.path or ""), ("source", exercise.source or ""), ("suite", exercise.suite or ""),
             ("seed", "" if exercise.seed is None else str(exercise.seed))]  # fmt: skip
    return _entry(exercise) | {
        "id": f"exercise-{number}", "problems": [_problem(group) for group in grouped(wrong)],
        "passed": by_function(right), "timed": list(_timed(right)), "curves": list(_curves(right)),
        "waiting": list(_waiting(exercise.findings)), "facts": [fact for fact in facts if fact[1]],
    }  # fmt: skip


def _problem(group: list[Finding]) -> dict[str, Any]:
    first, most = group[0], sum(finding.max_score for finding in group)
    told = 1 + bool(first.hint)
    return {
        "function": first.function, "outputs": ", ".join(finding.output for finding in group if finding.output),
        "check": first.check, "status": first.status, "mark": MARKS[first.status],
        "score": points(sum(finding.score for finding in group)), "most": points(most) if most else "",
        "message": [line for line in first.message.split("\n")[:12] if line.strip()],
        "hint": " ".join(first.hint.split()),
        "known": (first.mistake or "").replace("_", " "), "place": _place(first),
        "kind": "convention" if first.diagnosis == "convention" else "mistake",
        "example": _example(first.example, first.case) if first.example else None,
        "steps": [_step(text) for text in first.ladder[told:]],
        "speed": speed(first.figures), "curves": list(_curves(group)),
    }  # fmt: skip


def _place(finding: Finding) -> str:
    """Where in the student's own file, if that is known."""
    if not finding.line:
        return ""
    return f"line {finding.line}" + (f" of cell {finding.cell}" if finding.cell else "")


def _step(text: str) -> dict[str, Any]:
    title, _, body = text.partition("\n")
    formulas = [_formula(line) for line in body.split("\n")] if "formula" in title.lower() else []
    text, _, last = body.rpartition("\n")
    say = last if text and last.endswith(".") else ""
    return {"title": title, "formulas": formulas, "text": (text if say else body).strip("\n"), "say": say}


def _example(example: Example, case: str | None) -> dict[str, Any]:
    """Inputs to paste; expected, yours and their difference as tables, deeper in colour the larger it is."""
    shown, more = slices(example)
    own = bool(case) and example.case.startswith(case or "")
    return {
        "case": example.case if own else "", "inputs": "\n".join(_python(*item) for item in example.inputs.items()),
        "parts": [{"label": part.label, "cropped": part.cropped, "panels": [_panel(panel, part.rows, part.columns)
                   for panel in part.panels]} for part in shown],
        "more": more, "outcome": example.outcome,
    }  # fmt: skip


def _python(name: str, value: Array | str) -> str:
    if isinstance(value, str):
        return value if value.startswith("def ") else f"{name} = {value}"
    return f"{name} = {literal.array(value.shape, value.values)}"


def _panel(panel: Panel, rows: Iterable[int], columns: Sequence[int]) -> dict[str, Any]:
    """heads: the columns' indices, where there is more than one number."""
    cells = [
        {"head": index, "cells": [{"text": text, "level": panel.level(i, j), "wrong": (i, j) in panel.wrong}
                                  for j, text in enumerate(row)]}
        for i, (index, row) in enumerate(zip(rows, panel.rows, strict=True))
    ]  # fmt: skip
    return {"title": panel.title, "heads": list(columns), "rows": cells}


def _timed(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for finding in findings:
        if scale := speed(finding.figures):
            yield {"function": finding.function, "speed": scale}


def _curves(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for finding in findings:
        for name, values in finding.series.items():
            if drawn := curve(name, values):
                yield drawn


def _waiting(findings: Sequence[Finding]) -> Iterator[str]:
    """What nobody could look at yet, a sentence a function."""
    for name, words in by_function(finding for finding in findings if finding.status == "skipped"):
        why = next((f.message for f in findings if (f.function, f.status) == (name, "skipped") and f.message), "")
        yield why or f"{name}: {words} skipped until the above is right"
