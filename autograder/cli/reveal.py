"""Show the keys of exercises that are graded, so that anybody can verify which hidden inputs were drawn.

In the course, with its key: prints them as JSON, to be published. In a student's release: `--verify FILE` compares them
with the hashes that the release was published with, and `--report` the codes of a graded report's hidden inputs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from autograder.cli import arguments
from autograder.errors import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [NAMES] [--verify FILE [--report REPORT --submission PATH]] to the parser."""
    arguments.add_names(parser, "reveal")
    for option, metavar, words in (
        ("--verify", "FILE", "keys that were published, to be verified"),
        ("--report", "REPORT", "also verify this report's hidden inputs"),
        ("--submission", "PATH", "what was graded (default: your files)"),
    ):
        parser.add_argument(option, type=arguments.path, metavar=metavar, help=words)
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Print the keys of exercises, or with --verify compare keys with their hashes; return 1 if one differs, else 0."""
    from autograder.course.policy.course import rules
    from autograder.grading.pipeline import exercise_key
    from autograder.release.commitment import SCHEMA

    if args.verify:
        return _verify(args)
    course = arguments.open_course(args)
    key = rules(course).key()
    if not key:
        raise UsageError("there is no key to reveal anything of. Set HANDGRAD_KEY to the one that was graded with.")
    keys = {name: exercise_key(key, name) for name in arguments.named(args, course)}
    arguments.print_json({"schema": SCHEMA, "keys": keys})
    return 0


def _verify(args: argparse.Namespace) -> int:
    from autograder.course.release_folder import find_release
    from autograder.release.commitment import SCHEMA, commitment

    release = find_release(args.course or arguments.path("."))
    if release is None:
        raise UsageError("this is no student's release, so nothing is committed to here. Name one with --course.")
    content = _json(args.verify)
    keys = content.get("keys")
    if content.get("schema") != SCHEMA or not isinstance(keys, dict):
        raise UsageError(f"{args.verify} holds no keys: expected what `handgrad reveal` prints.")
    keys = {str(name): str(key) for name, key in keys.items() if not args.names or name in args.names}
    published, right = release.index.get("commitments", {}), True
    for name, key in keys.items():
        holds = published.get(name) == commitment(name, key)
        is_not = "is NOT the key that was committed to" if name in published else "was not committed to"
        print(f"{'✔' if holds else '✘'} {name}: {'is the key that was committed to' if holds else is_not}")
        right &= holds
    variants_right = _verify_variants(args, keys) if args.report else True
    return 0 if right and variants_right else 1


def _verify_variants(args: argparse.Namespace, keys: Mapping[str, str]) -> bool:
    """Return whether the code of hidden inputs of each exercise in the report follows from its text and its key."""
    from autograder.grading.identity import identity
    from autograder.grading.pipeline import variant_code
    from autograder.report.json import from_dict
    from autograder.submission.folder import read_submission

    try:
        report = from_dict(_json(args.report))
    except ValueError as error:
        raise UsageError(f"{args.report} is no report: {error}.") from error
    course, path = arguments.open_files(argparse.Namespace(course=args.course, path=args.submission))
    submission = read_submission(path, course.functions)
    right = True
    for graded in report.exercises:
        source = submission.sources.get(graded.name) or submission.module
        if graded.name not in keys or graded.variant is None or source is None:
            continue
        if source.sha256 != graded.source:
            print(f"– {graded.name}: your file is not the one that was graded, so its inputs cannot be verified")
            continue
        holds = variant_code(keys[graded.name], identity(source.text)) == graded.variant
        right &= holds
        print(f"{'✔' if holds else '✘'} {graded.name}: the inputs are {'' if holds else 'NOT '}those of the key")
    return right


def _json(path: Any) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from error
    if not isinstance(content, dict):
        raise UsageError(f"{path} holds no JSON object.")
    return content
