"""Choice of the next hint: the finding it is about, and the number of steps that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.diagnosis.hint_steps import SHOWN_IN_FEEDBACK, steps_without_answer, title
from autograder.report.report import ExerciseReport, Finding
from autograder.spec.exercise import Exercise

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
