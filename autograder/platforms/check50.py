"""check50's JSON, in which a result is true, false, or null if it is unknown."""

from __future__ import annotations

import argparse
from typing import Any

from autograder.platforms.single import add_output, export_each
from autograder.render.view import problems, text
from autograder.report.json import written
from autograder.report.report import ExerciseReport, Report

HELP = "JSON as check50 prints it"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [-o PATH]."""
    add_output(parser)


def export(args: argparse.Namespace) -> int:
    """Write a JSON file for each submission."""
    return export_each(args, ".json", to_check50)


def to_check50(report: Report) -> str:
    """Return a result for each exercise, with points in `data`; a broken or skipped one is null, with the reason."""
    results = [_result(exercise) for exercise in report.exercises]
    record = {"slug": "handgrad", "results": results, "version": report.engine}
    return written(record, 2)


def _result(exercise: ExerciseReport) -> dict[str, Any]:
    broken = exercise.status == "broken"
    return {
        "name": text(exercise.name),
        "description": text(f"{exercise.unit}/{exercise.name}" if exercise.unit else exercise.name),
        "passed": None if exercise.status in ("broken", "skipped") else exercise.status == "passed",
        "log": [text(exercise.why)] if exercise.why else [],
        "cause": None if exercise.status == "passed" else _cause(exercise),
        "data": {} if broken else {"points": exercise.score, "max_points": exercise.max_score},
        "dependency": None,
    }


def _cause(exercise: ExerciseReport) -> dict[str, Any]:
    found = problems(exercise)
    if not found:
        said = [text(finding.message) for finding in exercise.findings if finding.message]
        return {"rationale": said[0] if said else "not examined", "help": None}
    worst = max(found, key=lambda problem: problem.lost)
    rationale = " ".join(text(line) for line in worst.first.message.split("\n")) or worst.title
    cause: dict[str, Any] = {"rationale": rationale, "help": text(worst.first.hint) or None}
    if exercise.status == "broken":
        cause["error"] = {"type": "GraderFault", "value": rationale, "traceback": [], "data": {}}
    return cause
