"""HTML of a report in a notebook: wrong findings first, in full, with nested folded hints."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder.render.grouping import by_function, grouped, numerical
from autograder.render.html.finding import WRONG, example_facts, lines, spans
from autograder.render.layout import tier_words
from autograder.render.page import SYMBOLS, points
from autograder.report.escape import visible
from autograder.report.report import ExerciseReport, Finding, Report, counted

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def panel(report: Report) -> str:
    """Return a report as an HTML fragment with its own style; the student's text is escaped."""
    report = counted(report)
    return _template().render(exercises=map(_exercise, report.exercises), footer=_footer(report))


@cache
def _template() -> Template:
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, finalize=visible)
    made.filters |= {"spans": _spans, "lines": _lines_of}
    return made.from_string(files(__package__).joinpath("panel.html.j2").read_text(encoding="utf-8"))


def _spans(text: str) -> Markup:
    from markupsafe import Markup

    return Markup("\n").join(map(spans, text.split("\n")))


def _lines_of(text: str) -> Markup:
    from markupsafe import escape

    return escape(lines(text))


def _footer(report: Report) -> str:
    total = f"{points(report.score)}/{points(report.max_score)} points in all · " if len(report.exercises) > 1 else ""
    return total + (f"{report.why} · " if report.why else "") + tier_words(report.tier)


def _exercise(exercise: ExerciseReport) -> dict[str, Any]:
    wrong = [finding for finding in exercise.findings if finding.status in WRONG]
    share = exercise.score / exercise.max_score if exercise.max_score else 0.0
    return {
        "name": exercise.name, "status": exercise.status, "state": exercise.state, "mark": SYMBOLS[exercise.state],
        "why": exercise.why, "percent": f"{100 * share:.0f}",
        "points": f"{points(exercise.score)}/{points(exercise.max_score)}",
        "problems": [_problem(group) for group in grouped(wrong)], "lines": list(_lines(exercise.findings)),
    }  # fmt: skip


def _problem(group: list[Finding]) -> dict[str, Any]:
    first, most = group[0], sum(finding.max_score for finding in group)
    earned = sum(finding.score for finding in group)
    return {
        "status": first.status, "mark": SYMBOLS[first.status], "function": first.function, "check": first.check,
        "outputs": ", ".join(finding.output for finding in group if finding.output),
        "points": f"{points(earned)}/{points(most)}" if most else "",
        "message": "\n".join(filter(None, (first.message, numerical(group)))),
        "hints": _hints(first), "example": example_facts(first.example, first.case) if first.example else None,
    }  # fmt: skip


def _hints(finding: Finding) -> list[dict[str, str]]:
    """Return the hint steps without the message, or the only hint; each is folded until it is opened."""
    texts = finding.ladder[1:] or tuple(filter(None, [finding.hint]))
    count = f" of {len(texts)}" if len(texts) > 1 else ""
    titles = [f"Hint {number}{count}" if count else "Hint" for number in range(1, len(texts) + 1)]
    return [{"title": title, "text": text} for title, text in zip(titles, texts, strict=True)]


def _lines(findings: tuple[Finding, ...]) -> Iterator[dict[str, str]]:
    """Yield a line for what is right, and one for what could not be checked yet."""
    for name, words in by_function(finding for finding in findings if finding.status == "passed"):
        yield {"status": "passed", "mark": SYMBOLS["passed"], "function": name, "words": words}
    for name, words in by_function(finding for finding in findings if finding.status == "skipped"):
        why = next((f.message for f in findings if (f.function, f.status) == (name, "skipped") and f.message), "")
        line = {"function": "", "words": why} if why else {"function": name, "words": f"{words} wait for the above"}
        yield {"status": "skipped", "mark": SYMBOLS["skipped"], **line}
