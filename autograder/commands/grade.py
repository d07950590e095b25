"""Grade a class: one folder (or one .py file) per student, each in a sandbox of its own.

Writes RESULTS/grades.csv, RESULTS/reports/<student>.json and RESULTS/feedback/<student>.txt.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from autograder.commands import place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from autograder.intake.handed import Handed
    from autograder.report import Report

HELP = "grade a class of submissions"
CHECK_NAMES = ("values", "gradient", "purity", "stability", "consistency", "training", "speed")


def configure(parser: argparse.ArgumentParser) -> None:
    """SUBMISSIONS -o RESULTS [--jobs N] [--only EXERCISE] [--skip CHECK] [--tier TIER] [--official]."""
    parser.add_argument("submissions", type=place.path, help="a folder with one folder, or one .py file, per student")
    parser.add_argument("-o", "--output", type=place.path, required=True, metavar="RESULTS", help="where to write")
    parser.add_argument("-j", "--jobs", type=_positive, metavar="N", help="graders at once (default: one per core)")
    parser.add_argument(
        "--only", action="append", default=[], metavar="EXERCISE",
        help="grade these exercises or units; repeat it, or separate by commas (default: the whole course)",
    )  # fmt: skip
    parser.add_argument(
        "--skip", action="append", default=[], metavar="CHECK", choices=CHECK_NAMES,
        help=f"leave out a check with its points: {', '.join(CHECK_NAMES)}",
    )  # fmt: skip
    parser.add_argument("--tier", choices=("sealed", "guarded", "local"), help="default: the best this machine has")
    parser.add_argument("--official", action="store_true", help="refuse to grade in the local tier")
    place.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Grade them all; exit 0 when all passed, 1 when something did not, 3 when the grader itself failed."""
    from autograder.batch.folder import Batch, grade_folder
    from autograder.batch.results import write_grades, write_report
    from autograder.evidence import stamp
    from autograder.grade import Options

    handed = _submissions(args)
    course = place.open_course(args)
    only = [word.strip() for words in args.only for word in words.split(",") if word.strip()]
    names = tuple(exercise.name for exercise in course.exercises(course.pick(only) or course.names))
    options = Options(os.environ.get("HANDGRAD_KEY", ""), frozenset(args.skip))
    batch = Batch(course, names, _tier(args), options)
    jobs = min(args.jobs or os.cpu_count() or 1, len(handed))
    reports = []
    for report in _progress(grade_folder(batch, handed, jobs), len(handed)):
        write_report(args.output, stamp(report, options.key))
        reports.append(report)
    write_grades(args.output, reports)
    _show(reports, args.output)
    statuses = {report.status for report in reports}
    return 3 if "broken" in statuses else 0 if statuses == {"passed"} else 1


def _submissions(args: argparse.Namespace) -> list[Handed]:
    from autograder.errors import UsageError
    from autograder.intake.folder import find_submissions

    if not args.submissions.is_dir():
        raise UsageError(f"{args.submissions} is no folder. Give the folder that holds one folder per student.")
    if args.output.resolve().is_relative_to(args.submissions.resolve()):
        raise UsageError(f"{args.output} lies inside the submissions and would be graded next time. Write elsewhere.")
    try:
        found = find_submissions(args.submissions)
    except (ValueError, OSError) as error:
        raise UsageError(str(error)) from error
    if not found:
        raise UsageError(f"{args.submissions} holds no submission: expected one folder, or one .py file, per student.")
    return found


def _tier(args: argparse.Namespace) -> str:
    """The tier, proven by the start-up canaries; the local one is said to be no grade."""
    from autograder.errors import UsageError
    from autograder.sandbox import Sandbox
    from autograder.sandbox.tiers import best, selftest

    tier = args.tier or best()
    if tier == "local":
        if args.official:
            raise UsageError("this machine has no sandbox, and an official grade needs one. Grade on Linux.")
        print("autograder: no sandbox on this machine: this is feedback, not a grade.", file=sys.stderr)
        return tier
    with Sandbox(tier) as sandbox:
        selftest(sandbox)
    return tier


def _progress(reports: Iterable[Report], total: int) -> Iterable[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield from progress.track(reports, total)


def _show(reports: list[Report], output: Path) -> None:
    from rich.console import Console

    from autograder.render.terminal import print_class

    print_class(sorted(reports, key=lambda report: report.submission), Console())
    print(f"\n{output / 'grades.csv'}, {output / 'reports'}/<student>.json, {output / 'feedback'}/<student>.txt")


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of graders; give 1 or more")
    return int(text)
