"""The hints of a failing output, the least telling first. No step holds code of the solution; a test sees to that.

What a hidden case would tell stays hidden: its ladder ends with the words about the mistake, as the message does.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.diagnosis.worked import worked
from autograder.report.report import Finding
from autograder.spec.exercise import Exercise
from autograder.spec.formulas import formula
from autograder.spec.function import Function

DIFFERS, TERM = "What differs", "Which term"
FORMULA, BY_HAND = "The formula, with a hole", "A case for paper"
TOLD = (DIFFERS, TERM)
"""Steps that the feedback itself has told already."""

Step = tuple[str, str]


def hint_steps(exercise: Exercise, finding: Finding, open_case: bool) -> tuple[str, ...]:
    """The steps of a finding, each with its title in the first line. open_case: its numbers may be shown."""
    steps = [(DIFFERS, finding.message), (TERM, " ".join(finding.hint.split()))]
    functions = {function.name: function for function in exercise.functions}
    if open_case and finding.function in functions:
        steps += start(exercise, functions[finding.function], finding.output)
    return tuple(f"{title}\n{text}" for title, text in steps if text)


def start(exercise: Exercise, function: Function, output: str | None) -> Iterator[Step]:
    """The steps that no answer is needed for: the formula, and a case to work through by hand."""
    yield FORMULA, formula(exercise, function.name, output)
    yield BY_HAND, worked(function, exercise.small.get(function.name, ()), output or next(iter(function.outputs)))


def title(step: str) -> str:
    """The title of a ladder's step."""
    return step.partition("\n")[0]


def body(step: str) -> str:
    """The words of a ladder's step."""
    return step.partition("\n")[2]
