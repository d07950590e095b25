"""A command imports its own module, and neither the other commands' nor NumPy before it needs it."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli import COMMANDS
from autograder.cli.main import load, parser_of
from tests.cli.forked import run

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
print(" ".join(sorted(found)), not {"numpy", "autograder.sandbox.sandbox"}.isdisjoint(sys.modules))
"""
BESIDE = {"main", "arguments"}
WRONG = """
def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, (dout * x).mean(0)
"""


def imported(*words: str) -> tuple[set[str], bool]:
    """Return the modules of `autograder.cli` that a command imported, and whether it imported NumPy or the sandbox."""
    done = subprocess.run([sys.executable, "-c", CODE, *words], capture_output=True, text=True, timeout=120)
    *names, numpy = done.stdout.splitlines()[-1].split()
    return set(names), numpy == "True"


@pytest.mark.parametrize("words", [(), ("--help",), ("--version",), ("chek",)])
def test_help_imports_no_command(words: tuple[str, ...]) -> None:
    """The overview of the commands comes from the table alone."""
    assert imported(*words) == (BESIDE, False)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_s_help_imports_that_command_alone(name: str) -> None:
    """`handgrad NAME --help` imports the module NAME, the modules that it shares with others, and no NumPy; the two
    for disputes import all that they need at once."""
    names, numpy = imported(name, "--help")
    assert name in names and not (names - {name}) & set(COMMANDS) and numpy == (name in ("explain", "verify"))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of its own with a student's wrong answer in its assignments."""
    for folder in ("solutions", "reference"):
        shutil.copytree((TINY if folder == "solutions" else TINY.parents[1]) / folder, tmp_path / folder)
    shutil.copy(TINY / "tiny_oracle.py", tmp_path)
    student = tmp_path / "assignments" / "01_tiny"
    student.mkdir(parents=True)
    (student / "scale.py").write_text(WRONG, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("words", [("list",), ("hint", "scale")])
def test_what_is_known_is_said_without_numpy_and_sandbox(course: Path, words: tuple[str, ...]) -> None:
    """`list` and `hint` import neither themselves nor another command's module, where nothing has changed since."""
    first, again = (imported(*words, "--course", str(course), "--path", str(course / "assignments")) for _ in range(2))
    assert (first, again) == ((BESIDE | {words[0]}, True), (BESIDE | {words[0]}, False))


def told(course: Path, *words: str) -> str:
    """Return what a command prints."""
    return run(*words, "--course", course, "--path", course / "assignments").stdout


def test_a_change_is_seen_though_size_and_time_are_the_same(course: Path) -> None:
    """What was kept counts for nothing after a file of the student's or of the course has been written."""
    path = course / "assignments" / "01_tiny" / "scale.py"
    before = path.stat().st_mtime_ns
    assert "Which term" in told(course, "hint", "scale") and "scale_backward" in told(course, "list")
    path.write_text(WRONG.replace("mean(0)", "sum(0) "), encoding="utf-8")
    os.utime(path, ns=(before, before))
    assert told(course, "hint", "scale") == "scale passes: there is nothing to hint at.\n"
    spec = course / "solutions" / "01_tiny" / "scale" / "spec.py"
    spec.write_text(spec.read_text(encoding="utf-8") + "\nEXERCISE = 1\n", encoding="utf-8")
    assert told(course, "hint", "scale") == told(course, "list") == ""


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
