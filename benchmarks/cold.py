"""How long a student waits for an answer: the command from nothing, split into start, imports and work."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.answers import right_answers
from benchmarks.repetition import interleave, ratio
from benchmarks.table import Table, digits, times
from benchmarks.usage import ROOT, Usage, measure

_BARE, _ISOLATED, _NUMPY = "python -c pass", "python -I -c pass", 'python -c "import numpy"'
_HELP, _CHECK = "autograder --help", "autograder check relu"
# What the installed command does.
_MAIN = "import sys; from autograder.cli import main; sys.exit(main())"
_SELF = re.compile(r"^import time: +(\d+) \|", re.MULTILINE)


def configure(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace) -> Table:
    """Wall time of each command and of its parts."""
    with TemporaryDirectory(prefix="handgrad-") as name:
        home = right_answers(Path(name), 1, ["relu"])[0]
        check = ["-c", _MAIN, "check", "relu", "--path", str(home), "--course", str(ROOT)]
        commands = {
            _ISOLATED: ["-I", "-c", "pass"],
            _BARE: ["-c", "pass"],
            _NUMPY: ["-c", "import numpy"],
            _HELP: ["-c", _MAIN, "--help"],
            _CHECK: check,
        }
        plain = {(key, False): _runner(command) for key, command in commands.items()}
        told = {(key, True): _runner(["-X", "importtime", *command]) for key, command in commands.items()}
        found = interleave(plain | told, args.rounds)
    walls = {key: [1000 * use.wall for use in found[key, False]] for key in commands}
    imports = {key: [_imports(use) for use in found[key, True]] for key in commands}
    rows = tuple(_row(key, walls, imports) for key in commands)
    columns = ("command", "wall ms", "start ms", "imports ms", "work ms", "/ import numpy")
    notes = (
        f"Medians of {args.rounds} interleaved runs. Start: the interpreter alone; imports: as -X importtime sums them,",
        "less those of the start; work: the rest, with the wait for the sandbox's process.",
    )
    return Table("cold: from the shell to the answer", columns, rows, notes)


def _runner(words: list[str]):  # type: ignore[no-untyped-def]
    return lambda: measure([sys.executable, *words])


def _imports(use: Usage) -> float:
    return sum(map(int, _SELF.findall(use.text))) / 1000


def _row(key: str, walls: dict[str, list[float]], imports: dict[str, list[float]]) -> tuple[str, ...]:
    wall, over = median(walls[key]), times(ratio(walls[key], walls[_NUMPY]))
    if key in (_BARE, _ISOLATED):
        return key, digits(wall), digits(wall), "–", "–", over
    start = median(walls[_BARE])
    imported = median(imports[key]) - median(imports[_BARE])
    return (key, *map(digits, (wall, start, imported, wall - start - imported)), over)
