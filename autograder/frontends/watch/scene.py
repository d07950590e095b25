"""Screen of `handgrad watch`: progress, feedback on the current exercise, requested hints and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.frontends.watch.progress import State
from autograder.render.page import Line, Page, Segment, Style, points
from autograder.render.terminal import feedback
from autograder.report.report import Report

KEYS = (("h", "hint"), ("n", "next"), ("p", "previous"), ("l", "list"), ("r", "run again"), ("q", "quit"))
STYLES: dict[State, Style] = {"done": "good", "open": "plain", "locked": "dim"}


@dataclass
class Scene:
    """State that the screen shows."""

    found: Mapping[str, State]
    """Exercise → state, in teaching order."""
    score: float
    """Points of the whole course."""
    max_score: float
    """Maximum score of the whole course."""
    current: str | None = None
    """Exercise that is shown."""
    report: Report | None = None
    """Verdict on it; None where its file is missing."""
    hints: int = 0
    """Number of hint steps that are shown."""
    listing: bool = False
    """Show the list of all exercises instead."""
    needs: tuple[str, ...] = ()
    """Exercises that the current one requires and that are not done."""
    notes: list[str] = field(default_factory=list)
    """Further messages."""


def lines(scene: Scene, page: Page) -> list[Line]:
    """Return the lines of the whole screen."""
    middle = listing(scene, page) if scene.listing else _current(scene, page)
    return [*_head(scene, page), (), *middle, (), *_foot(page)]


def listing(scene: Scene, page: Page) -> list[Line]:
    """Return a line for every exercise with its state; an arrow marks the current one."""
    rows: list[Line] = []
    for name, state in scene.found.items():
        here = page.encode("→ ") if name == scene.current else "  "
        words = Segment(f"{here}{_mark(state, page)} {page.ink(name)}", STYLES[state])
        rows.append((words, Segment("" if state == "open" else f"  {state}", "dim")))
    return rows


def ladder(report: Report) -> tuple[str, ...]:
    """Return the hints of the first finding that has some."""
    found = (f.ladder or ((f.hint,) if f.hint else ()) for e in report.exercises for f in e.findings)
    return next((steps for steps in found if steps), ())


def _head(scene: Scene, page: Page) -> list[Line]:
    done = sum(state == "done" for state in scene.found.values())
    words = f"  {done}/{len(scene.found)} exercises  {points(scene.score)}/{points(scene.max_score)} points"
    return [(Segment(page.bar(done, len(scene.found)), "good"), Segment(words, "strong"))]


def _current(scene: Scene, page: Page) -> list[Line]:
    if scene.current is None:
        return page.paragraph((), "Everything is done. Well done!", "good")
    said = [line for note in scene.notes for line in page.paragraph((Segment("note: ", "dim"),), page.ink(note))]
    if scene.needs:
        words = f"{scene.current} builds on {', '.join(scene.needs)}: better do that first."
        said += page.paragraph((), page.ink(words), "warn")
    if scene.report is None:
        words = f"{scene.current}.py is not there. `handgrad build` writes it, or make it yourself."
        return [*said, *page.paragraph((), page.ink(words), "warn")]
    graded = scene.report.exercises[0]
    if not graded.begun:
        said += page.paragraph((), page.ink(f"{scene.current} is waiting for you: {graded.path}"), "strong")
    else:
        said += feedback(scene.report, page)[2:-3]
    if graded.status == "passed":
        said += page.paragraph((), f"{page.symbol('passed')} done. Press n for the next one.", "good")
    return said + _hints(scene, page)


def _hints(scene: Scene, page: Page) -> list[Line]:
    steps = ladder(scene.report) if scene.report else ()
    shown: list[Line] = []
    for number, step in enumerate(steps[: scene.hints], 1):
        lead = Segment(f"hint {number} of {len(steps)}: ", "hint")
        for line in step.split("\n"):
            shown += page.paragraph((lead,), page.ink(line), "hint")
            lead = Segment("    ")
    if scene.hints and not steps:
        shown += page.paragraph((), "There is no hint: nothing has failed yet.", "dim")
    return [(), *shown] if shown else []


def _foot(page: Page) -> list[Line]:
    return [tuple(part for key, word in KEYS for part in (Segment(key, "strong"), Segment(f" {word}   ", "dim")))]


def _mark(state: State, page: Page) -> str:
    return {"done": page.symbol("passed"), "open": page.encode("○"), "locked": page.symbol("skipped")}[state]
