"""Writing of archives with feedback for the bulk uploads of Moodle and Canvas.

Moodle takes `Jane Doe_123_assignfeedback_file_/feedback.html`, with the number of the participant. Canvas takes files
that are named as in its download, `doejane_123_456_feedback.txt`: the upload 456 has to be one of the student 123.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.errors import UsageError
from autograder.report.files import packed, write_whole
from autograder.submission.listing import is_class, list_entries, read_name
from autograder.submission.source import slug


def add_feedback(parser: argparse.ArgumentParser, where: str) -> None:
    """Add --feedback to a parser. where: words for the file that TEMPLATE is with this option."""
    parser.add_argument("--feedback", action="store_true",
                        help=f"write a zip with everybody's feedback instead; TEMPLATE is {where}")  # fmt: skip


def downloaded(path: Path) -> dict[str, list[str]]:
    """Return student → names of the uploads in a platform's download; UsageError for any other file."""
    if not is_class(path):
        raise UsageError(f"{path} is no folder and no zip archive. Name the download of the submissions.")
    try:
        entries = list_entries(path).entries
    except (ValueError, OSError) as error:
        raise UsageError(str(error)) from error
    return {entry.student: [name.rpartition("/")[2] for name, _ in entry.files] for entry in entries}


def canvas_places(names: Iterable[str], download: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return submission → name of its feedback for Canvas, and submission → why it has none."""
    uploads = downloaded(download)
    places, left = dict[str, str](), dict[str, str]()
    for name in names:
        if head := next(filter(None, map(_head, uploads.get(name, ()))), ""):
            places[name] = f"{head}feedback.txt"
        else:
            left[name] = "has no uploaded file in the download, and Canvas takes feedback to an uploaded file only"
    return places, left


def _head(name: str) -> str:
    """Return the beginning of a name in Canvas's download, up to the number of the upload; "" for another name."""
    upload = read_name(name, folder=False)
    plain = unicodedata.normalize("NFC", name)
    head = plain.removesuffix(upload.shown) if upload and upload.numbered else ""
    return head if re.search(r"_\d+_\d+_$", f"_{head}") else ""


def pack(args: argparse.Namespace, places: Mapping[str, str], left: Mapping[str, str]) -> int:
    """Write the archive with each submission's feedback at its place, and print who has none; return 1 if any."""
    if not (args.results / "feedback").is_dir():
        raise UsageError(f"{args.results} holds no feedback/. Name the folder that `handgrad grade` wrote.")
    paths = {name: args.results / "feedback" / f"{slug(name)}{Path(where).suffix}" for name, where in places.items()}
    missing = {name: f"{path} is missing; grade it again" for name, path in paths.items() if not path.is_file()}
    missing |= left
    files = [(places[name], paths[name]) for name in sorted(paths) if name not in missing]
    write_whole(args.output, packed((where, path.read_bytes()) for where, path in files))
    for name, why in missing.items():
        print(f"handgrad: not in the archive: {name}: {why}", file=sys.stderr)
    print(f"{args.output}: the feedback of {len(files)} submission{'' if len(files) == 1 else 's'}.")
    return 1 if missing else 0
