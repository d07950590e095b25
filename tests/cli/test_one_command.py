"""A command imports its own module, and neither the other commands' nor NumPy before it needs it."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli import COMMANDS
from autograder.cli.main import load, parser_of

TINY = Path(__file__).parents[1] / "tiny"
CODE = """
import sys
from autograder.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
found = [name.removeprefix("autograder.cli.") for name in sys.modules if name.startswith("autograder.cli.")]
print()
print(" ".join(sorted(found)), "numpy" in sys.modules)
"""
BESIDE = {"main", "arguments"}


def imported(*words: str) -> tuple[set[str], bool]:
    """Return the modules of `autograder.cli` that a command imported, and whether it imported NumPy."""
    done = subprocess.run([sys.executable, "-c", CODE, *words], capture_output=True, text=True, timeout=120)
    *names, numpy = done.stdout.splitlines()[-1].split()
    return set(names), numpy == "True"


@pytest.mark.parametrize("words", [(), ("--help",), ("--version",), ("chek",)])
def test_help_imports_no_command(words: tuple[str, ...]) -> None:
    """The overview of the commands comes from the table alone."""
    assert imported(*words) == (BESIDE, False)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_s_help_imports_that_command_alone(name: str) -> None:
    """`handgrad NAME --help` imports the module NAME, the modules that it shares with others, and no NumPy."""
    names, numpy = imported(name, "--help")
    assert name in names and not (names - {name}) & set(COMMANDS) and not numpy


def test_a_command_that_runs_imports_no_other() -> None:
    """`handgrad list` leaves the other commands alone."""
    names, _ = imported("list", "--course", str(TINY), "--path", str(TINY))
    assert names <= BESIDE | {"list"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_of_the_table_is_a_command(name: str) -> None:
    """Each module takes its arguments and runs; its docstring is the description, the row is one line of help."""
    module, parser = load(name), parser_of(name)
    assert isinstance(parser, argparse.ArgumentParser) and callable(module.run)
    assert module.__doc__ and parser.description == module.__doc__
    assert COMMANDS[name] and "\n" not in COMMANDS[name] and not hasattr(module, "HELP")


def test_every_module_with_a_run_is_in_the_table() -> None:
    """No command is forgotten in the table."""
    folder = Path(load("check").__file__ or "").parent
    modules = {path.stem for path in folder.glob("*.py") if "\ndef run(" in path.read_text(encoding="utf-8")}
    assert modules == set(COMMANDS)
