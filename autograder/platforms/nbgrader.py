"""nbgrader: the export of scores into its gradebook, which `nbgrader export` and formgrader read."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autograder.errors import UsageError
from autograder.platforms.graded import add_results, read_results

HELP = "write scores into an nbgrader gradebook"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS --db FILE [--course-id ID]."""
    add_results(parser)
    parser.add_argument("--db", metavar="FILE", required=True, help="gradebook.db, or a database's URL")
    parser.add_argument(
        "--course-id", metavar="ID", default="",
        help="nbgrader's name of the course, where the assignment is new (default: default_course)",
    )  # fmt: skip


def export(args: argparse.Namespace) -> int:
    """Write the scores; return 0 if all are in the gradebook, 1 if some are left out."""
    import importlib.util

    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError("nbgrader is not installed; run: pip install 'nbgrader>=0.9.3,<0.10'")
    from autograder.platforms.nbgrader_book import write

    url = args.db if "://" in args.db else f"sqlite:///{Path(args.db).absolute()}"
    written = write(url, args.course_id or "default_course", read_results(args))
    for sentence in written.left:
        print(f"handgrad: not in the gradebook: {sentence}", file=sys.stderr)
    print(f"{args.db}: {written.scores} scores of {len(written.students)} students.")
    return 1 if written.left else 0
