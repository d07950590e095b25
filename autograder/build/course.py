"""assignments/ is generated from solutions/: what it should hold, writing it, and what has drifted.

Paths are relative to the course's root, such as assignments/02_layers/conv2d.py.
"""

from __future__ import annotations

from pathlib import Path

from autograder.build.stub import CHECK, add_check, make_stub

_REPAIR = "run: autograder build"


def plan(course_root: Path) -> dict[Path, str]:
    """Path → text of every generated file, sorted; ValueError names the solution and the line that does not fit."""
    solutions = sorted(course_root.glob("solutions/*/*/solution.py"))
    return {_assignment(path): _text(course_root, path) for path in solutions}


def write(course_root: Path) -> list[Path]:
    """Bring assignments/ in line with solutions/; the files that were written or removed, nothing when all was well."""
    wanted = plan(course_root)
    changed = [path for path, text in wanted.items() if _read(course_root / path) != text]
    for path in changed:
        (course_root / path).parent.mkdir(parents=True, exist_ok=True)
        (course_root / path).write_text(wanted[path], encoding="utf-8", newline="\n")
    strays = _strays(course_root, wanted)
    for path in strays:
        (course_root / path).unlink()
    return changed + strays


def compare(course_root: Path) -> list[str]:
    """One sentence with its repair for each file of assignments/ that is missing, different or without a solution."""
    wanted = plan(course_root)
    drift = [_drift(path, _read(course_root / path), text) for path, text in wanted.items()]
    strays = [f"{path.as_posix()} has no solution any more; {_REPAIR}" for path in _strays(course_root, wanted)]
    return [message for message in drift if message] + strays


def _assignment(solution: Path) -> Path:
    exercise = solution.parent
    return Path("assignments", exercise.parent.name, f"{exercise.name}.py")


def _text(course_root: Path, solution: Path) -> str:
    try:
        return add_check(make_stub(solution.read_text(encoding="utf-8")), solution.parent.name)
    except ValueError as error:
        raise ValueError(f"{solution.relative_to(course_root).as_posix()}: {error}") from error


def _drift(path: Path, found: str | None, text: str) -> str:
    if found is None:
        return f"{path.as_posix()} is missing; {_REPAIR}"
    return "" if found == text else f"{path.as_posix()} differs from its solution; {_REPAIR}"


def _strays(course_root: Path, wanted: dict[Path, str]) -> list[Path]:
    """Generated files without a solution. A file that lacks the check line was written by hand and is left alone."""
    found = sorted(path.relative_to(course_root) for path in course_root.glob("assignments/*/*.py"))
    return [path for path in found if path not in wanted and _is_generated(course_root / path)]


def _is_generated(path: Path) -> bool:
    return f"{CHECK}{path.stem}" in (_read(path) or "").split("\n")


def _read(path: Path) -> str | None:
    """The file's text with its own line ends; None where there is no such file."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
