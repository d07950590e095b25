"""Begin a new exercise: its folder with five files, a TODO wherever something is to be written (docs/authors.md)."""

from __future__ import annotations

import argparse

from autograder.cli import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    """Add UNIT/NAME [--kind KIND] [--planted] to the parser."""
    parser.add_argument("exercise", metavar="UNIT/NAME", help="where, such as 02_layers/maxout")
    kinds = ("layer", "loss", "optimizer", "plain")
    parser.add_argument("--kind", choices=kinds, default="layer", help="what it is (default: layer)")
    parser.add_argument("--planted", action="store_true", help="students repair code with two bugs in it")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Write the exercise's folder and print the next steps; return 0."""
    from autograder.authoring.scaffold import function_names, write_scaffold
    from autograder.course.catalog import Course
    from autograder.errors import CourseError

    try:
        course = arguments.open_course(args)
    except CourseError as error:
        raise CourseError(f"{error} A course begins with an empty folder: mkdir solutions") from error
    written = write_scaffold(Course(course.root), args.exercise, args.kind, args.planted)
    name = args.exercise.strip("/").rpartition("/")[2]
    print("\n".join(f"wrote {path.as_posix()}" for path in written))
    print(f"The oracle goes into reference/{name}.py: {', '.join(function_names(name, args.kind))}, vectorized.\n")
    print(f"  handgrad audit {name}  what is still to write, in order")
    print(f"  handgrad {'build':{len(name) + 6}}  what students receive")
    return 0
