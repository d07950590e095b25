"""Screens of `handgrad watch`, `list` and `hint`: exercises with their states, feedback, hints and keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograder.course.catalog import Outline
from autograder.frontends.watch.hints import Hint
from autograder.frontends.watch.progress import Progress, State, states
from autograder.render.page import Line, Page, Segment, Style, amount, columns, fill, guard, points
from autograder.render.terminal import exercise_lines, headline_widths
from autograder.render.view import ExerciseView
from autograder.report.report import Report

_LOOKS: dict[State, tuple[str, Style]] = {
    "done": ("✔", "good"), "unchecked": ("○", "plain"), "half done": ("½", "warn"), "slow": ("~", "warn"),
    "failing": ("✘", "bad"), "untouched": ("○", "plain"), "locked": ("…", "dim"),
}  # fmt: skip
KEYS = "h hint  e edit  space more  n next  p previous  l list  r run  q quit"
LIST_KEYS = "↑↓ choose  enter go  x reset  l back  q quit"
_GAP = "  "


@dataclass(frozen=True)
class ListRow:
    """One exercise of the list."""

    outline: Outline
    """The exercise."""
    state: State
    """State of the exercise."""
    score: float | None
    """Points at the latest check; None where it was not checked."""
    needs: tuple[str, ...]
    """Exercises that the exercise requires and that are not done."""

    @property
    def name(self) -> str:
        """Return the name of the exercise."""
        return self.outline.name


def rows(exercises: Iterable[Outline], progress: Progress) -> list[ListRow]:
    """Return a row for each exercise, in teaching order."""
    here = list(exercises)
    found = states(here, progress)
    needs = {each.name: tuple(need for need in each.requires if found.get(need, "done") != "done") for each in here}
    return [ListRow(each, found[each.name], progress.points.get(each.name), needs[each.name]) for each in here]


def summary(shown: Sequence[ListRow]) -> str:
    """Return how many exercises are done, and the points, such as `10 of 56 done, 98.5/560 points`."""
    done = sum(row.state == "done" for row in shown)
    score, most = sum(row.score or 0.0 for row in shown), sum(row.outline.max_score for row in shown)
    return f"{done} of {len(shown)} done, {points(score)}/{points(most)} points"


def list_lines(shown: Sequence[ListRow], page: Page, current: str | None = None) -> list[Line]:
    """Return a line for each unit and each exercise: mark, name, state, points, and further facts as they fit.

    current: the exercise that an arrow marks.
    """
    lines: list[Line] = []
    name = min(max((columns(page.ink(row.name)) for row in shown), default=0), 26)
    score = max((len(_score(row)) for row in shown), default=0)
    unit = ""
    for row in shown:
        if row.outline.unit != unit:
            unit = row.outline.unit
            lines.append((Segment(page.encode(fill(page.ink(unit), page.columns)).rstrip(), "strong"),))
        mark, style = _LOOKS[row.state]
        arrow = page.encode("→") if row.name == current else " "
        head = (
            Segment(f"{arrow} {page.encode(mark)} ", "hint" if row.name == current else style),
            Segment(page.encode(fill(page.ink(row.name), name)), "strong" if row.name == current else "plain"),
            Segment(f"{_GAP}{row.state:<9}", style),
            Segment(f"{_GAP}{_score(row):>{score}}"),
        )
        room = page.columns - sum(columns(part.text) for part in head) - len(_GAP)
        more = f"after {', '.join(row.needs)}" if row.state == "locked" else ", ".join(row.outline.functions)
        said = page.encode(fill(page.ink(more), room)).rstrip() if room >= 16 and more else ""
        lines.append((*head, Segment(f"{_GAP}{said}".rstrip(), "dim")))
    return lines


def _score(row: ListRow) -> str:
    most = points(row.outline.max_score)
    return most if row.score is None else f"{points(row.score)}/{most}"


@dataclass
class Scene:
    """The data that the screen of `handgrad watch` shows."""

    rows: Sequence[ListRow] = ()
    """All exercises, in teaching order."""
    current: str | None = None
    """Exercise that is shown."""
    place: str = ""
    """Path of the current exercise's file, relative to the working folder; "" where there is none."""
    report: Report | None = None
    """Report on the current exercise; None where its file is missing."""
    hint: Hint | None = None
    """Hints that are shown in place of the feedback."""
    chosen: str | None = None
    """Exercise that is chosen in the list of exercises; None while the list is not shown."""
    skip: int = 0
    """Lines of the middle that are scrolled off."""
    said: str = ""
    """A message or question, shown above the keys."""
    notes: list[str] = field(default_factory=list)
    """Facts about the files."""


def scene_lines(scene: Scene, page: Page, height: int) -> list[Line]:
    """Return the lines of the whole screen of `handgrad watch`, at most `height`."""
    said = page.paragraph((), page.ink(scene.said), "warn") if scene.said else []
    foot = [*said, *_keys(LIST_KEYS if scene.chosen else KEYS, page)]
    middle = list_lines(scene.rows, page, scene.chosen) if scene.chosen else _current(scene, page)
    done = sum(row.state == "done" for row in scene.rows)
    bar = Segment(page.bar(done, len(scene.rows)), "good")
    head: list[Line] = [(bar, Segment(f"{_GAP}{summary(scene.rows)}", "strong"))]
    room = max(height - len(head) - len(foot) - 2, 3)
    # First line from which the chosen row or the newest hint is visible.
    marked = next((i for i, line in enumerate(middle) if line and line[0].style == "hint"), 0)
    first = marked - room // 2 if scene.chosen else marked if scene.hint else 0
    skip = min(max(first, 0) + scene.skip, max(len(middle) - room, 0))
    shown = middle[skip : skip + room]
    if len(middle) - skip > room:
        left = len(middle) - skip - room + 1
        shown = [*shown[:-1], (Segment(page.encode(f"  … {left} more lines: space"), "hint"),)]
    return [*head, (), *shown, (), *foot]


def _current(scene: Scene, page: Page) -> list[Line]:
    if scene.current is None:
        return page.paragraph((), "Everything is done. Well done!", "good")
    notes = [line for note in scene.notes for line in page.paragraph((Segment("note: ", "dim"),), page.ink(note))]
    row = next(row for row in scene.rows if row.name == scene.current)
    lines = page.paragraph((Segment(f"{page.ink(scene.current)}  ", "strong"),), page.ink(scene.place), "dim")
    if row.needs:
        words = f"{scene.current} builds on {', '.join(row.needs)}: better do that first."
        lines += page.paragraph((), page.ink(words), "warn")
    if scene.report is None:
        words = f"{scene.current}.py is not there. Press l and x to get it again, or write it yourself."
        return [*lines, *page.paragraph((), page.ink(words), "warn"), *notes]
    if scene.hint:
        return [*lines, (), *hint_lines(scene.hint, scene.current, page, key=True)]
    shown = ExerciseView(scene.report.exercises[0])
    if not shown.exercise.begun:
        words = "is waiting for you: read its docstring, write the function, save. `h` shows the first hint."
        return [*lines, *page.paragraph((), words, "strong"), *notes]
    lines += exercise_lines(shown, page, headline_widths([shown.exercise], page), folded=True, mine=False)
    if shown.exercise.status == "passed":
        lines += page.paragraph((), f"{page.symbol('passed')} done. Press n for the next one.", "good")
    elif any(problem.steps for problem in shown.problems):
        lines += page.paragraph((Segment(page.encode("    → "), "hint"),), "press h for a hint", "hint")
    return lines + notes


def _keys(words: str, page: Page) -> list[Line]:
    """Return lines with the keys and their meanings, broken between two keys."""
    lines: list[Line] = [()]
    for pair in words.split("  "):
        key, _, meaning = page.encode(pair).partition(" ")
        part = (Segment(key, "strong"), Segment(f" {meaning}  ", "dim"))
        if sum(columns(each.text) for each in (*lines[-1], *part)) > page.columns + 2:
            lines.append(())
        lines[-1] += part
    return lines


def hint_lines(hint: Hint, name: str, page: Page, key: bool = False) -> list[Line]:
    """Return the hints: earlier steps dimmed, then the new one. name: the exercise's. key: `h` asks for the next."""
    if hint.finding is None:
        return guard(page.paragraph((), page.ink(f"{name} passes: there is nothing to hint at."), "good"))
    finding, left = hint.finding, len(hint.steps) - hint.shown
    subject = f"{finding.function} {finding.output or ''}".strip() or "This exercise"
    known = f"  ({finding.mistake.replace('_', ' ')})" if finding.mistake and hint.shown > 1 else ""
    text = finding.message if finding.status == "skipped" else f"{subject}  {finding.status}{known}"
    lines = page.paragraph((), page.ink(text), "strong")
    message = [] if finding.ladder or finding.status == "skipped" else finding.message.split("\n")
    lines += [line for words in message for line in page.paragraph((), page.ink(words))]
    for number, step in enumerate(hint.steps[: hint.shown], 1):
        lines += [(), *_step(number, step, page, new=number > hint.shown_before or hint.shown_before == hint.shown)]
    if left:
        words = f"{'h' if key else f'handgrad hint {name}'}   {amount(left, 'more step')}"
        return guard([*lines, (), *page.paragraph((Segment(page.encode("→ "), "hint"),), page.ink(words), "hint")])
    last = "That was the last step. " if hint.steps else ""
    words = f"The statement stands in your file; {'save' if key else f'handgrad check {name}'} to check again."
    return guard([*lines, (), *page.paragraph((), page.ink(last + words), "dim")])


def _step(number: int, step: str, page: Page, new: bool) -> list[Line]:
    title, _, text = step.partition("\n")
    look: Style = "plain" if new else "dim"
    head: Style = "hint" if new else "dim"
    lines = page.paragraph((Segment(f"{number}  ", head),), page.ink(title), head)
    for line in text.split("\n"):
        indent = "   " + " " * (len(line) - len(line.lstrip(" ")))
        formula, gap, note = line.strip(" ").partition("   ")
        if not line.strip():
            lines.append(())
        elif gap and columns(page.ink(line)) + 3 > page.columns:  # the note after a formula goes below it
            lines += page.paragraph((Segment(indent),), page.ink(formula), look)
            lines += page.paragraph((Segment(f"{indent}    "),), page.ink(note.strip()), look)
        else:
            lines += page.paragraph((Segment(indent),), page.ink(line.strip(" ")), look)
    return lines
