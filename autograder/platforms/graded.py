"""Reading and verifying the reports to export."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from operator import sub
from pathlib import Path
from typing import TypeVar

from autograder.course.policy.course import assignment, course_rules
from autograder.course.policy.policy import Policy, mark
from autograder.course.release_folder import find_course_or_release
from autograder.errors import UsageError
from autograder.report.escape import show
from autograder.report.json import GRADES, from_dict, read_intact
from autograder.report.report import STATUSES, ExerciseReport, Finding, Mark, Report, counted, total
from autograder.submission.choice import in_words

Taken = TypeVar("Taken")
_POINTS = 1_000_000
_ROUNDED = 1e-4  # sums of numbers with six digits


class NotGraded(Exception):
    """Raised if a platform's format cannot say that the grader failed; nothing is written."""


def add_results(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS, --unofficial, --course and --assignment to a parser."""
    parser.add_argument("results", type=Path, metavar="RESULTS",
                        help="a folder that `handgrad grade` wrote, or one report.json")
    parser.add_argument("--unofficial", action="store_true",
                        help="also results of the local tier, which are feedback and no grades")
    parser.add_argument("--course", type=Path, metavar="DIR",
                        help="whose course.toml says what counts, and the key (default: here)")
    parser.add_argument("--assignment", default="", metavar="NAME",
                        help="only the exercises of this assignment, or of a unit")  # fmt: skip


def take_results(args: argparse.Namespace, take: Callable[[Report], Taken]) -> list[Taken]:
    """Apply `take` to each report with the points that count; return its results, sorted by submission.

    If the course has rules, the marks are computed again, so that a change of course.toml applies. With --assignment
    each report holds the exercises of the assignment alone.

    UsageError for a report that is damaged, is no grade, or was changed. With the course's key each grade must have its
    code; without the key changes are not detected.
    """
    policy = course_rules(args.course)
    key = "" if args.unofficial else policy.key()
    taken: dict[str, Taken] = {}
    twice, local, stale = [], [], 0
    paths = report_paths(args.results)
    course = find_course_or_release(args.course or Path()) if args.assignment else None
    wanted = assignment(course, args.assignment).exercises if course else ()
    for path in paths:
        report = _read(path, key)
        twice += [report.submission] if report.submission in taken else []
        local += [report.submission] if report.tier not in GRADES else []
        marked = report if policy == Policy() else mark(report, policy)
        stale += report.mark not in (None, marked.mark)
        taken[report.submission] = take(counted(_part(report, wanted, policy) if wanted else marked))
    if args.results.is_dir():
        policy.check_students(taken)
    if twice:
        raise UsageError(f"{args.results} holds two results of {in_words(twice)}. Keep one of each.")
    if local and not args.unofficial:
        raise UsageError(
            f"{len(local)} of {len(paths)} results are feedback and no grades, because nothing confined the code: "
            f"{in_words(local)}. Grade on Linux (`handgrad grade --official`), or say --unofficial."
        )
    if stale:
        words = f"{stale} of {len(paths)} marks are not those of {args.results}, because course.toml was changed since"
        print(f"handgrad: {words}. Run `handgrad grade` again: it writes all marks anew.", file=sys.stderr)
    return [taken[name] for name in sorted(taken)]


def _part(report: Report, wanted: Collection[str], policy: Policy) -> Report:
    """Return the report reduced to the `wanted` exercises, with their marks under the rules."""
    if not (exercises := tuple(replace(each, mark=None) for each in report.exercises if each.name in wanted)):
        raise UsageError(f"{report.submission} has none of {in_words(list(wanted))}. Grade them first.")
    score, most = total(exercises)
    part = replace(report, exercises=exercises, score=score, max_score=most, mark=None, mac="")
    return part if policy == Policy() else mark(part, policy)


def report_paths(given: Path) -> list[Path]:
    """Return the reports in a folder that `handgrad grade` wrote, or the single report. UsageError if there is none."""
    if given.is_file():
        return [given]
    folder = given / "reports" if (given / "reports").is_dir() else given
    if not (found := sorted(folder.glob("*.json"))):
        raise UsageError(f"{given} holds no report. Give a folder that `handgrad grade` wrote, or a report in it.")
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
    """Yield a sentence for each status and number that no grading gives, so that exports need not check them."""
    findings = [finding for exercise in report.exercises for finding in exercise.findings]
    words = [*(exercise.status for exercise in report.exercises), *(finding.status for finding in findings)]
    if not set(words) <= set(STATUSES):
        yield f"{show(next(str(word) for word in words if word not in STATUSES))} is no status"
    if twice := [name for name, count in Counter(each.name for each in report.exercises).items() if count > 1]:
        yield f"{in_words(list(map(show, twice)))} is in it twice"
    marks = [item.mark for item in (report, *report.exercises) if item.mark]
    scored: list[Report | ExerciseReport | Finding | Mark] = [report, *report.exercises, *findings, *marks]
    numbers = [number for item in scored for number in (item.score, item.max_score) if number is not None]
    if not all(type(number) in (int, float) and 0 <= number <= _POINTS for number in numbers):
        yield f"a score is no number from 0 to {_POINTS:,}"
    elif any((item.score or 0.0) > item.max_score + _ROUNDED for item in scored):
        yield "a score is above its maximum"
    elif max(map(abs, map(sub, total(report.exercises), (report.score, report.max_score)))) > _ROUNDED:
        yield "its points are not the sum of its exercises' points"
