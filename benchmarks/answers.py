"""Submissions for the benchmarks: right answers from the course's solutions, and copies of the sample class."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from autograder.course.catalog import Course
from autograder.submission.source import Entry, entry_of
from benchmarks.usage import ROOT

COURSE = Course(ROOT)
TEN = ("relu", "dense", "conv2d", "max_pool2d", "softmax_cross_entropy")
"""Five exercises of a forward and a backward: ten functions, ten checks."""


def right_answers(folder: Path, students: int, names: Sequence[str] = TEN) -> list[Path]:
    """Write one folder per student with a right file per exercise; all programs differ, so no verdict is reused."""
    return [_right_answer(folder / f"s{number:03}", names) for number in range(students)]


def sample_class(folder: Path, copies: int) -> list[Entry]:
    """Write every submission of examples/class `copies` times, each copy with different programs."""
    sample = sorted((ROOT / "examples" / "class").iterdir())
    targets = [(path, folder / f"{path.stem}_{n:03}{path.suffix}") for n in range(copies) for path in sample]
    return [entry_of(_copy(path, target)) for path, target in targets]


def _right_answer(folder: Path, names: Sequence[str]) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / f"{name}.py").write_text(f"{COURSE.solution(name)}\n{folder.name} = True\n", encoding="utf-8")
    return folder


def _copy(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    copied = Path(shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target))
    for path in copied.rglob("*.py") if copied.is_dir() else [copied]:
        with path.open("ab") as file:
            file.write(f"\n{target.stem} = True\n".encode())
    return copied
