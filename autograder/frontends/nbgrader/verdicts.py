"""Verdicts on the checks of a submitted folder, computed by the notebooks' checking process."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from autograder.errors import UsageError
from autograder.frontends.notebook.checking import COURSE
from autograder.frontends.notebook.service import SERVICE
from autograder.render.html import panel
from autograder.render.terminal import feedback_text
from autograder.report.json import from_dict
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox.doctor import choose


@dataclass(frozen=True)
class CellVerdict:
    """Verdict on one exercise."""

    share: float
    """Fraction of its points, from 0 to 1."""
    text: str
    """Explanation as text."""
    html: str
    """Explanation as HTML."""

    def of(self, points: float) -> float:
        """Return the score of a cell that is worth `points`: a plain float, at most `points`."""
        return min(round(self.share * points, 6), points)


def grade_folder(folder: Path, names: Sequence[str]) -> dict[str, CellVerdict]:
    """Return exercise → verdict on the folder, read as `handgrad grade` reads it.

    Raises where the grader itself failed in an exercise, so that no wrong score is given, and where nothing confines
    the code: scores in a gradebook are grades, and the rule is that of `handgrad grade --official`.
    """
    if not names:
        return {}
    request = {"path": str(folder), "names": list(names), "tier": _tier(), "course": os.environ.get(COURSE, ".")}
    answer = SERVICE.ask(request)
    if "refused" in answer:
        raise UsageError(answer["refused"])
    if "fault" in answer:
        raise RuntimeError(f"the grader failed, not the answer:\n{answer['fault']}")
    report = from_dict(answer["report"])
    broken = [exercise.name for exercise in report.exercises if exercise.status == "broken"]
    if broken:
        raise RuntimeError(f"the grader failed, not the answer, in {', '.join(broken)}. Grade this submission again.")
    return {exercise.name: _verdict(report, exercise) for exercise in report.exercises}


@cache
def _tier() -> str:
    return choose(None, official=True)


def _verdict(report: Report, exercise: ExerciseReport) -> CellVerdict:
    alone = replace(report, exercises=(exercise,), score=exercise.score, max_score=exercise.max_score)
    share = exercise.score / exercise.max_score if exercise.max_score else 0.0
    return CellVerdict(share, feedback_text(alone), panel(alone))
