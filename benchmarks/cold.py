"""Latency of a command in a new process, split into start, imports and work."""

from __future__ import annotations

import argparse
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic

from benchmarks.answers import right_answers
from benchmarks.repetition import interleave, ratio
from benchmarks.table import Table, digits, times
from benchmarks.usage import ROOT, measure

_ROUNDS = 9
_BARE, _ISOLATED, _NUMPY = "python -c pass", "python -I -c pass", 'python -c "import numpy"'
# What the installed command does.
_MAIN = "import sys; from autograder.cli.main import main; sys.exit(main())"
# The outermost import statements are timed; the monotonic clock is the same in every process.
_WATCH = """
import time
begun = time.monotonic()
import builtins, sys
plain, depth, spent = builtins.__import__, 0, 0.0
def watched(*args, **kwargs):
    global depth, spent
    start, depth = time.monotonic(), depth + 1
    try:
        return plain(*args, **kwargs)
    finally:
        depth -= 1
        spent += 0.0 if depth else time.monotonic() - start
builtins.__import__ = watched
try:
    exec({code!r})
finally:
    print(f"\\n{{begun}} {{spent}}", file=sys.stderr)
"""


@dataclass(frozen=True)
class Wait:
    """Milliseconds of one command: until its first line of Python, in imports, and in everything else."""

    wall: float
    start: float = 0.0
    imports: float = 0.0

    @property
    def work(self) -> float:
        """Return the remaining time, the end of the process included."""
        return self.wall - self.start - self.imports


def configure(parser: argparse.ArgumentParser) -> None:
    """Add no options."""


def run(args: argparse.Namespace) -> Table:
    """Measure the wall time of each command and of its parts."""
    rounds = args.rounds or _ROUNDS
    with TemporaryDirectory(prefix="handgrad-") as name:
        home, saved = right_answers(Path(name), 2, ["relu"])
        check = ["check", "relu", "--path", str(home), "--course", str(ROOT)]
        actions = {
            _ISOLATED: _plain("-I", "-c", "pass"),
            _BARE: _plain("-c", "pass"),
            _NUMPY: _watched("import numpy"),
            "handgrad --help": _watched(_MAIN, "--help"),
            "handgrad check relu": _watched(_MAIN, *check),
        }
        with _saved(saved, ["watch", "relu", "--path", str(saved), "--course", str(ROOT)]) as save:
            actions["save to verdict in handgrad watch"] = save
            found = interleave(actions, rounds)
    base = [wait.wall for wait in found[_NUMPY]]
    rows = tuple(_row(key, waits, base) for key, waits in found.items())
    columns = ("command", "wall ms", "start ms", "imports ms", "work ms", "× import\nnumpy")
    notes = (
        f"Medians of {rounds} interleaved runs. Start: until the first line of Python; imports: all import statements;",
        "work: the rest, with the wait for the sandbox's process and the end of the interpreter.",
    )
    return Table("cold: from the shell to the answer", columns, rows, notes)


def _plain(*words: str) -> Callable[[], Wait]:
    return lambda: Wait(1000 * measure([sys.executable, *words]).wall)


def _watched(code: str, *words: str) -> Callable[[], Wait]:
    def action() -> Wait:
        launched = monotonic()
        used = measure([sys.executable, "-c", _WATCH.format(code=code), *words])
        begun, spent = map(float, used.text.split()[-2:])
        return Wait(1000 * used.wall, 1000 * (begun - launched), 1000 * spent)

    return action


@contextmanager
def _saved(home: Path, words: list[str]) -> Iterator[Callable[[], Wait]]:
    """Start `handgrad watch` in a terminal; yield what saves a wrong file and waits for its verdict."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _MAIN, *words]
    watch = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)  # else reading goes on for ever where the command ends
    file, count = home / "relu.py", 0
    right = file.read_text(encoding="utf-8")

    def save() -> Wait:
        nonlocal count
        count += 1
        said = f"round {count}."
        text = right.replace("    return dout", f"    raise ValueError('{said}')\n    return dout")
        begun = monotonic()
        file.write_text(text, encoding="utf-8")
        _read(ours, said)
        return Wait(1000 * (monotonic() - begun))

    try:
        _read(ours, "passed")
        save()  # the first one loads what a diagnosis needs
        yield save
        os.write(ours, b"q")
    finally:
        os.close(ours)
        watch.wait()


def _read(terminal: int, words: str) -> None:
    """Read what a terminal shows until the words are there."""
    seen = ""
    while words not in seen:
        seen += os.read(terminal, 65536).decode("utf-8", "replace")


def _row(key: str, waits: list[Wait], base: list[float]) -> tuple[str, ...]:
    over = times(ratio((wait.wall for wait in waits), base))
    wall = digits(median(wait.wall for wait in waits))
    if not any(wait.start for wait in waits):
        return key, wall, wall, "–", "–", over
    parts = ("start", "imports", "work")
    return (key, wall, *(digits(median(getattr(wait, part) for wait in waits)) for part in parts), over)
