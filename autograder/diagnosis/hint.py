"""Steps of the hints about a failing output, the least specific first, and the choice of the next one to show.

No step holds code of the solution. The steps of a hidden case end with the sentence about the mistake, so that they
reveal no more than the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.diagnosis.worked import worked_text
from autograder.report.report import ExerciseReport, Finding
from autograder.spec.exercise import Exercise
from autograder.spec.formulas import formula
from autograder.spec.function import Function

DIFFERS, TERM = "What differs", "Which term"
FORMULA, BY_HAND = "The formula, with a hole", "A case for paper"
SHOWN_IN_FEEDBACK = (DIFFERS,)
"""Titles of the steps that `handgrad check` already shows."""

SPEED, WINDOWS = "Where the time goes", "All windows at once"

Step = tuple[str, str]

_SPEED = """\
Python runs the body of a loop turn by turn, and each NumPy call in it costs about a microsecond however small its
arrays are. Begin with the innermost loop: its index becomes an axis of one array expression, and a sum over it becomes
`.sum(axis=…)`, `@` or `np.einsum`. Run the check again before you take the next loop. A loop over the few positions
inside a window is no harm; one over rows, columns or images is."""
_WINDOWS = """\
`np.lib.stride_tricks.sliding_window_view` gives a view of all windows of an array along the axes that you name,
without a copy; slices with a step leave out those between the strides. Then one expression does for all windows what
your loop did for one. On the way back loop over the positions inside the window only: each of them adds to one slice
with a step."""
_SLIDES = frozenset({"stride", "window", "pad"})


def hint_steps(exercise: Exercise, finding: Finding, show_numbers: bool) -> tuple[str, ...]:
    """Return the steps of a finding, each with its title in the first line; with numbers only if they may be shown."""
    steps = [(DIFFERS, finding.message), (TERM, " ".join(finding.hint.split()))]
    functions = {function.name: function for function in exercise.functions}
    if show_numbers and finding.function in functions:
        steps += steps_without_answer(exercise, functions[finding.function], finding.output)
    return tuple(f"{title}\n{text}" for title, text in steps if text)


def steps_without_answer(exercise: Exercise, function: Function, output: str | None) -> Iterator[Step]:
    """Yield the steps that need no answer: the formula, and a case to compute by hand."""
    yield FORMULA, formula(exercise, function.name, output)
    yield BY_HAND, worked_text(function, exercise.small.get(function.name, ()), output or next(iter(function.outputs)))


def speed_steps(finding: Finding, function: Function) -> tuple[str, ...]:
    """Return the steps of a slow finding: what was measured, how loops are replaced, and windows if it has any."""
    steps = [(DIFFERS, finding.message), (SPEED, " ".join(_SPEED.split()))]
    if _SLIDES & {*function.positional, *function.keywords}:
        steps.append((WINDOWS, " ".join(_WINDOWS.split())))
    return tuple(f"{title}\n{text}" for title, text in steps)


def title(step: str) -> str:
    """Return the title of a step."""
    return step.partition("\n")[0]


def body(step: str) -> str:
    """Return the text of a step without its title."""
    return step.partition("\n")[2]


_WRONG = ("failed", "error", "slow", "broken")


@dataclass(frozen=True)
class Hint:
    """The steps of the hints about one finding, and how many of them are shown."""

    finding: Finding | None
    """The finding; None where nothing is wrong."""
    steps: tuple[str, ...] = ()
    """All steps, the least specific first."""
    shown: int = 0
    """The number of steps to show."""
    shown_before: int = 0
    """The number of steps that were shown before."""
    about: str = ""
    """The key of the finding in the record of hints."""


def choose(exercise: Exercise, report: ExerciseReport, record: Mapping[str, Any], all_steps: bool = False) -> Hint:
    """Choose the first wrong finding, else the first function that is not written, and one step more than before.

    The steps that feedback holds count as shown. Another mistake starts again with its own first step.
    """
    finding = _first(report)
    if finding is None:
        return Hint(None)
    steps = finding.ladder or _without_answer(exercise, finding)
    about = " ".join(filter(None, (finding.function, finding.check, finding.output, finding.mistake)))
    shown_before = sum(title(step) in SHOWN_IN_FEEDBACK for step in steps)
    if record.get("about") == about and isinstance(record.get("told"), int):
        shown_before = max(shown_before, min(record["told"], len(steps)))
    return Hint(finding, steps, len(steps) if all_steps else min(shown_before + 1, len(steps)), shown_before, about)


def _first(report: ExerciseReport) -> Finding | None:
    order = sorted(report.findings, key=lambda finding: finding.check != "contract")
    wrong = [finding for finding in order if finding.status in _WRONG]
    not_written = [finding for finding in order if finding.status == "skipped" and finding.check == "contract"]
    return next(iter(wrong or not_written), None)


def _without_answer(exercise: Exercise, finding: Finding) -> tuple[str, ...]:
    """Return the steps that need no answer, for the function that is not written or for the first one."""
    if finding.status != "skipped":
        return ()
    function = next(function for function in exercise.functions if finding.function in ("", function.name))
    return tuple(
        f"{head}\n{text}"
        for head, text in steps_without_answer(exercise, function, next(iter(function.outputs)))
        if text
    )
