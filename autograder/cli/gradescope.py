"""Grade one submission inside Gradescope's machine. The zip of `handgrad export gradescope` calls this.

Where the grader fails or is stopped there are no results, which Gradescope shows as a failure of the autograder: never
a zero.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

from autograder.cli import arguments
from autograder.errors import UsageError
from autograder.platforms.gradescope import Settings, read_metadata, read_settings, to_results
from autograder.report.report import Report


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [--root DIR] [--ready] to the parser."""
    words = "where Gradescope's folders are"
    parser.add_argument("--root", type=arguments.path, default="/autograder", metavar="DIR", help=words)
    parser.add_argument("--ready", action="store_true", help="only say what the machine can do")


def run(args: argparse.Namespace) -> int:
    """Grade the submission in Gradescope's folders; return 0 when results are written, 3 when there are none."""
    from autograder.render.page import logged
    from autograder.sandbox.doctor import choose

    settings, tier = read_settings(args.root / "source"), choose(None, official=False)
    if tier == "local" and not settings.allow_local:
        raise UsageError(
            "this machine has no sandbox, so nothing is graded. Choose a newer base image, or make the zip with "
            "--allow-local, for practice only: students' code can then read the course and write its own result."
        )
    if args.ready:
        print(f"handgrad: ready, in the tier {tier}")
        return 0
    report = _grade(args.root, tier, settings)
    if report.status != "broken":
        return 0
    for name, finding in ((exercise.name, finding) for exercise in report.exercises for finding in exercise.findings):
        if finding.status == "broken":
            print(logged(f"handgrad: {name}: {finding.message}"), file=sys.stderr)
    return 3


def _grade(root: Path, tier: str, settings: Settings) -> Report:
    """Grade the submission below `root` and return the report; write results.json unless the grader failed."""
    from autograder.course.catalog import find_course
    from autograder.course.policy.course import rules
    from autograder.course.policy.policy import Policy, mark
    from autograder.grading.grader import grade
    from autograder.grading.pipeline import Options
    from autograder.report.files import write_whole
    from autograder.report.json import stamp
    from autograder.sandbox.sandbox import Sandbox
    from autograder.submission.folder import read_submission

    start, options = monotonic(), Options(settings.key)
    target = root / "results" / "results.json"
    target.unlink(missing_ok=True)
    course = find_course(root / "source" / "course")
    names = course.pick(settings.only) or course.names
    student, when = read_metadata(root / "submission_metadata.json")
    submission = replace(
        read_submission(root / "submission", course.functions), student=student,
        submitted_at=when, clock="lms" if when else "",
    )  # fmt: skip
    with Sandbox(tier) as sandbox:
        report = grade(submission, course, course.exercises(names), sandbox, options, hashed=True)
    policy = rules(course)
    report = stamp(report if policy == Policy() else mark(report, policy), settings.key)
    if report.status != "broken":
        write_whole(target, to_results(report, settings, monotonic() - start))
    return report
