"""Gradescope: the zip from which it builds an image, with the course and the engine.

Other packages are installed when the image is built; grading needs no network.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from autograder.course.policy.course import course_rules
from autograder.course.policy.policy import Policy
from autograder.errors import UsageError
from autograder.platforms.gradescope.results import FILE, VISIBILITIES, Settings
from autograder.report.engine import HOME

HELP = "the autograder zip for a Gradescope assignment"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add OUT.zip [--course DIR] [--only EXERCISE] [--visibility WHEN] [--leaderboard] [--allow-local]."""
    parser.add_argument("output", type=Path, metavar="OUT.zip", help="where to write the zip")
    parser.add_argument("--course", type=Path, default=Path(), metavar="DIR", help="the course (default: this folder)")
    parser.add_argument("--only", default="", metavar="NAMES", help="exercises or units, divided by commas")
    parser.add_argument(
        "--visibility", choices=VISIBILITIES, default="visible",
        help="when students see points and advice; until then they see no total (default: visible)",
    )  # fmt: skip
    parser.add_argument("--leaderboard", action="store_true", help="rank by exercises solved and by speed")
    parser.add_argument(
        "--allow-local", action="store_true", help="for practice only: run even where the machine has no sandbox"
    )


def export(args: argparse.Namespace) -> int:
    """Write the zip, which contains the course's key."""
    if not (args.course / "solutions").is_dir():
        raise UsageError(f"{args.course} is no course: it has no solutions/. Name the course's folder with --course.")
    only = tuple(name.strip() for name in args.only.split(",") if name.strip())
    policy = course_rules(args.course) or Policy()
    key = policy.key(os.environ)
    settings = Settings(only, args.visibility, args.leaderboard, args.allow_local, key)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    build(args.output, args.course.resolve(), settings)
    content = "the solutions and the key" if key else "the solutions"
    size = args.output.stat().st_size / 1e6
    print(f"{args.output}: {size:.1f} MB with {content} in it: for Gradescope and nobody else.")
    if not key:
        print(f"handgrad: {policy.keyless}", file=sys.stderr)
    return 0


_HERE = Path(__file__).parent
_SCRIPTS = ("setup.sh", "run_autograder")
_NAME = re.compile(r"[\w.-]+")
_SKIPPED = {"__pycache__", ".git", ".venv", ".mypy_cache", ".ruff_cache"}
_WHEN = (2026, 1, 1, 0, 0, 0)


def build(path: Path, course: Path, settings: Settings) -> None:
    """Write the zip. Equal course, engine and settings give equal bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _SCRIPTS:
            _add(archive, name, (_HERE / name).read_bytes(), 0o755)
        _add(archive, FILE, settings.text().encode(), 0o600)
        _add(archive, "requirements.txt", requirements().encode())
        for name, file in sorted([*_engine(), *_course(course)]):
            _add(archive, name, file.read_bytes())


def _engine() -> Iterator[tuple[str, Path]]:
    home = HOME
    yield from ((f"engine/autograder/{path.relative_to(home).as_posix()}", path) for path in _files(home))


def _course(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a course that grading needs: solutions, reference, modules beside them and course.toml."""
    beside = [path for path in (*root.glob("*.py"), root / "course.toml") if path.is_file()]
    inner = [path for name in ("solutions", "reference") if (root / name).is_dir() for path in _files(root / name)]
    yield from ((f"course/{path.relative_to(root).as_posix()}", path) for path in (*beside, *inner))


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".png", ".svg"))
    return [path for path in found if not _SKIPPED & set(path.relative_to(folder).parts)]


def requirements() -> str:
    """Return the engine's direct and indirect requirements, in the installed versions."""
    versions: dict[str, str] = {}
    waiting = ["numpy", "rich", "jinja2"]
    while waiting:
        name = waiting.pop()
        if name not in versions:
            try:
                versions[name] = version(name)
            except PackageNotFoundError:
                continue  # for another system or Python
            needed = [line for line in requires(name) or () if "extra ==" not in line]
            waiting += [found[0].lower() for line in needed if (found := _NAME.match(line))]
    return "".join(f"{name}=={number}\n" for name, number in sorted(versions.items()))


def _add(archive: zipfile.ZipFile, name: str, data: bytes, mode: int = 0o644) -> None:
    info = zipfile.ZipInfo(name, _WHEN)
    info.external_attr = (0o100000 | mode) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
