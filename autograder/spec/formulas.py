"""The formulas of an exercise, each with a hole: hints.toml in its folder, by function and then by output.

The file is read when the first hint needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from autograder.errors import CourseError
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function

HOLE = "____"


class Formulas(Mapping[str, Mapping[str, str]]):
    """Function → output → formula. CourseError, at the first look, where the file is no TOML or does not fit."""

    def __init__(self, path: Path, functions: Sequence[Function]) -> None:
        self._path, self._outputs = path, {function.name: tuple(function.outputs) for function in functions}

    def __getitem__(self, function: str) -> Mapping[str, str]:
        return self._told[function]

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)

    @cached_property
    def _told(self) -> dict[str, dict[str, str]]:
        told = _read(self._path) if self._path.exists() else {}
        for fault in _faults(told, self._outputs):
            raise CourseError(f"{self._path}: {fault}")
        return told


def formula(exercise: Exercise, function: str, output: str | None) -> str:
    """The formula of an output, of all outputs without one; empty where there is none."""
    told = exercise.formulas.get(function, {})
    return told.get(output, "") if output else "\n".join(told.values())


def _faults(told: Mapping[str, Mapping[str, str]], outputs: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, lines in told.items():
        if name not in outputs:
            yield f"it has formulas of {name}, which is no function of the exercise. Functions: {', '.join(outputs)}."
        for output, text in lines.items():
            if output not in outputs.get(name, (output,)):
                yield f"it has a formula of {name} {output}, which {name} does not return."
            if HOLE not in text:
                yield f"the formula of {name} {output} has no hole. Write {HOLE} where the thinking is."


def _read(path: Path) -> dict[str, dict[str, str]]:
    import tomllib

    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from error
    if not all(isinstance(lines, dict) and all(isinstance(t, str) for t in lines.values()) for lines in told.values()):
        raise CourseError(f"{path}: expected a table for each function, and in it a text for each output")
    return {name: {output: text.strip() for output, text in lines.items()} for name, lines in told.items()}
