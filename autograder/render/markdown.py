"""Rendering a report as Markdown, for the summaries of build services.

Untrusted text is escaped inside HTML blocks without empty lines, in which Markdown is not interpreted; only headings
and numbers are Markdown. Summaries show no pictures, so differences are drawn with characters.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import chain

from autograder.render.grid import example_lines
from autograder.render.heat import heat_map
from autograder.render.layout import tier_words
from autograder.render.page import SYMBOLS, Page, guard, plain, points
from autograder.render.problem import Problem, ranked, score, text
from autograder.report.report import ExerciseReport, Report, counted

LIMIT = 1_000_000
"""Bytes. GitHub refuses a step's whole summary if it is larger than 1 MiB."""

_OPEN = 3
_SMALL = 2
_PAGE = Page()


def to_markdown(report: Report, limit: int = LIMIT) -> str:
    """Return the summary, in UTF-8 of at most `limit` bytes; a sentence says if something is left out."""
    report = counted(report)
    started = [exercise for exercise in report.exercises if exercise.begun]
    blocks = chain([_head(report)], _rows(started), _rest(report), _details(ranked(started)))
    return _fitted(blocks, limit)


def inert(words: str) -> str:
    """Escape text for an HTML block: one line, visible characters, no tags; text in backticks becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text(words)))


def _head(report: Report) -> str:
    broken = any(exercise.status == "broken" for exercise in report.exercises)
    total = f"{points(report.score)} of {points(report.max_score)} points{' so far' if broken else ''}"
    bar = _PAGE.bar(report.score, report.max_score)
    why = f"<p>{inert(report.why)}</p>\n" if report.why else ""
    notes = "".join(f"<br>note: {inert(note)}" for note in report.notes)
    about = f"<p><code>{inert(report.submission)}</code>: {inert(tier_words(report.tier))}{notes}</p>"
    return f"## handgrad: {total}\n\n`{bar}`\n\n{why}{about}"


def _rows(exercises: Sequence[ExerciseReport], each: int = 50) -> Iterator[str]:
    """Yield tables of fifty exercises each, so that the last ones can be left out."""
    head = "<tr><th>exercise</th><th>status</th><th>points</th><th></th></tr>"
    for start in range(0, len(exercises), each):
        yield "\n".join(("<table>", head, *map(_row, exercises[start : start + each]), "</table>"))


def _row(exercise: ExerciseReport) -> str:
    why = f"<br>{inert(exercise.why)}" if exercise.why else ""
    return (
        f"<tr><td><code>{inert(exercise.name)}</code></td><td>{SYMBOLS[exercise.state]} {exercise.state}{why}</td>"
        f'<td align="right">{score(exercise)}</td><td><code>{_bar(exercise)}</code></td></tr>'
    )


def _bar(exercise: ExerciseReport) -> str:
    return "" if exercise.status == "broken" else _PAGE.bar(exercise.score, exercise.max_score)


def _rest(report: Report) -> Iterator[str]:
    idle = [exercise for exercise in report.exercises if not exercise.begun]
    states = ("not started", "not handed in")
    groups = {state: [exercise.name for exercise in idle if exercise.state == state] for state in states}
    lines = [f"{words}: {_names(names)}" for words, names in groups.items() if names]
    if lines:
        yield f"<p>{'<br>'.join(lines)}</p>"


def _names(names: Sequence[str], most: int = 60) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"<code>{inert(name)}</code>" for name in names[:most]) + more


def _details(found: Sequence[Problem]) -> Iterator[str]:
    for number, problem in enumerate(found):
        state = " open" if number < _OPEN else ""
        mark, name = SYMBOLS[problem.first.status], inert(problem.exercise.name)
        title = f"{mark} <b>{name}</b> <code>{inert(problem.title)}</code>"
        advice = "".join(f"<p>{inert(line)}</p>" for line in problem.advice)
        yield f"<details{state}><summary>{title}</summary>\n{advice}{_picture(problem)}\n</details>"


def _picture(problem: Problem) -> str:
    """Return the smallest failing example, with a heat map if it is large; without empty lines, which end HTML."""
    example = problem.first.example
    if example is None:
        return ""
    lines = [plain(line) for line in guard(example_lines(example, _PAGE, ""))]
    heat = heat_map(example)
    if len(heat) > _SMALL:
        lines += ["where yours differs: · equal, ░▒▓█ the further the darker, ! no number", *heat]
    return f"\n<pre>{html.escape(chr(10).join(line for line in lines if line.strip()))}</pre>"


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
