"""Replay exactly the run behind a grade, to settle a dispute: the same text, seed and checks, and what has changed.

Everything comes from the journal in RESULTS: a report that somebody hands you replays nothing. The text runs confined,
whatever the journal says of the tier. Shows the numbers of hidden cases.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from autograder.batch.journal import NAME, changed_rows
from autograder.batch.standings import graded_runs
from autograder.cli import arguments
from autograder.course.catalog import Course
from autograder.course.policy.course import rules
from autograder.errors import UsageError
from autograder.grading.pipeline import Options, report
from autograder.grading.replay import Fact, GradedRun, differences, facts, replay
from autograder.grading.suite import suites
from autograder.render.page import Line, Page, Segment, Style, fill, guard
from autograder.render.terminal import fraction, print_lines, print_report
from autograder.report.report import ExerciseReport
from autograder.sandbox.doctor import confined
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.exercise import Exercise


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS STUDENT [EXERCISE...] [--tier TIER] to the parser."""
    words = "the folder that `handgrad grade` wrote"
    parser.add_argument("results", type=arguments.path, metavar="RESULTS", help=words)
    parser.add_argument("student", metavar="STUDENT", help="as in grades.csv")
    parser.add_argument("names", nargs="*", metavar="EXERCISE", help="default: all that are not passed")
    arguments.add_tier(parser, "the best here that confines")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Grade the student's answers again as they were graded; return 0 if every verdict is the same, else 1."""
    chosen, course = _chosen(args), arguments.open_course(args)
    key = rules(course).key()
    changed = changed_rows(args.results / NAME, key) if key else ()
    for sentence in changed:
        print(f"handgrad: {args.results / NAME}: {sentence}.", file=sys.stderr)
    exercises = [course.exercise(item.graded.name) for item in chosen]
    with Sandbox(confined(args.tier)) as sandbox:
        pairs = zip(exercises, chosen, strict=True)
        same = [_explain(args.student, exercise, item, course, sandbox) for exercise, item in pairs]
    return 0 if all(same) and not changed else 1


def _chosen(args: argparse.Namespace) -> list[GradedRun]:
    known = {item.graded.name: item for item in graded_runs(args.results, args.student)}
    missing = [name for name in args.names if name not in known]
    if missing:
        raise UsageError(f"{args.student} was not graded in {', '.join(missing)}: there is no run to replay.")
    wanted = args.names or [name for name, item in known.items() if item.graded.status != "passed"]
    if not wanted:
        raise UsageError(f"all of {args.student} passed. Name an exercise to replay it all the same.")
    return [known[name] for name in wanted]


def _explain(student: str, exercise: Exercise, kept: GradedRun, course: Course, sandbox: Sandbox) -> bool:
    """Grade an answer again; print what has changed and the feedback; return whether the verdict is the same."""
    graded = kept.graded
    open_ = replay(exercise, kept, sandbox, reveal=True)
    wrong = list(differences(graded, open_))
    if wrong:  # an official run words its messages without the numbers of hidden cases
        wrong = list(differences(graded, replay(exercise, kept, sandbox)))
    key, name, suite = rules(course).key(), graded.name, None
    if key:  # the key is a part of the suite
        suite = suites(course, [name], Options(key, kept.skip), kept.parts["tier"])[name].sha256
    known = facts(kept, suite, sandbox.tier, key)
    print_lines(lambda page: replay_lines(student, graded, known, wrong, page))
    print_report(report(student, sandbox.tier, (open_,)), verbose=True)
    return not wrong


def replay_lines(
    student: str, graded: ExerciseReport, facts: Iterable[Fact], wrong: Sequence[str], page: Page
) -> list[Line]:
    """Return a line for each fact that the verdict depends on, then lines on whether the verdict is the same."""
    title = page.paragraph((), page.ink(f"{student}, {graded.name}: the run behind the report"), "strong")
    rows: list[Line] = []
    style: Style
    for name, then, now in facts:
        if now is None:
            words, style = "set HANDGRAD_KEY to compare it", "dim"
        else:
            words, style = ("the same", "good") if now == then else (f"now {_short(now)}", "warn")
        lead = f"  {fill(page.ink(name), 8)} {fill(page.ink(_short(then)), 22)} "
        rows += page.paragraph((Segment(lead),), page.ink(words), style)
    if wrong:
        sign, outcome, style = "failed", "It does not come out as it did.", "bad"
    else:
        sign, outcome, style = "passed", f"It comes out as it did: {fraction(graded)}.", "good"
    end = page.paragraph((Segment(f"{page.symbol(sign)} ", style),), outcome, style)
    end += [line for words in wrong for line in page.paragraph((Segment("    "),), page.ink(words))]
    return guard([*title, *rows, (), *end, ()])


def _short(text: str) -> str:
    """Shorten a hash to its first 12 digits."""
    return text[:12] if len(text) == 64 else text
