"""Findings as data for the template of the feedback page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autograder import values
from autograder.render.grouping import by_function, numerical, remarks
from autograder.render.html.figures import curve, speed
from autograder.render.html.mathml import mathml
from autograder.render.page import SYMBOLS, points
from autograder.report.escape import show
from autograder.report.report import Array, Example, Finding
from autograder.report.slices import Panel, slices

if TYPE_CHECKING:
    from markupsafe import Markup

WRONG = ("failed", "error", "slow", "broken")
_LONGEST = 4_000
_NOTE = re.compile(r" {3,}")
_CODE = re.compile(r"`([^`\n]+)`")


def ink(text: str) -> str:
    """Escape untrusted text to one line, shortened if it is very long."""
    shown = show(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def lines(text: str) -> str:
    """Escape each line of a text."""
    return "\n".join(map(ink, text.split("\n")))


def spans(text: str) -> Markup:
    """Escape a text, with code in place of backticks."""
    from markupsafe import Markup, escape

    parts = _CODE.split(ink(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def _formula(line: str) -> dict[str, Any]:
    """Return a formula, as MathML if it can be read, and the note after it."""
    from markupsafe import Markup

    text, _, note = _NOTE.sub("\n", ink(line.strip()), count=1).partition("\n")
    made = mathml(text)
    return {"math": Markup(made) if made else None, "text": text, "note": note.strip()}


def problem(group: list[Finding]) -> dict[str, Any]:
    """Return the data of a group of findings of one function."""
    first, most = group[0], sum(finding.max_score for finding in group)
    shown = 1 + bool(first.hint)
    return {
        "function": first.function, "outputs": ", ".join(finding.output for finding in group if finding.output),
        "check": first.check, "status": first.status, "mark": SYMBOLS[first.status],
        "score": points(sum(finding.score for finding in group)), "most": points(most) if most else "",
        "message": [line for line in first.message.split("\n")[:12] if line.strip()],
        "hint": " ".join(first.hint.split()), "numerical": numerical(group),
        "known": (first.mistake or "").replace("_", " "), "place": _place(first),
        "kind": "convention" if first.diagnosis == "convention" else "mistake",
        "example": example_facts(first.example, first.case) if first.example else None,
        "steps": [_step(text) for text in first.ladder[shown:]],
        "speed": speed(first.figures), "curves": list(curves(group)),
    }  # fmt: skip


def _place(finding: Finding) -> str:
    """Return the line in the student's file in words; "" if unknown."""
    if not finding.line:
        return ""
    return f"line {finding.line}" + (f" of cell {finding.cell}" if finding.cell else "")


def _step(text: str) -> dict[str, Any]:
    title, _, body = text.partition("\n")
    formulas = [_formula(line) for line in body.split("\n")] if "formula" in title.lower() else []
    text, _, last = body.rpartition("\n")
    say = last if text and last.endswith(".") else ""
    return {"title": title, "formulas": formulas, "text": (text if say else body).strip("\n"), "say": say}


def example_facts(example: Example, case: str | None) -> dict[str, Any]:
    """Return inputs to paste, and expected, yours and their difference as tables with colour levels."""
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
    return f"{name} = {values.array(value.shape, value.values)}"


def _panel(panel: Panel, rows: Iterable[int], columns: Sequence[int]) -> dict[str, Any]:
    """Return the table of a panel. heads: the column indices."""
    cells = [
        {"head": index, "cells": [{"text": text, "level": panel.level(i, j), "wrong": (i, j) in panel.wrong}
                                  for j, text in enumerate(row)]}
        for i, (index, row) in enumerate(zip(rows, panel.rows, strict=True))
    ]  # fmt: skip
    return {"title": panel.title, "heads": list(columns), "rows": cells}


def curves(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """Yield the curves of the findings' series."""
    for finding in findings:
        for name, series in finding.series.items():
            if drawn := curve(name, series):
                yield drawn


def waiting(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what is said of outputs that passed, and a sentence for each function with skipped checks."""
    yield from remarks(findings)
    for name, words in by_function(finding for finding in findings if finding.status == "skipped"):
        why = next((f.message for f in findings if (f.function, f.status) == (name, "skipped") and f.message), "")
        yield why or f"{name}: {words} skipped until the above is right"
