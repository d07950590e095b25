"""The hints of an exercise as a student gets them: one step more at each call, remembered beside the student's files.

Hints are kept with the state of the student's text and of the course. While neither changes, the next step needs no
check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.catalog import Course
from autograder.frontends.watch.progress import Seen, keep, recall
from autograder.render.view import NEEDS_WORK
from autograder.report.report import ExerciseReport, Finding

if TYPE_CHECKING:
    from autograder.spec.exercise import Exercise

_FACTS = ("check", "function", "status", "output", "message", "mistake")
_SHOWN_IN_FEEDBACK = "What differs\n"
"""The start of the step that `handgrad check` already shows."""


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
    """Return the hint on the first wrong finding, else the first function not written, with one step more than before.

    Steps that the feedback contains count as shown. The steps on another mistake begin with the first one.
    """
    order = sorted(report.findings, key=lambda finding: finding.check != "contract")
    wrong = [finding for finding in order if finding.status in NEEDS_WORK]
    not_written = [finding for finding in order if finding.status == "skipped" and finding.check == "contract"]
    finding = next(iter(wrong or not_written), None)
    if finding is None:
        return Hint(None)
    about = " ".join(filter(None, (finding.function, finding.check, finding.output, finding.mistake)))
    steps = finding.ladder
    if not steps and finding.status == "skipped":  # those that need no answer
        from autograder.diagnosis.hint import steps_without_answer

        function = next(function for function in exercise.functions if finding.function in ("", function.name))
        steps = steps_without_answer(exercise, function, next(iter(function.outputs)))
    return _one_more(Hint(finding, steps, about=about), record, all_steps)


def _one_more(hint: Hint, record: Mapping[str, Any], all_steps: bool) -> Hint:
    """Return the hint with one step more than recorded, or than in the feedback if another finding is recorded."""
    before = sum(step.startswith(_SHOWN_IN_FEEDBACK) for step in hint.steps)
    if record.get("about") == hint.about and isinstance(record.get("told"), int):
        before = max(before, min(record["told"], len(hint.steps)))
    return replace(hint, shown=len(hint.steps) if all_steps else min(before + 1, len(hint.steps)), shown_before=before)


def state_of(course: Course, seen: Seen, name: str) -> str:
    """Return a text that changes with the student's text for an exercise and with the files of course and engine; ""
    where the student has no text for it."""
    return f"{seen[name][0]} {course.signature}" if name in seen else ""


def next_hint(folder: Path, exercise: Exercise, graded: ExerciseReport, state: str, *,
              reset: bool = False, every: bool = False) -> Hint:  # fmt: skip
    """Return the hints on a verdict, with one step more than at the last call if the failure is still the same.

    state: of the text and the course, by `state_of`.
    """
    record = _record(folder, exercise.name)
    hint = choose(exercise, graded, {} if reset else record, every)
    return _keep(folder, exercise.name, hint, state if graded.status != "broken" else "")


def kept_hint(folder: Path, name: str, state: str, *, reset: bool = False, every: bool = False) -> Hint | None:
    """Return the next hint on the last verdict, without a check; None if text or course has changed since."""
    record = _record(folder, name)
    if not state or record.get("state") != state:
        return None
    facts, steps = record["finding"], tuple(record["steps"])
    hint = Hint(Finding(**facts, ladder=steps) if facts else None, steps, about=record["about"])
    return _keep(folder, name, _one_more(hint, {} if reset else record, every) if facts else hint, state)


def _record(folder: Path, name: str) -> dict[str, Any]:
    found = recall(folder, "hints").get(name)
    return found if isinstance(found, dict) else {}


def _keep(folder: Path, name: str, hint: Hint, state: str) -> Hint:
    facts = {key: value for key, value in asdict(hint.finding).items() if key in _FACTS} if hint.finding else None
    record = {"about": hint.about, "told": hint.shown, "state": state, "finding": facts, "steps": hint.steps}
    keep(folder, "hints", {**recall(folder, "hints"), name: record})
    return hint
