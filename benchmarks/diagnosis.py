"""Cost of a diagnosis: `check` with and without it, and the CPU time for each wrong answer, named and not."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.diagnosis.diagnosis import diagnose
from autograder.diagnosis.evidence import KnownMistakes
from autograder.grading.pipeline import undiagnosed
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Exercise, Mistake
from benchmarks.answers import COURSE, TEN
from benchmarks.repetition import interleave, ratio
from benchmarks.table import Table, digits, times
from benchmarks.usage import ROOT, measure

_ROUNDS = 5
_WITH = "from autograder.cli.main import main; main({words!r})"
_WITHOUT = "import autograder.grading.pipeline as g; g._diagnose = lambda trial, findings, gallery: findings; " + _WITH
_WRONG = {
    "right": "",
    "a known mistake": "\ndef softmax_forward(scores):\n    return np.exp(scores) / np.exp(scores).sum()\n",
    "an unknown one": "\ndef softmax_forward(scores):\n    return np.exp(scores) / np.exp(scores).sum(axis=1).max()\n",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add no options."""


def run(args: argparse.Namespace) -> Table:
    """Measure the milliseconds with and without a diagnosis."""
    rounds = args.rounds or _ROUNDS
    rows = (*_checks(rounds), *_answers())
    notes = (
        f"check: medians of {rounds} interleaved runs, wall time from nothing. Answers: CPU time in one process, once:",
        f"every known mistake of {', '.join(TEN)}, and then as if it were not known. Without: the checks alone.",
    )
    return Table("diagnosis: what a hint costs", ("answer", "with ms", "without ms", "ms more", "×"), rows, notes)


def _checks(rounds: int) -> Iterator[tuple[str, ...]]:
    """Run `handgrad check softmax` on three files."""
    with TemporaryDirectory(prefix="handgrad-") as name:
        actions = {}
        for kind, more in _WRONG.items():
            home = Path(name) / kind.replace(" ", "_")
            home.mkdir()
            (home / "softmax.py").write_text(COURSE.solution("softmax") + more, encoding="utf-8")
            words = ["check", "softmax", "--path", str(home), "--course", str(ROOT)]
            actions |= {(kind, code): _command(code, words) for code in (_WITH, _WITHOUT)}
        found = interleave(actions, rounds)
    for kind in _WRONG:
        yield _row(f"check softmax, {kind}", found[kind, _WITH], found[kind, _WITHOUT])


def _command(code: str, words: list[str]) -> Callable[[], float]:
    return lambda: 1000 * measure([sys.executable, "-c", code.format(words=words)]).wall


def _answers() -> Iterator[tuple[str, ...]]:
    """Return one answer for each known mistake."""
    exercises = [COURSE.exercise(name) for name in TEN]
    for words, forget in (("wrong answer, named", False), ("wrong answer, not named", True)):
        pairs = [_cost(exercise, wrong, forget) for exercise in exercises for wrong in exercise.mistakes]
        bare, told = zip(*pairs, strict=True)
        yield _row(f"{words} ({len(pairs)})", [sum(told) / len(told)], [sum(bare) / len(bare)])


def _cost(exercise: Exercise, wrong: Mistake, forget: bool) -> tuple[float, float]:
    """Return CPU milliseconds without and with a diagnosis."""
    known = tuple(other for other in exercise.mistakes if other is not wrong) if forget else exercise.mistakes
    variant = Variant(replace(exercise, mistakes=known), 1)
    right = {function.name: function.oracle for function in exercise.functions}
    trial = Trial(variant, InProcess(right | {wrong.function: wrong.code}))
    start = process_time()
    findings = undiagnosed(trial)
    bare = process_time()
    diagnose(trial, findings, KnownMistakes(variant))
    return 1000 * (bare - start), 1000 * (process_time() - start)


def _row(name: str, mine: list[float], base: list[float]) -> tuple[str, ...]:
    told, bare = median(mine), median(base)
    return name, digits(told), digits(bare), digits(told - bare), times(ratio(mine, base))
