"""Which finding to give hints about, and how many steps of its ladder to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.diagnosis.hint_steps import TOLD, start, title
from autograder.report.report import ExerciseReport, Finding
from autograder.spec.exercise import Exercise

_WRONG = ("failed", "error", "slow", "broken")


@dataclass(frozen=True)
class Hint:
    """A finding with the steps of its ladder. told: how many are shown; before: how many were shown already.

    about: by what it is recognised the next time. finding is None where nothing is wrong.
    """

    finding: Finding | None
    steps: tuple[str, ...] = ()
    told: int = 0
    before: int = 0
    about: str = ""


def choose(exercise: Exercise, report: ExerciseReport, record: Mapping[str, Any], all_steps: bool = False) -> Hint:
    """The first thing that is wrong, else the first that is not written yet; one step more than the record says.

    What feedback says anyway counts as told. Another mistake begins its own ladder.
    """
    finding = _first(report)
    if finding is None:
        return Hint(None)
    steps = finding.ladder or _beginning(exercise, finding)
    about = " ".join(filter(None, (finding.function, finding.check, finding.output, finding.mistake)))
    before = sum(title(step) in TOLD for step in steps)
    if record.get("about") == about and isinstance(record.get("told"), int):
        before = max(before, min(record["told"], len(steps)))
    return Hint(finding, steps, len(steps) if all_steps else min(before + 1, len(steps)), before, about)


def _first(report: ExerciseReport) -> Finding | None:
    order = sorted(report.findings, key=lambda finding: finding.check != "contract")
    wrong = [finding for finding in order if finding.status in _WRONG]
    waiting = [finding for finding in order if finding.status == "skipped" and finding.check == "contract"]
    return next(iter(wrong or waiting), None)


def _beginning(exercise: Exercise, finding: Finding) -> tuple[str, ...]:
    """What can be said before there is an answer: of the function that is not written, or of the first one."""
    if finding.status != "skipped":
        return ()
    function = next(function for function in exercise.functions if finding.function in ("", function.name))
    return tuple(f"{head}\n{text}" for head, text in start(exercise, function, next(iter(function.outputs))) if text)
