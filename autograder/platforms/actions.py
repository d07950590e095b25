"""GitHub Actions: annotations on the student's lines, outputs and summary, from escaped text."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from autograder.render.view import Problem, ranked
from autograder.report.report import Report, Status
from autograder.submission.definitions import read

Kind = Literal["error", "warning", "notice"]
MOST = 10
"""Most annotations of a kind: GitHub shows ten for a step, and drops further ones silently."""

Place = tuple[str, int | None]
"""Place of an annotation: a file of the repository, and its line if known."""
_KINDS: dict[Status, Kind] = {"failed": "error", "error": "error", "slow": "warning", "broken": "warning"}


def annotate(report: Report, where: Callable[[Problem], Place | None]) -> list[str]:
    """Return at most ten workflow commands of a kind: the costliest problems, and the number of further ones."""
    found: dict[Kind, list[Problem]] = {"error": [], "warning": []}
    for problem in ranked(report.exercises):
        found[_KINDS[problem.first.status]].append(problem)
    lines = []
    for kind, problems in found.items():
        shown = problems if len(problems) <= MOST else problems[: MOST - 1]
        lines += [command(kind, "\n".join(problem.advice), problem.title, where(problem)) for problem in shown]
        if len(shown) < len(problems):
            lines.append(command(kind, f"and {len(problems) - len(shown)} more: see the summary", "handgrad"))
    return lines


def command(kind: Kind, message: str, title: str, place: Place | None = None) -> str:
    """Return a workflow command; the texts are escaped, so that it is one line and one command."""
    file, line = place or (None, None)
    given = {"file": file, "line": line, "title": title}
    properties = {name: _data(str(value)) for name, value in given.items() if value is not None}
    words = ",".join(f"{name}={value.replace(':', '%3A').replace(',', '%2C')}" for name, value in properties.items())
    return f"::{kind} {words}::{_data(message or title)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def mute(text: str) -> str:
    """Return a text between commands that disable and re-enable workflow commands, with a random token."""
    word = secrets.token_hex(16)
    return f"::stop-commands::{word}\n{text}\n::{word}::"


def append(variable: str, text: str) -> None:
    """Append a text to the file that an environment variable of the workflow names, if the variable is set."""
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def outputs(values: Mapping[str, object]) -> None:
    """Set the outputs of the workflow's step: name → value, a text of one line."""
    append("GITHUB_OUTPUT", "".join(f"{name}={' '.join(str(value).split())}\n" for name, value in values.items()))


def line_of(function: str, text: str) -> int | None:
    """Return the line of the definition of a function that counts; None if there is none."""
    found = read(text).last(function)
    return found.line if found else None
