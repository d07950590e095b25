"""Preview which functions a submission defines, where, and which definition counts, without running it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from autograder.submission.definitions import Binding, CellMap, read
from autograder.submission.modules import AVAILABLE, kind_of
from autograder.submission.source import Source, Submission, is_notebook


@dataclass(frozen=True)
class FoundFunction:
    """Function that an exercise asks for."""

    function: str
    """Name of the function."""
    counts: Binding | None = None
    """Definition that is graded, None if there is none."""
    others: tuple[Binding, ...] = ()
    """Other definitions, which are not graded."""

    @property
    def ready(self) -> bool:
        """Return whether there is something to grade."""
        return self.counts is not None and self.counts.kind == "written"


@dataclass(frozen=True)
class FoundExercise:
    """Functions of one exercise that a submission holds."""

    exercise: str
    """Name of the exercise."""
    origin: str
    """File that counts for it, "" if there is none."""
    functions: tuple[FoundFunction, ...]
    """Functions that the exercise asks for."""
    refused: str = ""
    """Why the file is refused, "" if it is not."""

    @property
    def begun(self) -> bool:
        """Return whether a function of the exercise, or a refused file for it, was found."""
        return bool(self.refused) or any(found.counts for found in self.functions)

    @property
    def ready(self) -> bool:
        """Return whether every function is written."""
        return not self.refused and all(found.ready for found in self.functions)


@dataclass(frozen=True)
class Remark:
    """Top-level line that behaves differently when it is graded than in the student's notebook."""

    origin: str
    """Path inside the submission."""
    cell: int | None
    """Cell of a notebook, else None."""
    line: int
    """Line in the cell or file."""
    what: str
    """Difference: "asks" for a call of `input()`, "module" for an import that the sandbox lacks."""
    name: str = ""
    """Function that is called, or module that is imported."""


def preview(submission: Submission, functions: Mapping[str, Iterable[str]]) -> tuple[list[FoundExercise], list[Remark]]:
    """Return the exercises in the order of `functions` (exercise → its functions), and remarks in the text's order."""
    remarks: dict[Remark, None] = {}
    previews = []
    for exercise, names in functions.items():
        refused = submission.refused.get(exercise)
        source = None if refused else submission.sources.get(exercise) or submission.module
        found = tuple(_find(source, name) if source else FoundFunction(name) for name in names)
        remarks |= dict.fromkeys(_remarks(source) if source else ())
        place = refused.origin if refused else source.origin if source else ""
        previews.append(FoundExercise(exercise, place, found, refused.reason if refused else ""))
    return previews, list(remarks)


def _find(source: Source, name: str) -> FoundFunction:
    """Find the definition of `name` that counts, and the others."""
    content, cells = read(source.text), CellMap(source.text, is_notebook(source.origin))
    placed = {each: replace(each, cell=cell, line=line, end=each.end - each.line + line)
              for each in content.all(name) for cell, line in [cells.place(each.line)]}  # fmt: skip
    last, kind = content.last(name), kind_of(content, name, source.modules)
    others = tuple(found for each, found in placed.items() if each != last)
    if kind is None:
        return FoundFunction(name, None, others)
    counts = placed[last] if last else Binding(name, kind, 1, 1)
    return FoundFunction(name, replace(counts, kind=kind), others)


def _remarks(source: Source) -> list[Remark]:
    """Return the calls of `input()` that run when the text is loaded, and imports of modules that are not there."""
    content, cells = read(source.text), CellMap(source.text, is_notebook(source.origin))
    there = {"", *AVAILABLE, *source.modules} - {"autograder"}
    found = [(line, "asks", "input()") for line in content.asks]
    tops = ((each, each.module.lstrip(".").partition(".")[0]) for each in content.imports if each.at_once)
    found += [(each.line, "module", top) for each, top in tops if top not in there]
    return [Remark(source.origin, *cells.place(line), what, name) for line, what, name in sorted(found)]
