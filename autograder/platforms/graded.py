"""The results to export: read from a folder or a file, and only what may count as a grade."""

from __future__ import annotations

import argparse
import json
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import UsageError
from autograder.escape import show
from autograder.evidence import GRADES, read_intact
from autograder.report import STATUSES, ExerciseReport, Finding, Report, from_dict


def add_results(parser: argparse.ArgumentParser) -> None:
    """RESULTS and --feedback."""
    parser.add_argument(
        "results", type=Path, metavar="RESULTS", help="a folder that `autograder grade` wrote, or one report.json"
    )
    parser.add_argument(
        "--feedback", action="store_true", help="also results of the local tier, which are feedback and no grades"
    )


def read_results(args: argparse.Namespace) -> list[Report]:
    """The reports, sorted by submission. UsageError for one that is damaged, is no grade, or was changed since.

    With HANDGRAD_KEY set each grade must bear the key's code; without it nothing can be said of changes.
    """
    key = os.environ.get("HANDGRAD_KEY", "")
    reports = [_read(path, "" if args.feedback else key) for path in report_paths(args.results)]
    counts = Counter(report.submission for report in reports)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise UsageError(f"{args.results} holds two results of {_listed(twice)}. Keep one of each.")
    if not args.feedback:
        _refuse_feedback(reports)
    return sorted(reports, key=lambda report: report.submission)


def report_paths(given: Path) -> list[Path]:
    """The reports in a folder that `autograder grade` wrote; a single report itself. UsageError where there is none."""
    if given.is_file():
        return [given]
    folder = given / "reports" if (given / "reports").is_dir() else given
    found = sorted(folder.glob("*.json"))
    if not found:
        raise UsageError(f"{given} holds no report. Give a folder that `autograder grade` wrote, or a report in it.")
    return found


def _read(path: Path, key: str) -> Report:
    try:
        text = path.read_text(encoding="utf-8")
        report = from_dict(json.loads(text))
        if key and report.tier in GRADES:
            read_intact(text, key)
    except (ValueError, OSError, RecursionError) as error:
        raise UsageError(f"{path}: {error}. Grade it again.") from error
    for flaw in _flaws(report):
        raise UsageError(f"{path}: {flaw}. Grade it again.")
    return report


def _flaws(report: Report) -> Iterator[str]:
    """What no report of the engine's holds, so that nothing downstream has to doubt a number or a word."""
    findings = [finding for exercise in report.exercises for finding in exercise.findings]
    scored: list[Report | ExerciseReport | Finding] = [report, *report.exercises, *findings]
    numbers = [number for item in scored for number in (item.score, item.max_score)]
    if not all(isinstance(number, int | float) and math.isfinite(number) and number >= 0 for number in numbers):
        yield "a score is no number of 0 or more"
    words = [*(exercise.status for exercise in report.exercises), *(finding.status for finding in findings)]
    if not set(words) <= set(STATUSES):
        yield f"{show(next(str(word) for word in words if word not in STATUSES))} is no status"


def _refuse_feedback(reports: Sequence[Report]) -> None:
    local = [report.submission for report in reports if report.tier not in GRADES]
    if local:
        raise UsageError(
            f"{len(local)} of {len(reports)} results are feedback and no grades, because nothing confined the code: "
            f"{_listed(local)}. Grade on Linux (`autograder grade --official`), or say --feedback."
        )


def _listed(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
