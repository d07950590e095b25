"""Search for leaks in a grader that runs thousands of hostile and right submissions in turn.

Its resources are measured after the first hundred runs and after the last; every score is compared with the red team's
table.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle, islice

from autograder.course.catalog import Course
from autograder.grading.grader import Grader, VariantCache
from autograder.grading.pipeline import Options
from autograder.sandbox import Limits, Sandbox, probe
from autograder.submission.source import Source, Submission
from benchmarks.table import Table, digits
from benchmarks.usage import ROOT

_FIRST = 100
_MIB = 1 << 20
_SKIP = frozenset({"speed"})


@dataclass(frozen=True)
class Sight:
    """Resources of the grader: resident MiB, open files, threads, child processes; and its zygote's resident MiB."""

    memory: float
    files: int
    threads: int
    children: int
    zygote: float


@dataclass
class Watch:
    """Runs in one tier. seen: number of runs → resources. undeserved, lost: points above and below the table's."""

    seen: dict[int, Sight] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    undeserved: float = 0.0
    lost: float = 0.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --runs."""
    parser.add_argument("--runs", type=int, default=10_000, metavar="N", help="leaks: submissions in each tier (10000)")


def run(args: argparse.Namespace) -> Table:
    """Compare the grader's resources at the start and at the end, in each confined tier."""
    runs = max(args.runs, 2 * _FIRST)
    tiers = [report.name for report in probe() if report.available and report.name != "local"]
    watched = {tier: watch(tier, runs) for tier in tiers}
    rows = tuple(_row(tier, after, sight) for tier, found in watched.items() for after, sight in found.seen.items())
    notes = [f"{runs} runs in each tier, every other one hostile; one process grades them all, tier by tier."]
    for tier, found in watched.items():
        ended = ", ".join(f"{name} {number}" for name, number in found.statuses.most_common())
        notes.append(f"{tier}: {ended}; undeserved points {found.undeserved:g}, honest points lost {found.lost:g}.")
    columns = ("", "grader\nMiB", "open\nfiles", "threads", "processes\nbelow", "zygote\nMiB")
    return Table("leaks: flat or not", columns, rows, tuple(notes))


def watch(tier: str, runs: int) -> Watch:
    """Grade `runs` submissions in this tier."""
    found, exercises = Watch(), Course(ROOT / "tests" / "tiny").exercises(("scale",))
    variants, options = VariantCache(), Options("benchmark", _SKIP)
    with Sandbox(tier, Limits(call_seconds=0.1, import_seconds=0.1, sleep_seconds=0.1)) as sandbox:
        for number, (submission, deserved) in zip(count(1), islice(_submissions(), runs), strict=False):
            report = Grader(sandbox, options, variants).grade(submission, exercises)
            found.statuses[report.status] += 1
            found.undeserved += max(0.0, report.score - deserved)
            found.lost += max(0.0, deserved - report.score)
            if number in (_FIRST, runs):
                found.seen[number] = look()
    return found


def _submissions() -> Iterator[tuple[Submission, float]]:
    """Yield hostile and right submissions in turn, without end, with the points that each deserves."""
    from tests.redteam.handin import BACKWARD, MAKERS, hostile
    from tests.redteam.table import CASES, SQUARE

    cases = [case for case in CASES if case.name not in MAKERS and not case.timed]
    right = next(case for case in cases if case.name == "honest")
    for number, case in enumerate(cycle(cases)):
        for each in (case, right):
            text = f"{hostile(each.name)}{BACKWARD}\n# {number}\n"
            sha = hashlib.sha256(text.encode()).hexdigest()
            source = Source("scale", text, sha, "scale.py")
            yield Submission("student", {"scale": source}), each.honest - SQUARE


def look() -> Sight:
    """Measure this process and its children."""
    import psutil

    me = psutil.Process()
    below = me.children(recursive=True)
    zygote = max((child.memory_info().rss for child in below), default=0)
    return Sight(me.memory_info().rss / _MIB, me.num_fds(), me.num_threads(), len(below), zygote / _MIB)


def _row(tier: str, after: int, sight: Sight) -> tuple[str, ...]:
    figures = (digits(sight.memory), *map(str, (sight.files, sight.threads, sight.children)), digits(sight.zygote))
    return (f"{tier}, after {after:,}", *figures)
