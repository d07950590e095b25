"""GitHub Actions: annotations on the student's own lines, outputs, the summary; student text never gives commands."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.render.problem import Problem, ranked
from autograder.report.report import Report, Status

Kind = Literal["error", "warning", "notice"]
MOST = 10
"""GitHub shows ten annotations of a kind for a step; further ones vanish without a word."""

_KINDS: dict[Status, Kind] = {"failed": "error", "error": "error", "slow": "warning", "broken": "warning"}


@dataclass(frozen=True)
class Place:
    """Where an annotation stands: a file of the repository, and a line in it where one is known."""

    file: str
    line: int | None = None


def is_there() -> bool:
    """Whether this process runs in a workflow."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def annotate(report: Report, where: Callable[[Problem], Place | None]) -> list[str]:
    """Workflow commands, at most ten of a kind: the costliest problems, and the last says how many more there are."""
    found: dict[Kind, list[Problem]] = {"error": [], "warning": []}
    for problem in ranked(report.exercises):
        found[_KINDS[problem.first.status]].append(problem)
    return [line for kind, problems in found.items() for line in _ten(kind, problems, where)]


def _ten(kind: Kind, problems: Sequence[Problem], where: Callable[[Problem], Place | None]) -> list[str]:
    shown = problems if len(problems) <= MOST else problems[: MOST - 1]
    lines = [command(kind, "\n".join(problem.advice), problem.title, where(problem)) for problem in shown]
    if len(shown) < len(problems):
        lines.append(command(kind, f"and {len(problems) - len(shown)} more: see the summary", "handgrad"))
    return lines


def command(kind: Kind, message: str, title: str, place: Place | None = None) -> str:
    """One workflow command. Whatever the texts hold, it stays one line, and says nothing but this."""
    properties = {"file": place.file, "line": place.line} if place else {}
    given = {**properties, "title": title}
    words = ",".join(f"{name}={_property(str(value))}" for name, value in given.items() if value is not None)
    return f"::{kind} {words}::{_data(message or title)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def mute(text: str) -> str:
    """The text between commands that stop all others; the word that starts them again is random."""
    word = secrets.token_hex(16)
    return f"::stop-commands::{word}\n{text}\n::{word}::"


def append(variable: str, text: str) -> None:
    """Add to the file that a variable of the workflow names; nothing where it names none."""
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def outputs(values: Mapping[str, object]) -> None:
    """Set the step's outputs, each on one line."""
    append("GITHUB_OUTPUT", "".join(f"{name}={' '.join(str(value).split())}\n" for name, value in values.items()))


def line_of(function: str, text: str) -> int | None:
    """The line of the last definition of a function. By its looks, for a stranger's text is not given to a parser."""
    found = list(re.finditer(rf"^[ \t]*(?:async[ \t]+)?def[ \t]+{re.escape(function)}\b", text, re.MULTILINE))
    return text.count("\n", 0, found[-1].start()) + 1 if function and found else None
