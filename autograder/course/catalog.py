"""Finding and loading the exercises of a course, a folder with solutions/<unit>/<exercise>/spec.py.

People name an exercise by its name, a function, a unit, or a path to a file, a folder or a notebook.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.errors import CourseError, nearest
from autograder.report.engine import home

if TYPE_CHECKING:
    from autograder.spec.exercise import Alternative, Exercise, Mistake

_FUNCTION = re.compile(r"^def ([A-Za-z]\w*)", re.MULTILINE)

Marked = TypeVar("Marked", "Mistake", "Alternative")


@dataclass(frozen=True)
class Outline:
    """The facts about an exercise that a list of exercises shows."""

    name: str
    """Name of the exercise."""
    unit: str
    """Unit of the exercise."""
    functions: tuple[str, ...]
    """The functions that the exercise asks for."""
    max_score: float
    """Points that can be earned."""
    requires: tuple[str, ...]
    """Exercises that come before it."""


def outline(exercise: Exercise) -> Outline:
    """Return the name, unit, functions, points and required exercises of an exercise as an Outline."""
    functions = tuple(function.name for function in exercise.functions)
    return Outline(exercise.name, exercise.unit, functions, exercise.max_score, exercise.requires)


@dataclass(frozen=True)
class Course:
    """A course on disk. Listing names loads no exercise."""

    root: Path

    @cached_property
    def folders(self) -> dict[str, Path]:
        """Return exercise name → the exercise's folder, sorted by unit and then by name."""
        folders: dict[str, Path] = {}
        for folder in sorted(path.parent for path in self.root.glob("solutions/*/*/spec.py")):
            if folder.name in folders:
                raise CourseError(f"two exercises are named {folder.name}: {folders[folder.name]} and {folder}")
            folders[folder.name] = folder
        return folders

    @property
    def has_rules(self) -> bool:
        """Return whether there is a course.toml."""
        return (self.root / "course.toml").exists()

    @property
    def names(self) -> list[str]:
        """Return the names of all exercises."""
        return list(self.folders)

    @cached_property
    def functions(self) -> dict[str, tuple[str, ...]]:
        """Return exercise name → the functions that its solution defines, without loading an exercise."""
        texts = {name: text_of(folder / "solution.py") for name, folder in self.folders.items()}
        return {name: tuple(_FUNCTION.findall(text)) for name, text in texts.items()}

    @cached_property
    def _loaded(self) -> dict[str, Exercise]:
        """Return the exercises that were loaded, by name."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        return {"root": self.root}

    def exercise(self, name: str) -> Exercise:
        """Return an exercise, loaded when it is first asked for; CourseError if one of its files is invalid."""
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Exercise:
        """Load an exercise with its mistakes and alternatives."""
        from autograder.checks import CHECKS
        from autograder.spec.exercise import Alternative, Exercise, Mistake
        from autograder.spec.formulas import Formulas
        from autograder.spec.lint import check_exercise
        from autograder.spec.small import by_function

        folder = self._folder(name)
        spec = _load(self.root, folder / "spec.py")
        if not isinstance(getattr(spec, "EXERCISE", None), Exercise):
            raise CourseError(f"{folder / 'spec.py'} defines no EXERCISE; assign layer(...), loss(...) or plain(...)")
        exercise = replace(
            spec.EXERCISE, name=name, unit=folder.parent.name,
            mistakes=load_marked(self.root, folder / "mistakes.py", Mistake),
            alternatives=load_marked(self.root, folder / "alternatives.py", Alternative),
            small=by_function(getattr(spec, "SMALL", None), spec.EXERCISE.functions),
            formulas=Formulas(folder / "hints.toml", spec.EXERCISE.functions),
            planted=bool(self.planted(name)),
        )  # fmt: skip
        points = [name for name, check in CHECKS.items() if check.earns == "points"]
        check_exercise(exercise, folder, self.names, points)
        return exercise

    def exercises(self, names: Iterable[str] | None = None) -> list[Exercise]:
        """Load exercises in teaching order: by unit, then by the README's links, the others by what they require."""
        loaded = [self.exercise(name) for name in names or self.names]
        depth, places = _depths(loaded), self._places
        return sorted(loaded, key=lambda e: (e.unit, places.get(e.name, sys.maxsize), depth[e.name], e.name))

    def outlines(self) -> list[Outline]:
        """Return the outlines of all exercises, in teaching order."""
        return list(map(outline, self.exercises()))

    @cached_property
    def signature(self) -> str:
        """Return a hash that changes when a file of the course or the engine does; students' files do not affect it."""
        return signature([*(self.root / name for name in ("solutions", "reference", "record")), home()])

    @cached_property
    def _places(self) -> dict[str, int]:
        """Return exercise name → the position of the first link to it in its unit's README."""
        pages = {folder.parent: text_of(folder.parent / "README.md") for folder in self.folders.values()}
        found = {name: pages[folder.parent].find(f"]({name}/)") for name, folder in self.folders.items()}
        return {name: place for name, place in found.items() if place >= 0}

    def solution(self, name: str) -> str:
        """Return the text of the exercise's solution.py."""
        return (self._folder(name) / "solution.py").read_text(encoding="utf-8")

    def planted(self, name: str) -> str:
        """Return the text of planted.py, the code with bugs that students start from; "" if there is none."""
        return text_of(self._folder(name) / "planted.py")

    def pick(self, wanted: Iterable[str]) -> list[str]:
        """Return the exercises that the words name, see `find_exercises`; CourseError for a word that names none."""
        return list(dict.fromkeys(name for word in wanted for name in self._match(word)))

    def _match(self, word: str) -> list[str]:
        return find_exercises(word, {name: path.parent.name for name, path in self.folders.items()}, self.functions)

    def _folder(self, name: str) -> Path:
        if name not in self.folders:
            self._match(name)
            raise CourseError(f"{name} is a unit, not an exercise")
        return self.folders[name]


def signature(folders: Iterable[Path], more: str = "") -> str:
    """Return a hash of the paths, sizes and times of all files below the folders, and of `more`. The files are not
    read; the times include the change time, which no program can set, so that every change of a file is seen."""
    digest = hashlib.sha256(more.encode())
    for top in folders:
        for folder, inner, names in os.walk(top):
            inner[:] = sorted(name for name in inner if name[0] != "." and name != "__pycache__")
            for path in sorted(os.path.join(folder, name) for name in names):
                facts = os.lstat(path)
                digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns}\n".encode())
    return digest.hexdigest()


def find_course(start: Path) -> Course:
    """Return the course that `start` lies in; CourseError if there is none."""
    for folder in (start, *start.resolve().parents):
        if (folder / "solutions").is_dir():
            return Course(folder.resolve())
    words = "Go into the folder that holds your assignments, or name it with --course"
    raise CourseError(f"{start.absolute()} lies in no course. {words}.")


def text_of(path: Path) -> str:
    """Return a file's text, "" where there is no file."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


class _Loader(SourceFileLoader):
    """Loader of source files whose cached bytecode is matched by the text's checksum instead of its time.

    A time is not enough: a file can be written twice within a second, or get an old time from an archive.
    """

    def path_stats(self, path: str) -> dict[str, int]:
        """Return the checksum of the source in place of its time, so that Python matches cached bytecode by it."""
        text = self.get_data(path)
        return {"mtime": zlib.crc32(text), "size": len(text)}


def _load(root: Path, path: Path) -> ModuleType:
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    name = ".".join(("course", *path.relative_to(root).with_suffix("").parts))
    spec = importlib.util.spec_from_file_location(name, path, loader=_Loader(name, str(path)))
    if spec is None or spec.loader is None:
        raise CourseError(f"{path} cannot be loaded")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError:
        raise CourseError(f"{path} is missing") from None
    except Exception as error:
        raise CourseError(f"{path} does not load: {type(error).__name__}: {error}") from error
    return module


def load_marked(root: Path, path: Path, kind: type[Marked]) -> tuple[Marked, ...]:
    """Return what a file of the course marks as mistakes or alternatives, in the file's order; () without the file."""
    content = vars(_load(root, path)) if path.exists() else {}
    return tuple(item for item in content.values() if isinstance(item, kind))


def _depths(exercises: list[Exercise]) -> dict[str, int]:
    """Return exercise → the length of the longest chain of exercises that it requires, counting itself."""
    requires = {exercise.name: exercise.requires for exercise in exercises}
    depths: dict[str, int] = {}
    try:
        for name in TopologicalSorter(requires).static_order():
            depths[name] = 1 + max((depths[need] for need in requires.get(name, ())), default=0)
    except CycleError as error:
        raise CourseError(f"exercises require each other in a circle: {' → '.join(error.args[1][::-1])}") from None
    return depths


_ROOT = "assignments"
_FILE = re.compile(r"\.(py|ipynb)$")


def find_exercises(word: str, units: Mapping[str, str], functions: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the exercises that a word names; CourseError with the nearest names if it names none.

    units: exercise → its unit's folder, such as 02_layers. functions: exercise → the functions that it asks for.
    `layers`, `02_layers` and `2` name a unit. Where an exercise has the unit's title, the title alone is the exercise.
    Capitals do not matter, and of a path only the last folder and the file.
    """
    plain = word.strip().casefold().replace("\\", "/").replace("-", "_").replace(" ", "_")
    parts = [_FILE.sub("", part) for part in plain.split("/") if part not in ("", ".", "..")]
    *above, last = parts or ["", _ROOT * bool(plain)]
    above = [folder for folder in above[-1:] if folder not in ("", _ROOT)]
    if last == _ROOT:
        return list(units)
    inside = {name: unit for name, unit in units.items() if all(_is_unit(unit, folder) for folder in above)}
    named = [name for name in inside if name.casefold() == last]
    unit = [name for name, unit in inside.items() if _is_unit(unit, last)]
    by_function = [] if above else [n for n, defined in functions.items() if last in map(str.casefold, defined)]
    found = (unit or named) if word.rstrip().endswith(("/", "\\")) else (named or unit)
    if not found and not by_function:
        owners = {function.casefold(): name for name, defined in functions.items() for function in defined}
        known = owners | {name.casefold(): name for name in (*units.values(), *units)}
        near = list(dict.fromkeys(known[close] for close in nearest(last, known, cutoff=0.75)))
        guess = f" Did you mean {' or '.join(filter(None, (', '.join(near[:-1]), near[-1])))}?" if near else ""
        place = " Files that lie elsewhere are named with --path." if _FILE.search(word) or "/" in word else ""
        raise CourseError(f"there is no exercise or unit named {word}.{guess}{place} `handgrad list` shows all.")
    return found or by_function


def _is_unit(unit: str, word: str) -> bool:
    unit = unit.casefold()
    number, _, title = unit.partition("_")
    return bool(word) and word in (unit, title, number, number.lstrip("0"))
