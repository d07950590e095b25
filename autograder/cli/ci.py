"""Check a student's repository in continuous integration, and put the feedback where its service shows it.

On GitHub: annotations on the student's lines, the step's summary, outputs (`verdict`, `score`, `max_score`, `percent`).
Under Classroom 50 also its result.json. It is feedback, not a grade: who
owns the repository owns what runs there. Grade with `handgrad grade`, where students have no say.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from autograder.cli import arguments
from autograder.errors import UsageError
from autograder.platforms import actions
from autograder.platforms.graded import NotGraded
from autograder.render.page import points
from autograder.render.terminal import feedback_text
from autograder.render.view import Problem
from autograder.report.escape import show
from autograder.report.files import write_whole
from autograder.report.json import to_json
from autograder.report.report import Report
from autograder.submission.folder import head, is_clone, read_submission
from autograder.submission.source import Submission

NOTE = "Ran in the student's repository, confined by the tier {tier}: feedback, not a grade."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [NAMES] [--path DIR] [-o DIR] [--tier TIER] [--scale N] [--strict] to the parser."""
    arguments.add_names(parser, "check")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="the files (default: assignments/, or here)")
    words = "also write report.json, junit.xml, summary.md, …"
    parser.add_argument("-o", "--output", type=arguments.path, metavar="DIR", help=words)
    arguments.add_tier(parser)
    words = "for Classroom 50, which counts whole numbers: N of them for a point"
    parser.add_argument("--scale", default="1", choices=("1", "2", "4", "10", "100"), metavar="N", help=words)
    parser.add_argument("--strict", action="store_true", help="exit 1 also for what is slow, half done or not begun")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Check the repository and write the feedback; return 0 if nothing begun is wrong, 3 if the grader failed, else 1.

    Under Classroom 50 the exit code is 0 instead of 1.
    """
    from autograder.platforms.single import in_runner

    path = args.path or arguments.path("assignments" if os.path.isdir("assignments") else ".")
    report, submission = _grade(args, path)
    text = feedback_text(report)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print(actions.mute(text.rstrip("\n")))
        for line in actions.annotate(report, lambda problem: _place(problem, submission, path)):
            print(line)
    else:
        print(text, end="")
    _write(args.output, report, text)
    wrong = any(exercise.status in ("failed", "error") for exercise in report.exercises)
    code = {"passed": 0, "broken": 3}.get(report.status, int(args.strict or wrong))
    if not in_runner(os.environ):
        return code
    _classroom50(report, int(args.scale))
    return 3 if code == 3 else 0


def _grade(args: argparse.Namespace, path: Path) -> tuple[Report, Submission]:
    from autograder.grading.grader import grade
    from autograder.grading.pipeline import Options
    from autograder.sandbox.sandbox import Sandbox
    from autograder.sandbox.tiers import best

    if not path.exists():
        raise UsageError(f"{path} does not exist. Name the folder of the student's files with --path.")
    course = arguments.open_held(args, args.path)
    who = show(os.environ.get("GITHUB_REPOSITORY") or path.resolve().name)
    submission = replace(read_submission(path, course.functions), student=who)
    names, options = arguments.named(args, course), Options(reveal=True)
    with Sandbox(args.tier or best()) as sandbox:
        report = grade(submission, course, course.exercises(names), sandbox, options, hashed=True)
    note = NOTE.format(tier=report.tier)
    return replace(report, tier="local", notes=(note, *report.notes), mac=""), submission


def _place(problem: Problem, submission: Submission, path: Path) -> actions.Place | None:
    """Return the path, relative to the repository, and the line of a problem; None where the file is unknown."""
    exercise = problem.exercise
    source = submission.sources.get(exercise.name) or submission.module
    if not exercise.path or not source:
        return None
    file = (path if path.is_dir() else path.parent).resolve() / exercise.path
    with suppress(ValueError):
        file = file.relative_to(arguments.path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve())
    line = problem.first.line or actions.line_of(problem.first.function, source.text)
    return file.as_posix(), line if file.suffix == ".py" else None


def _write(folder: Path | None, report: Report, text: str) -> None:
    from autograder.render.services import to_junit, to_markdown

    summary = to_markdown(report)
    actions.append("GITHUB_STEP_SUMMARY", summary)
    percent = 100 * report.score / report.max_score if report.max_score else 0.0
    numbers = {"score": report.score, "max_score": report.max_score, "percent": percent}
    shown = {name: points(number) for name, number in numbers.items() if report.status != "broken"}
    actions.outputs({"verdict": report.status, **shown})
    if folder:
        write_whole(folder / "report.json", to_json(report))
        write_whole(folder / "junit.xml", to_junit(report))
        write_whole(folder / "feedback.txt", text)
        write_whole(folder / "summary.md", summary)


def _classroom50(report: Report, scale: int) -> None:
    from autograder.platforms.single import to_classroom50
    from autograder.render.services import to_markdown

    here = arguments.path(".").resolve()
    commit = next((head(folder) for folder in (here, *here.parents) if is_clone(folder)), None)  # no second run's time
    try:
        text = to_classroom50(report, os.environ, commit[1] if commit else None, scale)
    except NotGraded as error:
        arguments.path("result.json").unlink(missing_ok=True)  # the student's own, if there is one
        print(f"handgrad: no result.json: {error}", file=sys.stderr)
        actions.outputs({"status": "error", "summary": "handgrad: the grader failed, not the answer"})
        return
    write_whole(arguments.path("result.json"), text)
    write_whole(arguments.path("release-body.md"), to_markdown(report, 100_000))
    words = f"handgrad: {points(report.score)} of {points(report.max_score)} points"
    actions.outputs({"status": "success" if report.status == "passed" else "failure", "summary": words})
