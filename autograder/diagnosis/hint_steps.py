"""Steps of the hints about a failing output, the least specific first; no step holds code of the solution.

The steps of a hidden case end with the sentence about the mistake, so that they reveal no more than the message.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.diagnosis.worked import worked_text
from autograder.report.report import Finding
from autograder.spec.exercise import Exercise
from autograder.spec.formulas import formula
from autograder.spec.function import Function

DIFFERS, TERM = "What differs", "Which term"
FORMULA, BY_HAND = "The formula, with a hole", "A case for paper"
SHOWN_IN_FEEDBACK = (DIFFERS, TERM)
"""Titles of the steps that the feedback already shows."""

Step = tuple[str, str]


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


def title(step: str) -> str:
    """Return the title of a step."""
    return step.partition("\n")[0]


def body(step: str) -> str:
    """Return the text of a step without its title."""
    return step.partition("\n")[2]
