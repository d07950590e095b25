"""Replay exactly the run behind a report, to settle a dispute: the same text, seed and checks, and what has changed.

The text comes from --submission, or from the journal beside the report. Shows the numbers of hidden cases.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.commands import place

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.catalog import Course
    from autograder.exercise import Exercise
    from autograder.report import ExerciseReport, Report
    from autograder.sandbox import Sandbox

HELP = "replay the run behind a report"


def configure(parser: argparse.ArgumentParser) -> None:
    """REPORT [EXERCISE...] [--submission PATH]."""
    parser.add_argument("report", type=place.path, metavar="REPORT", help="results/reports/<student>.json")
    parser.add_argument("names", nargs="*", metavar="EXERCISE", help="default: all that are not passed")
    parser.add_argument("--submission", type=place.path, metavar="PATH", help="the file or folder that was graded")
    place.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when the run comes out as it did, 1 when it does not."""
    from autograder.sandbox import Sandbox
    from autograder.sandbox.tiers import best

    report, course = _read(args.report), place.open_course(args)
    chosen = _chosen(report, course.pick(args.names))
    texts = {item.name: _text(args, report, item, course) for item in chosen}
    with Sandbox(report.tier if report.tier == "local" else best()) as sandbox:
        same = [_explain(report, item, texts[item.name], course, sandbox) for item in chosen]
    return 0 if all(same) else 1


def _read(path: Path) -> Report:
    import json

    from autograder.errors import UsageError
    from autograder.report import from_dict

    try:
        return from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path} is no report: {error}. Give a file of results/reports/.") from error


def _chosen(report: Report, names: list[str]) -> list[ExerciseReport]:
    from autograder.errors import UsageError

    known = {item.name: item for item in report.exercises if item.source and item.seed is not None}
    missing = [name for name in names if name not in known]
    if missing:
        raise UsageError(f"{report.submission} was not graded in {', '.join(missing)}: there is no run to replay.")
    wanted = names or [name for name, item in known.items() if item.status != "passed"]
    if not wanted:
        raise UsageError(f"all of {report.submission} passed. Name an exercise to replay it all the same.")
    return [known[name] for name in wanted]


def _text(args: argparse.Namespace, report: Report, graded: ExerciseReport, course: Course) -> tuple[str, str]:
    """The text that was handed in, and its hash."""
    from autograder.errors import UsageError
    from autograder.intake.folder import read_submission

    if args.submission is None:
        return _kept(args.report, graded)
    if not args.submission.exists():
        raise UsageError(f"{args.submission} does not exist. Name what {report.submission} handed in.")
    found = read_submission(args.submission, course.functions)
    source = found.sources.get(graded.name) or found.module
    if source is None:
        raise UsageError(f"{args.submission} has nothing for {graded.name}. Name what {report.submission} handed in.")
    return source.text, source.sha256


def _kept(path: Path, graded: ExerciseReport) -> tuple[str, str]:
    from autograder.batch.kept import kept_text
    from autograder.errors import UsageError

    text = kept_text(path.resolve().parent.parent, graded.source or "")
    if text is None:
        raise UsageError(f"the journal beside {path} does not hold this text. Name the submission with --submission.")
    return text, graded.source or ""


def _explain(report: Report, graded: ExerciseReport, text: tuple[str, str], course: Course, sandbox: Sandbox) -> bool:
    """Print what is the same and what is not, then the feedback with its numbers; whether it came out as it did."""
    from rich.console import Console

    from autograder.policy import rules
    from autograder.render.replay import replay_lines
    from autograder.render.terminal import print_lines, print_report
    from autograder.replay import differences, facts, replay

    source, sha256 = text
    exercise = course.exercise(graded.name)
    open_ = replay(exercise, graded, source, sandbox, reveal=True)
    wrong = list(differences(graded, open_))
    if wrong:  # an official run hides the numbers of hidden cases, and says other words
        wrong = list(differences(graded, replay(exercise, graded, source, sandbox)))
    key = rules(course).key(os.environ)
    known = facts(report, graded, source, sha256, _suite(course, exercise, graded, report.tier, key), sandbox.tier, key)
    console = Console()
    print_lines(lambda page: replay_lines(report.submission, graded, known, wrong, page), console)
    print_report(replace(report, exercises=(open_,), notes=()), console, verbose=True)
    return not wrong


def _suite(course: Course, exercise: Exercise, graded: ExerciseReport, tier: str, key: str) -> str | None:
    """The hash of the exercise as it is today; None without the key, which is part of it."""
    from autograder.batch.suite import suites
    from autograder.grade import Options
    from autograder.replay import skipped

    if not key:
        return None
    options = Options(key, skipped(exercise, graded))
    return suites(course, [exercise.name], options, tier)[exercise.name].sha256
