"""Convert a notebook to the text of one exercise.

All code cells count, in order, as if they were run from top to bottom, and the last definition of a name counts. If a
later section of another exercise defines a name of this exercise's section (three exercises of the training unit each
have a `train`), that section is moved before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from autograder.submission import syntax
from autograder.submission.cell_map import joined
from autograder.submission.limits import CODE
from autograder.submission.notebook import NotebookCell, read_cells
from autograder.submission.source import Refused, Source

_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
_STUB = re.compile(r"^[ \t]+raise NotImplementedError", re.MULTILINE)
_LARGE = "has {size:,} bytes of code; at most {most:,} are read. Hand in only the cells that the exercises need."


@dataclass(frozen=True)
class UnitNotebook:
    """Notebook that was read. origin: path inside the submission, escaped."""

    name: str
    origin: str
    cells: tuple[NotebookCell, ...]

    @property
    def notes(self) -> list[str]:
        """Return a sentence for each cell that was left out."""
        left_out = [cell for cell in self.cells if cell.trouble]
        return [f"{self.origin}, cell {cell.number} is left out: {cell.trouble}." for cell in left_out]

    def names(self, cells: Iterable[NotebookCell] | None = None) -> set[str]:
        """Return the names that the cells, by default all, define at the top level."""
        return {name for cell in (self.cells if cells is None else cells) for name in defined(cell.text)}

    def holds(self, exercise: str) -> bool:
        """Return whether a cell belongs to this exercise."""
        return any(cell.exercise == exercise for cell in self.cells)

    def unwritten(self, exercise: str, functions: Collection[str]) -> int:
        """Count the unwritten places in the exercise's cells, or, if no cell names it, in the cells that define its
        functions last."""
        own = [cell for cell in self.cells if cell.exercise == exercise]
        wanted = self.names(own) if own else functions or self.names()
        last = {name: cell.text for cell in own or self.cells for name in defined(cell.text) if name in wanted}
        return sum(map(unwritten, set(last.values())))

    def source(self, exercise: str = "") -> Source | Refused:
        """Return the code in the order for this exercise, by default in the notebook's order."""
        name = exercise or self.name
        text = joined((cell.number, cell.text) for cell in self._order(exercise))
        data = text.encode("utf-8")
        if len(data) > CODE.most:
            return Refused(name, f"{self.origin} {_LARGE.format(size=len(data), most=CODE.most)}", self.origin)
        if flaw := syntax.flaw(text):
            return Refused(name, f"{self.origin} {flaw}", self.origin)
        return Source(name, text, hashlib.sha256(data).hexdigest(), self.origin)

    def reordered(self, exercise: str) -> bool:
        """Return whether the order for this exercise differs from the notebook's."""
        return bool(exercise) and self._order(exercise) != list(self.cells)

    def _order(self, exercise: str) -> list[NotebookCell]:
        own = [cell for cell in self.cells if cell.exercise == exercise]
        if not exercise or not own:
            return list(self.cells)
        begin = self.cells.index(own[0])
        rest = self.cells[begin:]
        others = [cell for cell in rest if cell.exercise not in ("", exercise)]
        if not self.names(own) & self.names(others):
            return list(self.cells)
        return [*self.cells[:begin], *others, *(cell for cell in rest if cell.exercise in ("", exercise))]


def read_unit_notebook(data: bytes, name: str, origin: str, exercises: Collection[str]) -> UnitNotebook:
    """Read the notebook; raise Unreadable if `data` is none."""
    return UnitNotebook(name, origin, tuple(read_cells(data, exercises)))


def unwritten(text: str) -> int:
    """Count `raise NotImplementedError`, as stubs have it."""
    return len(_STUB.findall(text))


def defined(text: str) -> list[str]:
    """Return the names that lines at column 0 define or assign."""
    return [first or second for first, second in _DEFINED.findall(text)]
