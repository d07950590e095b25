"""Exercises as people type them: a name, a function, a unit, or a path to a file, a folder or a notebook."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from autograder.errors import CourseError

_ROOT = "assignments"
_FILE = re.compile(r"\.(py|ipynb)$")


def find_exercises(word: str, units: Mapping[str, str], functions: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the exercises that a word names; CourseError with the nearest names if it names none.

    units: exercise → its unit's folder, such as 02_layers. functions: exercise → the functions that it asks for.
    `layers`, `02_layers` and `2` name a unit. Where an exercise has the unit's title, the title alone is the exercise.
    Capitals do not matter, and of a path only the last folder and the file.
    """
    *above, last = _parts(word) or ["", _ROOT * bool(word.strip())]
    above = [folder for folder in above[-1:] if folder not in ("", _ROOT)]
    if last == _ROOT:
        return list(units)
    inside = {name: unit for name, unit in units.items() if all(_is_unit(unit, folder) for folder in above)}
    named = [name for name in inside if name.casefold() == last]
    unit = [name for name, unit in inside.items() if _is_unit(unit, last)]
    by_function = [] if above else [n for n, defined in functions.items() if last in map(str.casefold, defined)]
    found = (unit or named) if word.rstrip().endswith(("/", "\\")) else (named or unit)
    if not found and not by_function:
        raise CourseError(_unknown(word, last, units, functions))
    return found or by_function


def _parts(word: str) -> list[str]:
    """Return the folders and the name of a path without its ending, in small letters."""
    plain = word.strip().casefold().replace("\\", "/").replace("-", "_").replace(" ", "_")
    return [_FILE.sub("", part) for part in plain.split("/") if part not in ("", ".", "..")]


def _is_unit(unit: str, word: str) -> bool:
    unit = unit.casefold()
    number, _, title = unit.partition("_")
    return bool(word) and word in (unit, title, number, number.lstrip("0"))


def _unknown(word: str, last: str, units: Mapping[str, str], functions: Mapping[str, Sequence[str]]) -> str:
    owners = {function.casefold(): name for name, defined in functions.items() for function in defined}
    known = owners | {name.casefold(): name for name in (*units.values(), *units)}
    near = list(dict.fromkeys(known[close] for close in difflib.get_close_matches(last, known, n=3, cutoff=0.75)))
    guess = f" Did you mean {_either(near)}?" if near else ""
    place = " Files that lie elsewhere are named with --path." if _FILE.search(word) or "/" in word else ""
    return f"there is no exercise or unit named {word}.{guess}{place} `handgrad list` shows all."


def _either(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
