"""Scaffold of a new exercise: its files, with a TODO wherever the author has to write something."""

from __future__ import annotations

import difflib
import keyword
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from autograder.course.catalog import Course
from autograder.errors import CourseError

_UNIT = re.compile(r"\d\d_[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


KINDS: dict[str, dict[str, Any]] = tomllib.loads(
    resources.files("autograder.authoring").joinpath("templates", "kinds.toml").read_text("utf-8")
)
"""Kind of exercise → the values that its templates are filled with."""


def check_place(course: Course, place: str) -> tuple[str, str]:
    """Split UNIT/NAME into both; raise CourseError, with the nearest unit, where one of them is not allowed."""
    unit, slash, name = place.strip("/").partition("/")
    if not slash or "/" in name:
        raise CourseError(f"{place} is no place for an exercise. Give UNIT/NAME, such as 02_layers/maxout.")
    units = sorted(path.name for path in (course.root / "solutions").iterdir() if path.is_dir())
    near = [other for other in units if unit in (other.partition("_")[0], other.partition("_")[2])]
    near += [other for other in units if unit[:3] == other[:3] and unit[:2].isdigit()]
    near += difflib.get_close_matches(unit, units, n=1, cutoff=0.75)
    guess = f" Did you mean {near[0]}?" if near else ""
    if unit not in units and not _UNIT.fullmatch(unit):
        form = "Units are two digits, a line and lower case, such as 02_layers"
        raise CourseError(f"{unit} is no name for a unit. {form}.{guess}")
    if unit not in units and guess:
        make = f"If you mean a new unit, make the folder solutions/{unit} first."
        raise CourseError(f"there is no unit {unit}.{guess} {make}")
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        words = "a Python name in lower case, such as maxout or batchnorm2d"
        raise CourseError(f"{name} is no name for an exercise: its file and functions bear it. Take {words}.")
    taken = course.folders.get(name, course.root / "solutions" / unit / name)
    if taken.exists():
        raise CourseError(f"{taken.relative_to(course.root).as_posix()} exists already. Take another name.")
    return unit, name


def write_scaffold(course: Course, place: str, kind: str, planted: bool = False) -> list[Path]:
    """Write the folder and return the written files, relative to the course. planted: with code to repair."""
    unit, name = check_place(course, place)
    folder = Path("solutions", unit, name)
    texts = {folder / file: text for file, text in files(name, kind, planted).items()}
    if not (course.root / "reference").exists():
        texts[Path("reference", "__init__.py")] = '"""The course\'s oracles: one vectorized answer per function."""\n'
    for path, text in texts.items():
        (course.root / path).parent.mkdir(parents=True, exist_ok=True)
        (course.root / path).write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def function_names(name: str, kind: str) -> list[str]:
    """Return the functions that the reference must define."""
    return [name + function["ending"] for function in KINDS[kind]["functions"]]


def files(name: str, kind: str, planted: bool = False) -> dict[str, str]:
    """Return file name → text of the new exercise's files, made from the templates."""
    import jinja2

    environment = jinja2.Environment(loader=jinja2.PackageLoader("autograder.authoring"), trim_blocks=True,
                                     undefined=jinja2.StrictUndefined, keep_trailing_newline=True)  # fmt: skip
    environment.filters |= {
        "bare": lambda parameters: re.sub(r": [\w.]+", "", parameters),
        "outputs": lambda points: re.findall(r'"(\w+)"', points),
        "scaled": lambda draws, scale: re.sub(r"normal\(([^)]*)\)", rf"normal(\1, scale={scale})", draws),
    }
    title, names = name.replace("_", " ").capitalize(), function_names(name, kind)
    facts = {"name": name, "title": title, "kind": kind, "names": names, **KINDS[kind]}
    made = ["planted.py"] * planted + ["solution.py", "spec.py", "mistakes.py", "hints.toml", "alternatives.py"]
    return {file: environment.get_template(f"{file}.j2").render(facts) for file in made}
