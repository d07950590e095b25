"""Verdicts on speed over whole-course runs of right answers: the spread of the ratio, and how many are falsely slow."""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.fairness import busy
from benchmarks.table import Table, digits
from benchmarks.usage import ROOT

_BUSY = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --course-runs, --old, --solutions and --each."""
    parser.add_argument("--course-runs", type=int, default=3, metavar="N", help="speeds: runs of each row (3)")
    parser.add_argument("--old", type=Path, metavar="PATH", help="speeds: another commit's checkout, measured in turn")
    parser.add_argument("--solutions", action="store_true", help="speeds: the solutions alone, no alternatives")
    parser.add_argument("--each", type=int, default=1, metavar="N", help="speeds: programs of each answer in a run (1)")


def run(args: argparse.Namespace) -> Table:
    """Grade the course on an idle and on a busy machine, each side in turn."""
    sides = {"this": ROOT} | ({"old": args.old.resolve()} if args.old else {})
    seen: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for number in range(args.course_runs):
        for load in (0, _BUSY):
            for side, root in sides.items():
                with busy(load):
                    seen[side, load].append(_course_run(root, number, not args.solutions, args.each))
    figures = "answers", "CPU ms\nan answer", "cells", "falsely\nslow", "not\ntimed", "spread,\nmedian", "p90", "most"
    rows = tuple(_row(f"{side}, {load} busy loops" if load else f"{side}, idle", found)
                 for (side, load), found in seen.items())  # fmt: skip
    slow = [f"{function} of {title} ({ratio}, {side})" for (side, _), runs in seen.items() for run in runs
            for function, title, status, ratio, _ in run["found"] if status == "slow"]  # fmt: skip
    notes = (
        f"{args.course_runs} whole-course runs of every right answer that must be fast, each run on inputs of its own.",
        "A cell is a timed function of an answer. Spread: the standard deviation of the logarithm of its ratio.",
        "Falsely slow: verdicts below all points. CPU: of the grader and of all its processes.",
        f"Slow: {', '.join(slow) or 'none'}.",
    )
    return Table("speeds: the verdict on right answers", ("", *figures), rows, notes)


def _course_run(root: Path, seed: int, alternatives: bool, each: int) -> Any:
    """Grade the course of a checkout with its own engine, in a process of its own."""
    script = Path(__file__).with_name("course_run.py")
    words = [sys.executable, "-P", str(script), str(root), str(seed), str(int(alternatives)), str(each)]
    done = subprocess.run(words, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{root}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _row(name: str, runs: list[Any]) -> tuple[str, ...]:
    ratios: dict[tuple[str, str], list[float]] = defaultdict(list)
    verdicts = [one for run in runs for one in run["found"]]
    for function, title, _, ratio, _ in verdicts:
        if ratio:
            ratios[function, title].append(math.log(ratio))
    spread = sorted(statistics.stdev(values) for values in ratios.values() if len(values) > 1) or [math.nan]
    answers = sum(run["answers"] for run in runs)
    slow = sum(status == "slow" for _, _, status, _, _ in verdicts)
    untimed = sum(status not in ("slow", "passed") for _, _, status, _, _ in verdicts)
    cells = (statistics.median(spread), spread[math.ceil(0.9 * len(spread)) - 1], spread[-1])
    milliseconds = 1000 * sum(run["cpu"] for run in runs) / answers
    return (name, str(answers), digits(milliseconds), str(len(verdicts)), str(slow), str(untimed), *map(digits, cells))
