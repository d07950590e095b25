"""List the exercises in teaching order: what is done, half done, failing, untouched or locked, and the points."""

from __future__ import annotations

import argparse

from autograder.cli import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [NAMES] [--path DIR] [--json] to the parser."""
    arguments.add_names(parser, "list")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Print the exercises with their states and points; return 0."""
    from autograder.frontends.watch.progress import following, load, look, outlines, states
    from autograder.frontends.watch.screen import list_lines, rows, summary
    from autograder.render.page import Line, Page, Segment
    from autograder.render.terminal import print_lines

    course, folder = arguments.open_files(args)
    home = folder if folder.is_dir() else folder.parent
    progress, exercises = load(home), outlines(home, course)
    progress.compare(look(folder, course))
    found, wanted = states(exercises, progress), set(arguments.named(args, course))
    if args.json:
        arguments.print_json([{
            "name": each.name, "unit": each.unit, "functions": [function.name for function in each.functions],
            "points": each.max_score, "cases": sum(len(function.cases) for function in each.functions),
            "mistakes": [mistake.name for mistake in each.mistakes], "requires": list(each.requires),
            "state": found[each.name],
        } for each in course.exercises() if each.name in wanted])  # fmt: skip
        return 0
    shown = [row for row in rows(exercises, progress) if row.name in wanted]
    current = progress.current if found.get(progress.current or "") not in ("done", None) else following(found, None)

    def lines(page: Page) -> list[Line]:
        last: list[Line] = [(Segment(summary(shown), "strong"),)]
        if current:
            last += page.paragraph((Segment("Next: ", "dim"),), f"handgrad check {current}", "hint")
        return [*list_lines(shown, page, current), (), *last]

    print_lines(lines)
    return 0
