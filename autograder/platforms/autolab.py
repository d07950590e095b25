"""Autolab's result: two lines of JSON, feedback and scores, which must be the last that a job prints."""

from __future__ import annotations

import argparse
from typing import Any

from autograder.platforms.single import add_output, export_each
from autograder.render.view import brief, text
from autograder.report.json import written
from autograder.report.report import ExerciseReport, Report

HELP = "the last lines that an Autolab job prints"
STAGE = "Exercises"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [-o PATH]."""
    add_output(parser)


def export(args: argparse.Namespace) -> int:
    """Write two lines for each submission."""
    return export_each(args, ".txt", to_autolab)


def to_autolab(report: Report) -> str:
    """Return the result, in which the problems are the exercises.

    An exercise in which the grader failed has no score, so Autolab leaves it ungraded; the scoreboard has no total.
    """
    graded = [exercise for exercise in report.exercises if exercise.status != "broken"]
    result: dict[str, Any] = {"scores": {text(exercise.name): exercise.score for exercise in graded}}
    if len(graded) == len(report.exercises):
        result["scoreboard"] = [report.score]
    stage = {text(exercise.name): _outcome(exercise) for exercise in report.exercises}
    return written(_feedback(stage)) + written(result)


def _feedback(stage: dict[str, Any]) -> dict[str, Any]:
    return {"_presentation": "semantic", "stages": [STAGE], STAGE: stage}


def _outcome(exercise: ExerciseReport) -> dict[str, Any]:
    passed = exercise.status == "passed"
    needs_hint = exercise.why or not passed
    return {"passed": passed, **({"hint": "\n".join(brief(exercise))} if needs_hint else {})}
