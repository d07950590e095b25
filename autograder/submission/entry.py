"""Where one student's submission lies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from autograder.report.escape import show


@dataclass(frozen=True)
class Entry:
    """One submission on disk, before it is read: small, hashable and picklable, so that any process can read it.

    student: escaped, one of its kind in a batch. path: the folder or file. files: of a download with many students in
    it, those that are this one's, as (name there, name as handed in); all of `path` where there are none. late: by the
    word of the platform that it was downloaded from. dated: whether the times of its files can say when it was handed
    in; a download's only say when it was downloaded. notes: what else a reader should know.
    """

    student: str
    path: Path
    files: tuple[tuple[str, str], ...] = ()
    late: bool = False
    dated: bool = True
    notes: tuple[str, ...] = ()


def entry_of(path: Path) -> Entry:
    """A folder or file that is one whole submission. A folder keeps its whole name, a file goes without its ending."""
    path = Path(os.path.abspath(path))
    return Entry(show(path.stem if is_submission(path.name) and not os.path.isdir(path) else path.name), path)


def is_python(name: str) -> bool:
    """Whether a file of this name is Python."""
    return name.casefold().endswith(".py")


def is_notebook(name: str) -> bool:
    """Whether a file of this name is a notebook."""
    return name.casefold().endswith(".ipynb")


def is_source(name: str) -> bool:
    """Whether a file of this name holds code that can be graded."""
    return is_python(name) or is_notebook(name)


def is_archive(name: str) -> bool:
    """Whether a file of this name is an archive that is opened."""
    return name.casefold().endswith(".zip")


def is_submission(name: str) -> bool:
    """Whether a file of this name can be all that a student hands in."""
    return is_source(name) or is_archive(name)
