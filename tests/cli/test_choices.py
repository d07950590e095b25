"""A word that is none of an argument's choices, in every command and every platform of `export`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator

import pytest

from autograder.cli import COMMANDS
from autograder.cli.arguments import Parser
from autograder.cli.main import _overview, main, parser_of
from autograder.platforms import NAMES, load


def parsers() -> Iterator[tuple[list[str], argparse.ArgumentParser]]:
    """The words that lead to each parser, and the parser."""
    yield [], _overview()
    for name in COMMANDS:
        yield [name], parser_of(name)
    for name in NAMES:
        load(name).configure(made := Parser(prog=f"handgrad export {name}"))
        yield ["export", name], made


CASES = [
    pytest.param(words, action, id=" ".join([*words, *(action.option_strings[-1:] or [action.dest])]))
    for words, parser in parsers()
    for action in parser._actions
    if action.choices is not None
]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a wrong usage is answered with."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert 2 == ended.value.code
    return capsys.readouterr().err


def test_there_are_choices_to_test() -> None:
    """The walk finds the arguments that are known to have choices."""
    names = {case.id for case in CASES}
    assert {"command", "grade --skip", "grade --tier", "ci --scale", "export platform", "export canvas --points",
            "nbgrader action", "export gradescope --visibility", "new --kind"} <= names  # fmt: skip


@pytest.mark.parametrize(("words", "action"), CASES)
def test_a_wrong_choice_is_named_with_the_right_ones(
    capsys: pytest.CaptureFixture[str], words: list[str], action: argparse.Action
) -> None:
    """The error names the argument, the wrong word, the nearest right word and all of them; and the right parser."""
    choices = list(map(str, action.choices or ()))
    right = max(choices, key=len)
    for wrong in (f"{right}x", f"{right.upper()}X", "q"):
        said = refused(capsys, *words, *action.option_strings[-1:], wrong)
        what = action.option_strings[-1] if action.option_strings else f"there is no {action.dest}"
        assert said.startswith("handgrad: ") and what in said and wrong in said
        assert all(choice in said for choice in choices)
        assert (f"Did you mean {right}?" in said or f"Did you mean `handgrad {right}`?" in said) == (wrong != "q")
        assert f"`{' '.join(['handgrad', *words])} --help` shows" in said
        assert ("no command" in said) == (not words)


def test_every_parser_says_it_so() -> None:
    """No command makes a parser of another class."""
    assert {Parser} == {type(parser) for _, parser in parsers()}
    (commands,) = (action for action in _overview()._actions if isinstance(action, argparse._SubParsersAction))
    assert {Parser} == {type(parser) for parser in commands.choices.values()}


@pytest.mark.parametrize("module", ["autograder"])
def test_the_package_runs_as_the_command(module: str) -> None:
    """`python -m autograder` prints what `handgrad` prints, and ends with its exit code."""
    for words, code, said in ((["--version"], 0, "handgrad "), (["chek"], 2, "Did you mean `handgrad check`?")):
        done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, timeout=120)
        assert code == done.returncode and said in done.stdout + done.stderr
