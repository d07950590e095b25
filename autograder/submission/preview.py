"""Preview which functions a submission defines, where, and which definition counts, without running it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.submission.archive import gather
from autograder.submission.choice import origin
from autograder.submission.definitions import CellMap, Kind, read
from autograder.submission.file import NOTEBOOK, Unreadable
from autograder.submission.modules import AVAILABLE, kind_of
from autograder.submission.notebook import read_cells, without_outputs
from autograder.submission.source import Source, Submission, entry_of, is_notebook


@dataclass(frozen=True)
class Definition:
    """Name that is defined at the top level of a text."""

    name: str
    """Name of the function, class or variable."""
    kind: Kind
    """How it is defined."""
    cell: int | None
    """Cell of a notebook, else None."""
    line: int
    """Line in the cell or file."""
    detail: str = ""
    """Why it does not parse, or the module it is imported from."""


@dataclass(frozen=True)
class FoundFunction:
    """Function that an exercise asks for."""

    function: str
    """Name of the function."""
    counts: Definition | None = None
    """Definition that is graded, None if there is none."""
    others: tuple[Definition, ...] = ()
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
    what: Literal["asks", "module"]
    """Difference: "asks" for a call of `input()`, "module" for an import that the sandbox lacks."""
    name: str = ""
    """Function that is called, or module that is imported."""


def preview(submission: Submission, functions: Mapping[str, Iterable[str]]) -> tuple[list[FoundExercise], list[Remark]]:
    """Return the exercises in the order of `functions` (exercise → its functions), and remarks in the text's order."""
    read_already: dict[str, _Text] = {}
    remarks: dict[Remark, None] = {}
    previews = []
    for exercise, names in functions.items():
        refused = submission.refused.get(exercise)
        source = None if refused else submission.sources.get(exercise) or submission.module
        text = read_already.setdefault(source.sha256, _Text(source)) if source else None
        remarks |= dict.fromkeys(text.remarks()) if text else {}
        found = tuple(text.find(name) if text else FoundFunction(name) for name in names)
        place = refused.origin if refused else source.origin if source else ""
        previews.append(FoundExercise(exercise, place, found, refused.reason if refused else ""))
    return previews, list(remarks)


class _Text:
    """Text of a source, what it defines, and its cells."""

    def __init__(self, source: Source) -> None:
        self.source, self.content = source, read(source.text)
        self.places = CellMap(source.text, is_notebook(source.origin))

    def find(self, name: str) -> FoundFunction:
        """Find the definition of `name` that counts, and the others."""
        last, kind = self.content.last(name), kind_of(self.content, name, self.source.modules)
        mine = (each for each in self.content.all(name) if each != last)
        others = tuple(Definition(name, each.kind, *self._place(each.line), each.detail) for each in mine)
        if kind is None:
            return FoundFunction(name, None, others)
        place, detail = (self._place(last.line), last.detail) if last else ((None, 1), "")
        return FoundFunction(name, Definition(name, kind, *place, detail), others)

    def remarks(self) -> list[Remark]:
        """Return the calls of `input()` that run when the text is loaded, and imports of modules that are not there."""
        origin, there = self.source.origin, {"", *AVAILABLE, *self.source.modules} - {"autograder"}
        found = [(line, Remark(origin, *self._place(line), "asks", "input()")) for line in self.content.asks]
        for each in self.content.imports:
            top = each.module.lstrip(".").partition(".")[0]
            if each.at_once and top not in there:
                found.append((each.line, Remark(origin, *self._place(each.line), "module", top)))
        return [remark for _, remark in sorted(found, key=lambda pair: (pair[0], pair[1].what, pair[1].name))]

    def _place(self, line: int) -> tuple[int | None, int]:
        return self.places.find(line) or (None, line)


_LEAST_REPORTED = 1_000


@dataclass(frozen=True)
class Unread:
    """Unread content of one notebook."""

    origin: str
    """Path inside the submission, escaped."""
    outputs: int
    """Bytes of outputs, 0 if there are few."""
    lines: tuple[tuple[int, int], ...]
    """(cell, line) of each magic, shell line and question."""


def find_unread(path: Path, names: Collection[str] = ()) -> list[Unread]:
    """Return one record for each notebook with unread content; notebooks that cannot be read are skipped."""
    try:
        files = gather(entry_of(path)).files
    except (Unreadable, OSError):
        return []
    found = []
    for parts in filter(lambda parts: is_notebook(parts[-1]), files):
        try:
            data = files[parts].read(NOTEBOOK)
            lean = without_outputs(data)
            cells, _ = read_cells(lean, names)
        except Unreadable:
            continue
        lines = tuple((cell.number, line) for cell in cells for line in cell.changed)
        outputs = len(data) - len(lean)
        found.append(Unread(origin(parts), outputs if outputs >= _LEAST_REPORTED else 0, lines))
    return [each for each in found if each.outputs or each.lines]
