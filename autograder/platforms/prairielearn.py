"""PrairieLearn's results.json: a score from 0 to 1, and a test for each exercise."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from autograder.platforms.single import add_output, export_each
from autograder.render.view import brief, text, tier_words
from autograder.report.json import written
from autograder.report.report import ExerciseReport, Report

HELP = "results.json of PrairieLearn's external grader"
LIMIT = 1_000_000
"""Bytes of the file; PrairieLearn accepts 1 MB."""

_WORDS = 1_500


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [-o PATH]."""
    add_output(parser)


def export(args: argparse.Namespace) -> int:
    """Write a results.json for each submission."""
    return export_each(args, ".json", to_prairielearn)


def to_prairielearn(report: Report) -> str:
    """Return results.json, with the score as a share of the maximum; bonus is cut, because 1 is the largest score.

    If the grader failed or nothing can be earned, it is not gradable: no attempt and no points are lost.
    """
    if report.status == "broken" or not report.max_score:
        why = "The grader failed, not your answer." if report.status == "broken" else "There is nothing to earn here."
        return _json({"gradable": False, "format_errors": [f"{why} It was not graded."]})
    said = [brief(exercise) for exercise in report.exercises]
    room = _WORDS
    while len(written := _json(_result(report, said, room)).encode()) > LIMIT and room:
        room //= 2
    return written.decode()


def _result(report: Report, said: Sequence[Sequence[str]], room: int) -> dict[str, Any]:
    return {
        "gradable": True,
        "score": min(report.score / report.max_score, 1.0),
        "message": text(" ".join((f"{tier_words(report.tier)}.", *report.notes))),
        "tests": [_test(exercise, lines, room) for exercise, lines in zip(report.exercises, said, strict=True)],
    }


def _test(exercise: ExerciseReport, lines: Sequence[str], room: int) -> dict[str, Any]:
    return {
        "name": text(exercise.name),
        "description": exercise.status,
        "points": exercise.score,
        "max_points": exercise.max_score,
        "output": "\n".join(line[:room] for line in lines) if room else "",
    }


def _json(result: dict[str, Any]) -> str:
    return written(result, 1)
