"""A submitted folder → a verdict for each check of a notebook, by the process that also checks for notebooks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import UsageError
from autograder.frontends.notebook.checking import COURSE
from autograder.frontends.notebook.panel import panel
from autograder.frontends.notebook.service import SERVICE
from autograder.render.text import feedback_text
from autograder.report.json import from_dict
from autograder.report.report import ExerciseReport, Report


@dataclass(frozen=True)
class CellVerdict:
    """One exercise. share: of its points, from 0 to 1. text, html: the explanation."""

    share: float
    text: str
    html: str

    def of(self, points: float) -> float:
        """The points of a cell that is worth so many: a plain float, never more than that."""
        return min(round(self.share * points, 6), points)


def grade_folder(folder: Path, names: Sequence[str]) -> dict[str, CellVerdict]:
    """Exercise → verdict on what lies in the folder, which is what `handgrad grade` would read there.

    Raises where the grader itself failed in one of them: no number is better than a wrong one.
    """
    if not names:
        return {}
    question = {"path": str(folder), "names": list(names), "tier": None, "course": os.environ.get(COURSE, ".")}
    answer = SERVICE.ask(question)
    if "refused" in answer:
        raise UsageError(answer["refused"])
    if "fault" in answer:
        raise RuntimeError(f"the grader failed, not the answer:\n{answer['fault']}")
    report = from_dict(answer["report"])
    broken = [exercise.name for exercise in report.exercises if exercise.status == "broken"]
    if broken:
        raise RuntimeError(f"the grader failed, not the answer, in {', '.join(broken)}. Grade this submission again.")
    return {exercise.name: _verdict(report, exercise) for exercise in report.exercises}


def _verdict(report: Report, exercise: ExerciseReport) -> CellVerdict:
    alone = replace(report, exercises=(exercise,), score=exercise.score, max_score=exercise.max_score)
    share = exercise.score / exercise.max_score if exercise.max_score else 0.0
    return CellVerdict(share, feedback_text(alone), panel(alone))
