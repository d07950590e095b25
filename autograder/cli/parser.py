"""The parser of every command: for a word that is none of an argument's choices it names the nearest one, and all."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """A parser whose errors name the nearest right word."""

    def error(self, message: str) -> NoReturn:
        """Print the message and how to get help; exit 2."""
        self.exit(2, f"handgrad: {message}\n`{self.prog} --help` shows how it is used.\n")

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        try:
            return super()._get_value(action, arg_string)
        except argparse.ArgumentError:
            self._check_value(action, arg_string)
            raise

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            self._refuse(action, str(value), list(map(str, action.choices)))

    def _refuse(self, action: argparse.Action, word: str, choices: list[str]) -> NoReturn:
        import difflib

        (near,) = difflib.get_close_matches(word.casefold(), choices, n=1) or [""]
        shown = f"`{self.prog} {near}`" if isinstance(action, argparse._SubParsersAction) else near
        guess, known = f" Did you mean {shown}?" if near else "", ", ".join(choices)
        if action.option_strings:
            self.error(f"{'/'.join(action.option_strings)} cannot be {word}.{guess} Choices: {known}.")
        self.error(f"there is no {action.dest} {word}.{guess} {action.dest.capitalize()}s: {known}.")
