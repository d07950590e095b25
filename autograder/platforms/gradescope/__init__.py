"""Gradescope: the zip from which it builds an image, with the course and the engine, and the results of a submission.

Other packages are installed when the image is built; grading needs no network. In results.json is a test for each
exercise, visible as the settings in the zip say. A first test without points says which files were read. It is always
visible, also if all other tests are hidden.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.course.catalog import find_course
from autograder.course.policy.course import assignment, course_rules
from autograder.errors import UsageError
from autograder.render.view import brief, text, tier_words
from autograder.report.engine import home
from autograder.report.escape import show
from autograder.report.files import packed, write_whole
from autograder.report.json import written
from autograder.report.report import Report, counted
from autograder.submission.listing import instant

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
FILE = "handgrad.json"


@dataclass(frozen=True)
class Settings:
    """The settings of a Gradescope assignment, which are a file in its zip."""

    only: tuple[str, ...] = ()
    """Exercises or units to grade; empty for all."""
    visibility: str = "visible"
    """When students see points."""
    allow_local: bool = False
    """Whether to grade without a sandbox where the machine has none."""
    key: str = ""
    """The course's key."""


def read_settings(folder: Path) -> Settings:
    """Read the settings in a folder."""
    record: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Settings(**{**record, "only": tuple(record["only"])})


def read_metadata(path: Path) -> tuple[str, datetime | None]:
    """Return the name of a submission and when it was handed in, in UTC, from Gradescope's submission_metadata.json.

    The name holds the e-mail addresses of the student or the group, else it is the submission's number. Missing and
    invalid entries count as unknown; no grade depends on them.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        record = None
    record = record if isinstance(record, Mapping) else {}
    users, number = record.get("users"), record.get("id")
    people = [user for user in users if isinstance(user, Mapping)] if isinstance(users, list) else []
    emails = sorted(user["email"] for user in people if isinstance(user.get("email"), str) and user["email"])
    name = show("+".join(emails)) or (f"submission {number}" if type(number) is int else "submission")
    return name, instant(str(record.get("created_at")))


def to_results(report: Report, settings: Settings, seconds: float) -> str:
    """Return the content of results.json for a report, which must not be broken."""
    assert report.status != "broken", "what the grader broke has no results"
    report = counted(report)
    why = f"{text(report.why)}\n" if report.why and settings.visibility == "visible" else ""
    result = {
        "execution_time": math.ceil(seconds),
        "output": f"{why}{text(tier_words(report.tier))}",
        "output_format": "text", "test_output_format": "text", "test_name_format": "text", "visibility": "visible",
        "stdout_visibility": "hidden",  # what the grader prints is for instructors only
        "extra_data": {"tier": report.tier, "engine": report.engine, "created_at": report.submitted_at,
                       "mac": report.mac},
        "tests": [_read(report), *_tests(report, settings.visibility)],
    }  # fmt: skip
    return written(result, 1)


def _read(report: Report) -> dict[str, Any]:
    """Return the test in results.json that says which files were read, without points."""
    found = [exercise for exercise in report.exercises if exercise.source]
    refused = [exercise for exercise in report.exercises if not exercise.source and exercise.status == "error"]
    lines = [f"read: {text(exercise.name)} from {text(exercise.path or '')}" for exercise in found]
    lines += [f"not read: {text(exercise.name)}: {brief(exercise)[-1].strip()}" for exercise in refused]
    lines += [f"not handed in: {text(e.name)}" for e in report.exercises if e not in found and e not in refused]
    lines += [text(note) for note in report.notes]
    status = "failed" if refused or not found else "passed"
    return {"name": "What was read", "status": status, "output": "\n".join(lines), "visibility": "visible"}


def _tests(report: Report, visibility: str) -> list[dict[str, Any]]:
    units = list(dict.fromkeys(exercise.unit for exercise in report.exercises))
    counts = dict.fromkeys(units, 0)
    tests = []
    for exercise in report.exercises:
        counts[exercise.unit] += 1
        tests.append({
            "name": text(exercise.name), "number": f"{units.index(exercise.unit) + 1}.{counts[exercise.unit]}",
            "status": "passed" if exercise.status == "passed" else "failed", "output": "\n".join(brief(exercise)),
            "tags": [text(exercise.unit)] if exercise.unit else [],
            "score": exercise.score, "max_score": exercise.max_score, "visibility": visibility,
        })  # fmt: skip
    return tests


HELP = "the autograder zip for a Gradescope assignment"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add OUT.zip [--course DIR] [--only NAMES] [--assignment NAME] [--visibility WHEN] [--allow-local]."""
    parser.add_argument("output", type=Path, metavar="OUT.zip", help="where to write the zip")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the course (default: this folder)")
    parser.add_argument("--only", default="", metavar="NAMES", help="exercises or units, divided by commas")
    parser.add_argument("--assignment", default="", metavar="NAME", help="the exercises of this assignment")
    parser.add_argument("--visibility", choices=VISIBILITIES, default="visible",
                        help="when students see points and advice; until then they see no total (default: visible)")
    parser.add_argument("--allow-local", action="store_true",
                        help="for practice only: run even where the machine has no sandbox")  # fmt: skip


def export(args: argparse.Namespace) -> int:
    """Write the zip, which contains the course's key."""
    if not (args.course / "solutions").is_dir():
        raise UsageError(f"{args.course} is no course: it has no solutions/. Name the course's folder with --course.")
    only = tuple(name.strip() for name in args.only.split(",") if name.strip())
    only += assignment(find_course(args.course), args.assignment).exercises if args.assignment else ()
    policy = course_rules(args.course)
    key = policy.key()
    settings = Settings(only, args.visibility, args.allow_local, key)
    made = build(args.course.resolve(), settings)
    write_whole(args.output, made)
    content = "the solutions and the key" if key else "the solutions"
    print(f"{args.output}: {len(made) / 1e6:.1f} MB with {content} in it: for Gradescope and nobody else.")
    if not key:
        print(f"handgrad: {policy.keyless}", file=sys.stderr)
    return 0


_HERE = Path(__file__).parent
_SCRIPTS = ("setup.sh", "run_autograder")
_SKIPPED = {"__pycache__", ".git", ".venv", ".mypy_cache", ".ruff_cache"}


def build(course: Path, settings: Settings) -> bytes:
    """Return the zip. Equal course, engine and settings give equal bytes."""
    needed = [path for path in (*course.glob("*.py"), course / "course.toml") if path.is_file()]
    needed += [path for name in ("solutions", "reference") for path in _files(course / name)]
    files = {name: (_HERE / name).read_bytes() for name in _SCRIPTS}
    files |= {FILE: json.dumps(asdict(settings), indent=2).encode(), "requirements.txt": requirements().encode()}
    files |= {f"engine/autograder/{path.relative_to(home()).as_posix()}": path.read_bytes() for path in _files(home())}
    files |= {f"course/{path.relative_to(course).as_posix()}": path.read_bytes() for path in needed}
    return packed(sorted(files.items()), {**dict.fromkeys(_SCRIPTS, 0o755), FILE: 0o600})


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".png", ".svg"))
    return [path for path in found if not _SKIPPED & set(path.relative_to(folder).parts)]


def requirements() -> str:
    """Return the engine's requirements, in the versions that are installed here."""
    return "".join(f"{name}=={version(name)}\n" for name in ("jinja2", "numpy", "rich"))
