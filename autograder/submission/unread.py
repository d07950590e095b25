"""Find what is not read of notebooks: outputs, and lines that only a notebook understands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autograder.submission.choice import origin
from autograder.submission.entry import entry_of, is_notebook
from autograder.submission.file import Unreadable
from autograder.submission.gather import gather
from autograder.submission.limits import NOTEBOOK
from autograder.submission.notebook import read_cells
from autograder.submission.outputs import without_outputs

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
            cells = read_cells(lean, names)
        except Unreadable:
            continue
        lines = tuple((cell.number, line) for cell in cells for line in cell.changed)
        outputs = len(data) - len(lean)
        found.append(Unread(origin(parts), outputs if outputs >= _LEAST_REPORTED else 0, lines))
    return [each for each in found if each.outputs or each.lines]
