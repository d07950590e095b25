"""Rendering a replayed run: its facts then and now, and whether the result is equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from autograder.render.page import Line, Page, Segment, Style, fill, guard, points
from autograder.report.report import ExerciseReport


class ReplayFact(Protocol):
    """A fact that the result depends on, such as the seed."""

    @property
    def name(self) -> str:
        """Return the name of the fact."""

    @property
    def then(self) -> str:
        """Return the value in the graded run."""

    @property
    def now(self) -> str | None:
        """Return the present value; None if unknown."""


def replay_lines(
    student: str, graded: ExerciseReport, facts: Iterable[ReplayFact], wrong: Sequence[str], page: Page
) -> list[Line]:
    """Return a line for each fact, then the outcome."""
    title = page.paragraph((), page.ink(f"{student}, {graded.name}: the run behind the report"), "strong")
    rows = [line for fact in facts for line in _fact(fact, page)]
    return guard([*title, *rows, (), *_outcome(graded, wrong, page), ()])


def _fact(fact: ReplayFact, page: Page) -> list[Line]:
    words, style = _compared(fact)
    lead = f"  {fill(page.ink(fact.name), 8)} {fill(page.ink(_short(fact.then)), 22)} "
    return page.paragraph((Segment(lead),), page.ink(words), style)


def _compared(fact: ReplayFact) -> tuple[str, Style]:
    if fact.now is None:
        return "set HANDGRAD_KEY to compare it", "dim"
    return ("the same", "good") if fact.now == fact.then else (f"now {_short(fact.now)}", "warn")


def _outcome(graded: ExerciseReport, wrong: Sequence[str], page: Page) -> list[Line]:
    score = f"{points(graded.score)}/{points(graded.max_score)}"
    if not wrong:
        lead = Segment(f"{page.symbol('passed')} ", "good")
        return page.paragraph((lead,), f"It comes out as it did: {score}.", "good")
    lines = page.paragraph((Segment(f"{page.symbol('failed')} ", "bad"),), "It does not come out as it did.", "bad")
    return lines + [line for words in wrong for line in page.paragraph((Segment("    "),), page.ink(words))]


def _short(text: str) -> str:
    """Shorten a hash to its first 12 digits."""
    return text[:12] if len(text) == 64 else text

