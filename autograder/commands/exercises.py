"""List the course's exercises in teaching order, with their functions and points."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from autograder.commands import place

if TYPE_CHECKING:
    from autograder.exercise import Exercise

HELP = "list all exercises"


def configure(parser: argparse.ArgumentParser) -> None:
    """[NAMES] [--json]."""
    place.add_names(parser, "list")
    parser.add_argument("--json", action="store_true", help="for machines")
    place.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Print them; exit 0."""
    course = place.open_course(args)
    exercises = course.exercises(course.pick(args.names) or course.names)
    if args.json:
        place.print_json([_record(exercise) for exercise in exercises])
    else:
        _print(exercises)
    return 0


def _record(exercise: Exercise) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "unit": exercise.unit,
        "functions": [function.name for function in exercise.functions],
        "points": exercise.max_score,
        "cases": sum(len(function.cases) for function in exercise.functions),
        "mistakes": [mistake.name for mistake in exercise.mistakes],
        "requires": list(exercise.requires),
    }


def _print(exercises: list[Exercise]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("unit", "exercise"):
        table.add_column(title, no_wrap=True)
    table.add_column("functions", overflow="fold")
    for title in ("points", "mistakes"):
        table.add_column(title, justify="right", no_wrap=True)
    unit = ""
    for exercise in exercises:
        functions = "\n".join(function.name for function in exercise.functions)
        shown = exercise.unit if exercise.unit != unit else ""
        unit = exercise.unit
        table.add_row(shown, exercise.name, functions, f"{exercise.max_score:g}", str(len(exercise.mistakes)))
    Console().print(table)
