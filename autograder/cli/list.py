"""List the course's exercises in teaching order, with their functions and points, and what you have done of them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from autograder.cli import arguments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from autograder.course.catalog import Course
    from autograder.frontends.watch.progress import State
    from autograder.spec.exercise import Exercise

_COLOURS = {"done": "green", "open": "", "locked": "dim"}


def configure(parser: argparse.ArgumentParser) -> None:
    """[NAMES] [--path DIR] [--json]."""
    arguments.add_names(parser, "list")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Print the exercises; exit 0."""
    course, folder = arguments.open_files(args)
    exercises = course.exercises(arguments.named(args, course))
    found, points = _states(course, folder)
    if args.json:
        arguments.print_json([_record(exercise, found[exercise.name]) for exercise in exercises])
    else:
        _print(exercises, found, points)
    return 0


def _states(course: Course, folder: Path) -> tuple[dict[str, State], Mapping[str, float]]:
    """Return every exercise's state, and the points of those that were checked."""
    from autograder.frontends.watch.progress import load, states
    from autograder.submission.folder import read_submission

    progress = load(folder if folder.is_dir() else folder.parent)
    if progress.done:
        progress.forget_changed(read_submission(folder, course.functions).hashes(course.names))
    return states(course.exercises(), progress.done), progress.points


def _record(exercise: Exercise, state: State) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "unit": exercise.unit,
        "functions": [function.name for function in exercise.functions],
        "points": exercise.max_score,
        "cases": sum(len(function.cases) for function in exercise.functions),
        "mistakes": [mistake.name for mistake in exercise.mistakes],
        "requires": list(exercise.requires),
        "state": state,
    }


def _print(exercises: list[Exercise], found: Mapping[str, State], points: Mapping[str, float]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("unit", "exercise"):
        table.add_column(title, no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("functions", overflow="fold")
    for title in ("points", "mistakes"):
        table.add_column(title, justify="right", no_wrap=True)
    unit = ""
    for exercise in exercises:
        functions = "\n".join(function.name for function in exercise.functions)
        shown = exercise.unit if exercise.unit != unit else ""
        unit = exercise.unit
        state, score, count = found[exercise.name], points.get(exercise.name, 0.0), str(len(exercise.mistakes))
        words = Text("half done" if state == "open" and score else state, _COLOURS[state])
        worth = f"{score:g}/{exercise.max_score:g}" if exercise.name in points else f"{exercise.max_score:g}"
        table.add_row(shown, exercise.name, words, functions, worth, count)
    Console().print(table)
