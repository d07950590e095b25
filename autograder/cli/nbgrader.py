"""Make a course for nbgrader: its own commands then run unchanged, and checks are graded in the sandbox.

An assignment is a unit. Run it again after the course has changed; what nbgrader made stays.
"""

from __future__ import annotations

import argparse

from autograder.cli import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    """Add init DIR [UNITS] [--assignment NAME] [--kernel] to the parser."""
    parser.add_argument("action", choices=["init"], metavar="init", help="write DIR/source and DIR/nbgrader_config.py")
    parser.add_argument("folder", type=arguments.path, metavar="DIR", help="nbgrader's course folder")
    parser.add_argument("names", nargs="*", metavar="UNIT", help="units to make assignments of (default: all)")
    arguments.add_assignment(parser)
    words = "run the notebooks as nbgrader does; students' cells then have your rights on this machine"
    parser.add_argument("--kernel", action="store_true", help=words)
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Write the nbgrader course and print the next commands; return 0."""
    from autograder.frontends.nbgrader.course import init

    course = arguments.open_course(args)
    units = {course.folders[name].parent.name for name in arguments.picked(args, course)}
    written = init(course, args.folder, units, kernel=args.kernel)
    print("\n".join(f"wrote {(args.folder / path).as_posix()}" for path in written) or "all was in step already.")
    assignment = next((path.parent.name for path in written if path.suffix == ".ipynb"), "UNIT")
    print(f"\nNext, in {args.folder.as_posix()}:")
    for command, words in (
        (f"generate_assignment {assignment}", "makes release/, what students receive"),
        (f"autograde {assignment}", f"grades submitted/STUDENT/{assignment}"),
        (f"generate_feedback {assignment}", "makes feedback/"),
        ("export", "writes grades.csv"),
    ):
        print(f"  nbgrader {command:{len(assignment) + 21}}  {words}")
    return 0
