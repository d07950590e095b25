"""Speed of the reference compared with PyTorch's CPU kernels, with the machine's limits, and with naive loops."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from statistics import median

from benchmarks.kernels import KERNELS, Kernel
from benchmarks.repetition import interleave, ratio
from benchmarks.sides import Side
from benchmarks.table import Table, digits, times
from benchmarks.usage import missing

DTYPES = ("float64", "float32")
FIGURES = ("ms", "×\ntorch", "of\nlimit", "naive\n×")
_ROUNDS = 9
_NAIVE, _LIMIT, _OURS = "naive", "limit", "reference"
Samples = dict[str, list[float]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --kernel and --torch-python."""
    parser.add_argument("--kernel", default="", metavar="TEXT", help="reference: only kernels with this in their name")
    parser.add_argument(
        "--torch-python", default=sys.executable, metavar="PATH", help="reference: a Python with torch (this one)"
    )


def run(args: argparse.Namespace) -> Table:
    """Measure, per kernel and precision, milliseconds and the three ratios."""
    kernels = [kernel for kernel in KERNELS if args.kernel in kernel.name]
    rounds, why = args.rounds or _ROUNDS, missing(args.torch_python, "torch")
    with ExitStack() as stack:
        ours = stack.enter_context(Side(sys.executable, "benchmarks.kernels"))
        torch = None if why else stack.enter_context(Side(args.torch_python, "benchmarks.torch_kernels"))
        measured = {each: [_measure(each, dtype, rounds, ours, torch) for dtype in DTYPES] for each in kernels}
    notes = [
        f"Forward and backward into new arrays, one thread, CPU time; medians of {rounds} interleaved rounds.",
        "× torch: this over PyTorch's best layout or, of an optimizer in place, form; below 1× PyTorch is slower.",
        "Of limit: what as large a matrix product, or a copy of as many bytes, takes here, over what this takes.",
        "Naive ×: Python loops over this; all of them timed on a small array and scaled up by the work.",
    ]
    if why:
        notes.append(f"torch is not here ({why}): install the extra with `pip install .[bench]`,")
        notes.append("or name a Python that has it with --torch-python.")
    rows = tuple(_row(kernel, found) for kernel, found in measured.items())
    figures = (f"{dtype}\n{figure}" for dtype in ("f64", "f32") for figure in FIGURES)
    columns = ("forward and backward", "limit", *figures)
    return Table("reference: kernels", columns, rows, tuple(notes))


def _measure(kernel: Kernel, dtype: str, rounds: int, ours: Side, torch: Side | None) -> Samples:
    actions: dict[str, Callable[[], float]] = {
        what: partial(ours.sample, kernel.name, dtype, what) for what in (_OURS, _LIMIT, _NAIVE)
    }
    if torch:
        actions |= {form: partial(torch.sample, kernel.exercise, kernel.size, dtype, form) for form in kernel.torch}
    return interleave(actions, rounds)


def _row(kernel: Kernel, found: list[Samples]) -> tuple[str, ...]:
    figures = [figure for samples in found for figure in _figures(samples)]
    return (kernel.name, "product" if kernel.product else "memory", *figures)


def _figures(samples: Samples) -> tuple[str, ...]:
    ours = samples[_OURS]
    theirs = [ratio(ours, walls) for form, walls in samples.items() if form not in (_OURS, _LIMIT, _NAIVE)]
    return (
        digits(median(ours)),
        times(max(theirs)) if theirs else "–",
        f"{100 * ratio(samples[_LIMIT], ours):.0f} %",
        times(ratio(samples[_NAIVE], ours)),
    )
