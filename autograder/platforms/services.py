"""Results in the form of three services, which the table of autograder/platforms/single.py names.

- Autolab: two lines of JSON, feedback and scores, which must be the last that a job prints.
- check50: JSON in which a result is true, false, or null if it is unknown.
- PrairieLearn: `results.json` with a score from 0 to 1, and a test for each exercise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.render.view import brief, problems, text, tier_words
from autograder.report.json import written
from autograder.report.report import ExerciseReport, Report

STAGE = "Exercises"


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


def to_check50(report: Report) -> str:
    """Return a result for each exercise, with points in `data`; a broken or skipped one is null, with the reason."""
    results = [_check(exercise) for exercise in report.exercises]
    record = {"slug": "handgrad", "results": results, "version": report.engine}
    return written(record, 2)


def _check(exercise: ExerciseReport) -> dict[str, Any]:
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


LIMIT = 1_000_000
"""Bytes of the file; PrairieLearn accepts 1 MB."""
_WORDS = 1_500


def to_prairielearn(report: Report) -> str:
    """Return results.json, with the score as a share of the maximum; bonus is cut, because 1 is the largest score.

    If the grader failed or nothing can be earned, it is not gradable: no attempt and no points are lost.
    """
    if report.status == "broken" or not report.max_score:
        why = "The grader failed, not your answer." if report.status == "broken" else "There is nothing to earn here."
        return _json({"gradable": False, "format_errors": [f"{why} It was not graded."]})
    said = [brief(exercise) for exercise in report.exercises]
    room = _WORDS
    while len(made := _json(_prairie(report, said, room)).encode()) > LIMIT and room:
        room //= 2
    return made.decode()


def _prairie(report: Report, said: Sequence[Sequence[str]], room: int) -> dict[str, Any]:
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
