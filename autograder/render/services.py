"""Rendering a report for build services: JUnit XML with points in properties, and a summary in Markdown.

In the summary untrusted text is escaped inside HTML blocks without empty lines, in which Markdown is not interpreted;
only headings and numbers are Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.render.page import SYMBOLS, Page, guard, plain, points
from autograder.render.terminal import example_lines
from autograder.render.view import (
    NEEDS_WORK,
    ExerciseView,
    Problem,
    ReportView,
    ranked,
    text,
    tier_words,
    view,
)
from autograder.report.report import ExerciseReport, Finding, Report, counted

_PROBLEM = {"failed": "failure", "slow": "failure", "error": "error", "broken": "error"}


def to_junit(report: Report) -> str:
    """Return XML with a suite for each exercise and a case for each finding. Equal reports give equal bytes.

    A wrong or slow result is a failure; an exception or a fault of the grader is an error; an unchecked part is
    skipped. The properties `points` and `max_points` are left out if the grader failed.
    """
    root = Element("testsuites", {"name": "handgrad", **_counts([f for e in report.exercises for f in e.findings])})
    for exercise in counted(report).exercises:
        suite = SubElement(root, "testsuite", {"name": text(exercise.name), **_counts(exercise.findings)})
        _properties(suite, exercise.score, exercise.max_score, exercise.status, exercise.why)
        for finding in exercise.findings:
            _add_case(suite, exercise, finding)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_case(suite: Element, exercise: ExerciseReport, finding: Finding) -> None:
    words = (finding.function or exercise.name, finding.check, finding.output or "")
    about = {"classname": text(f"{exercise.unit}.{exercise.name}"), "name": text(" ".join(words)).rstrip(), "time": "0"}
    if exercise.path:
        about |= {"file": text(exercise.path), **({"line": str(finding.line)} if finding.line else {})}
    case = SubElement(suite, "testcase", about)
    if finding.max_score:
        _properties(case, finding.score, finding.max_score, finding.status)
    if finding.status in NEEDS_WORK:
        advice = Problem(exercise, (finding,)).advice
        about = {"message": next(iter(advice), ""), "type": text(finding.mistake or finding.status)}
        SubElement(case, _PROBLEM[finding.status], about).text = "\n".join(advice)
    elif finding.status == "skipped":
        SubElement(case, "skipped", message=text(finding.message))


def _properties(parent: Element, score: float, most: float, status: str, why: str = "") -> None:
    values = {"status": status}
    if status != "broken":
        values |= {"points": points(score), "max_points": points(most), **({"why": text(why)} if why else {})}
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)


def _counts(findings: list[Finding] | tuple[Finding, ...]) -> dict[str, str]:
    kinds = [_PROBLEM.get(finding.status, finding.status) for finding in findings]
    counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    numbers = {name: str(kinds.count(kind)) for name, kind in counted.items()}
    return {"tests": str(len(kinds)), **numbers, "time": "0"}


LIMIT = 1_000_000
"""Bytes. GitHub refuses a step's whole summary if it is larger than 1 MiB."""

_OPEN = 3
_PAGE = Page()


def to_markdown(report: Report, limit: int = LIMIT) -> str:
    """Return the summary, in UTF-8 of at most `limit` bytes; a sentence says if something is left out."""
    shown = view(report)
    blocks = chain([_head(shown)], _rows(shown.begun), _rest(shown), _details(ranked(shown.report.exercises)))
    return _fitted(blocks, limit)


def inert(words: str) -> str:
    """Escape text for an HTML block: one line, visible characters, no tags; text in backticks becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text(words)))


def _head(shown: ReportView) -> str:
    report = shown.report
    total = shown.total.replace("/", " of ", 1)
    bar = _PAGE.bar(report.score, report.max_score)
    why = f"<p>{inert(report.why)}</p>\n" if report.why else ""
    notes = "".join(f"<br>note: {inert(note)}" for note in report.notes)
    about = f"<p><code>{inert(report.submission)}</code>: {inert(tier_words(report.tier))}{notes}</p>"
    return f"## handgrad: {total}\n\n`{bar}`\n\n{why}{about}"


def _rows(exercises: Sequence[ExerciseView], each: int = 50) -> Iterator[str]:
    """Yield tables of fifty exercises each, so that the last ones can be left out."""
    head = "<tr><th>exercise</th><th>status</th><th>points</th><th></th></tr>"
    for start in range(0, len(exercises), each):
        yield "\n".join(("<table>", head, *map(_row, exercises[start : start + each]), "</table>"))


def _row(shown: ExerciseView) -> str:
    exercise = shown.exercise
    why = f"<br>{inert(exercise.why)}" if exercise.why else ""
    bar = "" if exercise.status == "broken" else _PAGE.bar(exercise.score, exercise.max_score)
    return (
        f"<tr><td><code>{inert(exercise.name)}</code></td><td>{shown.mark} {exercise.state}{why}</td>"
        f'<td align="right">{shown.score}</td><td><code>{bar}</code></td></tr>'
    )


def _rest(shown: ReportView, most: int = 60) -> Iterator[str]:
    lines = []
    for state, names in shown.idle.items():
        more = f" and {len(names) - most} more" if len(names) > most else ""
        lines.append(f"{state}: " + ", ".join(f"<code>{inert(name)}</code>" for name in names[:most]) + more)
    if lines:
        yield f"<p>{'<br>'.join(lines)}</p>"


def _details(found: Sequence[Problem]) -> Iterator[str]:
    for number, problem in enumerate(found):
        state = " open" if number < _OPEN else ""
        mark, name = SYMBOLS[problem.first.status], inert(problem.exercise.name)
        title = f"{mark} <b>{name}</b> <code>{inert(problem.title)}</code>"
        advice = "".join(f"<p>{inert(line)}</p>" for line in problem.advice)
        yield f"<details{state}><summary>{title}</summary>\n{advice}{_picture(problem)}\n</details>"


def _picture(problem: Problem) -> str:
    """Return the smallest failing example, without empty lines, which end HTML."""
    lines = [plain(line) for line in guard(example_lines(problem.first, _PAGE, ""))]
    shown = html.escape("\n".join(line for line in lines if line.strip()))
    return f"\n<pre>{shown}</pre>" if shown else ""


def _fitted(blocks: Iterator[str], limit: int) -> str:
    last = "<p>The rest is left out, because a summary may not be longer. The report has it all.</p>"
    room = limit - len(last) - 2
    shown: list[str] = []
    for block in blocks:
        room -= len(block.encode()) + 2
        if room < 0:
            shown.append(last)
            break
        shown.append(block)
    return "\n\n".join(shown) + "\n"
