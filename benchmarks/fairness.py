"""Repeatability of the verdict on speed, for a fast answer, one at the threshold and a looped one, on an idle machine
and with every core busy."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from autograder.checks.speed import measure, timed_share
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.numeric.runtime import cores
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.tiers import best
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function
from benchmarks.answers import COURSE
from benchmarks.table import Table, digits

EXERCISE, FUNCTION = "conv2d", "conv2d_forward"
_BUSY = "while True:\n    sum(i * i for i in range(100_000))"

# A right answer, and what else it does before it returns.
ANSWERS = {
    "vectorized": "return answer(x, w, b, stride=stride, pad=pad)",
    "at the bar": "return [answer(x, w, b, stride=stride, pad=pad) for _ in range({repeats})][-1]",
    "loops over pixels": "return pixels(x, w, b, stride=stride, pad=pad)",
    "loops over everything": "return entries(x, w, b, stride=stride, pad=pad)",
}
_LOOPS = """
def {name}(x, w, b, *, stride=1, pad=0):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw = w.shape[:2]
    rows, columns = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    out = np.zeros((len(x), rows, columns, w.shape[3]))
    for n in range(len(x)):
        for i in range(rows):
            for j in range(columns):
                window = x[n, i * stride:i * stride + kh, j * stride:j * stride + kw]
                {inner}
    return out
"""
# Of the looped answers: what they do in a window.
_INNER = {
    "pixels": "out[n, i, j] = np.tensordot(window, w, 3) + b",
    "entries": "for m in range(w.shape[3]): out[n, i, j, m] = np.sum(window * w[:, :, :, m]) + b[m]",
}


@dataclass(frozen=True)
class Verdicts:
    """Verdicts on one answer: fractions of the points with their counts, and the ratios."""

    shares: Counter[float]
    ratios: list[float]

    @property
    def flips(self) -> int:
        """Return the number of verdicts that differ from the most frequent one."""
        return sum(self.shares.values()) - max(self.shares.values())


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --verdicts."""
    parser.add_argument("--verdicts", type=int, default=100, metavar="N", help="fairness: of each answer (100)")


def run(args: argparse.Namespace) -> Table:
    """Measure on an idle and on a busy machine in turn."""
    exercise = COURSE.exercise(EXERCISE)
    function = exercise.function(FUNCTION)
    bar = function.timing.bars[0] if function.timing else 0.0
    with Sandbox(best(), Limits()) as sandbox:
        repeats = max(2, round(bar / statistics.median(_ratios(sandbox, exercise, function, _text("vectorized"), 9))))
        texts = {name: _text(name, repeats) for name in ANSWERS}
        rows = []
        for name, text in texts.items():
            for load in (0, cores()):
                with busy(load):
                    rows.append(_row(name, load, _judge(sandbox, exercise, function, text, args.verdicts)))
    columns = ("", "ratio,\nmedian", "from", "to", "all of\nthe points", "half", "none", "flips")
    notes = (
        f"{FUNCTION}, the bars {bar:g} and {function.timing.bars[1] if function.timing else 0:g}; "
        f"{args.verdicts} verdicts each, every one on inputs of its own, in a worker of its own.",
        f"Busy: a Python loop on each of the {cores()} cores.",
        f"At the bar: the vectorized answer {repeats} times over.",
        "A flip is a verdict other than most of its row. At the bar they are expected; elsewhere they are faults.",
    )
    return Table("fairness: the same verdict every time?", columns, tuple(rows), notes)


def _text(name: str, repeats: int = 1) -> str:
    """Return a submission: the course's own answer under another name, and a function that calls it."""
    solution = COURSE.solution(EXERCISE).replace(f"def {FUNCTION}(", "def answer(")
    body = ANSWERS[name].format(repeats=repeats)
    loops = "\n".join(_LOOPS.format(name=loop, inner=inner) for loop, inner in _INNER.items())
    return f"{solution}\n{loops}\n\ndef {FUNCTION}(x, w, b, *, stride=1, pad=0):\n    {body}\n"


def _judge(sandbox: Sandbox, exercise: Exercise, function: Function, text: str, count: int) -> Verdicts:
    assert function.timing
    ratios = _ratios(sandbox, exercise, function, text, count)
    return Verdicts(Counter(timed_share(ratio, function.timing.bars, 1.0) or 0.0 for ratio in ratios), ratios)


def _ratios(sandbox: Sandbox, exercise: Exercise, function: Function, text: str, count: int) -> list[float]:
    """Measure each ratio as for a student: in a fresh worker, on inputs that it has not seen."""
    assert function.timing
    found = []
    for seed in range(count):
        with sandbox.session() as alone:
            trial = Trial(Variant(exercise, seed), alone.implementation(exercise.name, text))
            found.append(measure(trial, function, function.timing))
    return found


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Run `processes` processes that only compute."""
    with ExitStack() as stack:
        for _ in range(processes):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", _BUSY]))
            stack.callback(process.kill)
        yield


def _row(name: str, load: int, seen: Verdicts) -> tuple[str, ...]:
    ratios = [digits(value) for value in (statistics.median(seen.ratios), min(seen.ratios), max(seen.ratios))]
    counts = [str(seen.shares[share]) for share in (1.0, 0.5, 0.0)]
    return (f"{name}, {'busy' if load else 'idle'}", *ratios, *counts, str(seen.flips))
