"""The suite of an exercise: a hash of all that a verdict depends on besides the text.

Read from files alone; nothing of the course is imported. An exercise's own part is its spec, its known mistakes, its
hints and the modules of the course that these import, directly or not. A change of one of them changes the suites that
use it and no other.
"""

from __future__ import annotations

import ast
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.course.catalog import Course
from autograder.grading.pipeline import Options
from autograder.report.engine import home

# The parts of the engine that a verdict depends on; a test follows the imports of `grading.grader` to prove it.
GRADING = frozenset("errors values implementation numeric report spec sandbox checks diagnosis record grading".split())
_BESIDE_THEM = ("submission/definitions.py", "submission/places.py", "course/catalog.py")


@dataclass(frozen=True)
class Suite:
    """Hash of all that a verdict depends on. parts: name, or path in the course → digest or value of each part."""

    sha256: str
    parts: Mapping[str, str]


def suites(course: Course, names: Iterable[str], options: Options, tier: str) -> dict[str, Suite]:
    """Return exercise → suite. In place of the key a suite holds a code, from which the key cannot be computed."""
    shared = {
        "engine": engine(), "key": hmac.new(options.key.encode(), b"suite", hashlib.sha256).hexdigest(),
        "skip": ",".join(sorted(options.skip)), "reveal": str(options.reveal), "tier": tier,
    }  # fmt: skip
    read: dict[Path, tuple[str, list[Path]]] = {}
    parts = {name: _used_by(course.root, course.folders[name], read) | shared for name in names}
    return {name: Suite(_digest(json.dumps(each, sort_keys=True)), each) for name, each in parts.items()}


@cache
def engine() -> str:
    """Return the SHA-256 of the engine's sources that a verdict can depend on."""
    return _digest("\n".join(f"{path.as_posix()} {_digest((home() / path).read_bytes())}" for path in sources()))


def sources() -> list[Path]:
    """Return the engine's sources that a verdict can depend on, by their paths in the package."""
    paths = sorted(path.relative_to(home()) for path in home().rglob("*.py"))
    return [path for path in paths if path.as_posix() in _BESIDE_THEM or path.with_suffix("").parts[0] in GRADING]


def _used_by(root: Path, folder: Path, read: dict[Path, tuple[str, list[Path]]]) -> dict[str, str]:
    """Return path in the course → SHA-256 of each file that the verdicts of an exercise depend on. folder: the
    exercise's, in a release its record file. read: cache of files that were read, with the files that each uses."""
    own = (folder, folder / "spec.py", folder / "mistakes.py", folder / "hints.toml")
    waiting, found = [path for path in own if path.is_file()], dict[str, str]()
    while waiting:
        path = waiting.pop()
        if path not in read:
            data = path.read_bytes()
            read[path] = _digest(data), list(_uses(root, path, data)) if path.suffix == ".py" else []
        if (place := path.relative_to(root).as_posix()) not in found:
            found[place], used = read[path]
            waiting += used
    return found


def _uses(root: Path, path: Path, data: bytes) -> Iterator[Path]:
    """Yield the course's files that a module uses: modules it imports, and if it holds `__file__` or `importlib`, data
    files beside it and modules beside it that hold `importlib`."""
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.Import):
            yield from (file for alias in node.names for file in _modules(root, alias.name))
        elif isinstance(node, ast.ImportFrom):
            package = path.parents[node.level - 1].relative_to(root).parts if node.level else ()
            begin = [*package, *filter(None, [node.module])]
            yield from (file for alias in node.names for file in _modules(root, ".".join((*begin, alias.name))))
    if b"__file__" in data or b"importlib" in data:
        beside = [other for other in path.parent.iterdir() if other.is_file()]
        yield from (other for other in beside if other.suffix not in (".py", ".pyc", ".md"))
        yield from (other for other in beside if other.suffix == ".py" and b"importlib" in data)


def _modules(root: Path, name: str) -> Iterator[Path]:
    """Yield the files that importing `a.b.c` runs: a, a.b and a.b.c, as far as they are the course's own."""
    here, parts = root, name.split(".")
    for part in parts if parts[0] != "autograder" else ():
        here = here / part
        yield from (path for path in (here.with_name(f"{part}.py"), here / "__init__.py") if path.is_file())


def _digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
