"""`python -m benchmarks [NAME ...]`: prints a table for each; without a name all but the longest."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from autograder.numeric.runtime import fix_runtime

# Nothing heavy is imported here: a worker process that is spawned for a measurement imports this module again.
NAMES = (
    "grading", "notebooks", "cold", "memory", "sandbox", "scale", "journal", "reference", "diagnosis", "fairness",
    "speeds", "surroundings", "term",
)  # fmt: skip
# Takes half an hour or more: run by name only, and every night.
LONG = ("speeds", "surroundings")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmarks and print their tables."""
    fix_runtime()
    from rich.console import Console

    from benchmarks.table import show

    benchmarks = {name: importlib.import_module(f"benchmarks.{name}") for name in NAMES}
    args = parser(benchmarks).parse_args(argv)
    console, waiting = Console(width=None if sys.stdout.isatty() else 120), Console(stderr=True)
    console.print(_here(), highlight=False)
    for name in dict.fromkeys(args.names or [name for name in NAMES if name not in LONG]):
        with waiting.status(f"measuring {name}"):
            table = benchmarks[name].run(args)
        show(table, console)
    return 0


def parser(benchmarks: dict[str, ModuleType]) -> argparse.ArgumentParser:
    """Return the parser of the command line, with each benchmark's own options."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES), type=_name)
    made.add_argument("--rounds", type=int, metavar="N", help="interleaved repetitions (default: each benchmark's own)")
    for benchmark in benchmarks.values():
        benchmark.configure(made)
    return made


def _name(text: str) -> str:
    if text not in NAMES:
        raise argparse.ArgumentTypeError(f"there is no benchmark {text}; there are {', '.join(NAMES)}")
    return text


def _here() -> str:
    import platform

    import numpy as np

    from autograder.numeric.runtime import cores

    load = f", load {os.getloadavg()[0]:.1f}: figures of a busy machine are noisy" if hasattr(os, "getloadavg") else ""
    return f"{cores()} cores, Python {platform.python_version()}, NumPy {np.__version__}{load}"


if __name__ == "__main__":
    sys.exit(main())
