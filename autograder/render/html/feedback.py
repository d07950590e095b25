"""Rendering a report as HTML: feedback.html, one file without scripts and requests, and the panel in a notebook.

Student text is escaped in both.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder.render.html.mathml import mathml
from autograder.render.page import SYMBOLS, points
from autograder.render.view import ExerciseView, example_title, python, tier_words, view
from autograder.report.escape import show, visible
from autograder.report.report import Finding, Report
from autograder.report.slices import slices

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

WIDTH, HEIGHT = 320, 72
"""Size of a curve, in units of its viewBox."""
_FAR = 1000.0
_LONGEST = 4_000
_NOTE = re.compile(r" {3,}")
_CODE = re.compile(r"`([^`\n]+)`")


def report_html(report: Report, title: str = "") -> str:
    """Return the feedback page. Equal reports give equal bytes."""
    style, shown = asset("sheet.css"), view(report)
    report = shown.report
    units: dict[str, list[ExerciseView]] = {}
    for exercise in report.exercises:
        units.setdefault(exercise.unit, []).append(ExerciseView(exercise))
    states = Counter(exercise.state for exercise in report.exercises)
    statuses = {exercise.state: exercise.status for exercise in reversed(report.exercises)}
    counts = [{"status": statuses[state], "state": state, "mark": mark, "count": states[state]}
              for state, mark in SYMBOLS.items() if state in states]  # fmt: skip
    return template("sheet.html.j2").render(
        title=title or f"Feedback for {ink(report.submission)}", style=style, report=report, view=shown,
        policy=f"default-src 'none'; style-src '{source_hash(style)}'; base-uri 'none'; form-action 'none'",
        counts=counts, tier=tier_words(report.tier), units=list(units.items()),
        facts=[("engine", report.engine), *report.environment.items()],
    )  # fmt: skip


def panel(report: Report) -> str:
    """Return a report as an HTML fragment with its own style, for the output of a notebook's cell."""
    shown = view(report)
    report = shown.report
    total = f"{shown.total} in all · " if len(report.exercises) > 1 else ""
    footer = total + (f"{report.why} · " if report.why else "") + tier_words(report.tier)
    exercises = list(map(ExerciseView, report.exercises))
    return template("panel.html.j2").render(exercises=exercises, footer=footer)


@cache
def template(name: str) -> Template:
    """Return the template of this name, which escapes everything and has no undefined names."""
    from jinja2 import Environment, StrictUndefined

    made = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=visible, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"ink": ink, "lines": lines, "spans": spans, "anchor": anchor, "points": points, "speed": speed}
    made.globals |= {
        "marks": SYMBOLS, "meter": meter, "speed": speed, "curve": curve, "slices": slices, "steps": _steps,
        "example_title": example_title, "python": python,
    }  # fmt: skip
    return made.from_string(asset(name))


@cache
def asset(name: str) -> str:
    """Return the text of a file of this package."""
    from importlib.resources import files

    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """Return the hash of a style or script by which a page's policy allows it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def ink(text: str) -> str:
    """Return untrusted text escaped to one line, shortened if it is very long."""
    shown = show(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def lines(text: str) -> Markup:
    """Return a text as markup with each line escaped."""
    from markupsafe import escape

    return escape("\n".join(map(ink, text.split("\n"))))


def spans(text: str) -> Markup:
    """Return a text as markup with each line escaped, and text between backticks as code."""
    from markupsafe import Markup

    return Markup(_CODE.sub(r"<code>\1</code>", str(lines(text))))


def anchor(name: str) -> str:
    """Return the id of an exercise's section: its name, in the characters that an address may hold."""
    return re.sub(r"[^\w-]", lambda found: f"-{ord(found[0]):x}", name, flags=re.ASCII) or "-"


def _steps(finding: Finding) -> Iterator[dict[str, Any]]:
    """Yield the data of the steps of a finding's hints, without those that its message and hint already show."""
    for step in finding.ladder[1 + bool(finding.hint) :]:
        title, _, body = step.partition("\n")
        formulas = [_formula(line) for line in body.split("\n")] if "formula" in title.lower() else []
        yield {"title": title, "formulas": formulas, "text": body.strip("\n")}


def _formula(line: str) -> dict[str, Any]:
    """Return a formula, as MathML if it can be read, and the note after it."""
    from markupsafe import Markup

    text, _, note = _NOTE.sub("\n", ink(line.strip()), count=1).partition("\n")
    made = mathml(text)
    return {"math": Markup(made) if made else None, "text": text, "note": note.strip()}


def meter(score: float, most: float) -> float:
    """Return the length of a bar in percent; 100 only for all points."""
    share = score / most if most > 0 else 0.0
    return 100.0 if share >= 1 else round(min(max(100 * share, 0.0), 99.0), 2)


def speed(figures: Mapping[str, float]) -> dict[str, Any] | None:
    """Return a logarithmic scale of the speed ratio; None if nothing was timed.

    fast, fair: positions up to which all and half of the points are given; at: the answer's position; all in percent.
    """
    ratio, fast, fair = (figures.get(name, math.nan) for name in ("ratio", "fast", "fair"))
    if not all(math.isfinite(number) and number > 0 for number in (fast, fair)) or not math.isfinite(ratio):
        return None
    last = math.log(max(_FAR, 2 * ratio, 2 * fair))
    at, *bars = (round(100 * math.log(max(value, 1.0)) / last, 2) for value in (ratio, fast, fair))
    return {
        "at": at, "fast": bars[0], "fair": bars[1],
        "ratio": f"{ratio:.3g}×" if ratio >= 1 else "<1×", "bars": [f"{fast:g}×", f"{fair:g}×"],
        "zone": "all" if ratio <= fast else "half" if ratio <= fair else "none",
    }  # fmt: skip


def curve(name: str, values: Sequence[float]) -> dict[str, Any] | None:
    """Return a line through evenly spaced values, the largest at the top; None for fewer than two finite values."""
    numbers = [value for value in values if math.isfinite(value)]
    if len(numbers) < 2:
        return None
    low, high = min(numbers), max(numbers)
    spread = (high - low) or 1.0
    places = [
        (round(WIDTH * i / (len(numbers) - 1), 1), round(HEIGHT - HEIGHT * (value - low) / spread, 1))
        for i, value in enumerate(numbers)
    ]
    return {
        "name": name, "points": " ".join(f"{x:g},{y:g}" for x, y in places), "first": f"{numbers[0]:.3g}",
        "last": f"{numbers[-1]:.3g}", "low": f"{low:.3g}", "high": f"{high:.3g}", "count": len(numbers),
    }  # fmt: skip
