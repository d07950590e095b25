"""Check on every save: the current exercise, what is wrong with it, a hint when you want one, and what comes next.

What is done is remembered beside your files, so that tomorrow begins where today ended.
"""

from __future__ import annotations

import argparse

from autograder.cli import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [NAMES] [--path DIR] to the parser."""
    arguments.add_names(parser, "go through")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Check on every save until q is pressed; return 0 when everything is done, else 1."""
    from rich.console import Console

    from autograder.frontends.watch.inputs import Files, keys
    from autograder.frontends.watch.progress import load, outlines
    from autograder.frontends.watch.session import WatchSession, loop
    from autograder.sandbox.sandbox import Sandbox

    course, folder = arguments.open_files(args)
    wanted, home = arguments.named(args, course), folder if folder.is_dir() else folder.parent
    exercises = {each.name: each for each in outlines(home, course) if each.name in wanted}
    with Sandbox("local") as sandbox, keys() as pressed:
        files = Files(folder)
        session = WatchSession(
            folder=folder, exercises=exercises, course=course, sandbox=sandbox, progress=load(folder), keys=pressed
        )
        session.start()
        loop(session, files, Console())
    return 0 if exercises.keys() <= session.progress.done.keys() else 1
