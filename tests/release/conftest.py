"""A release of the tiny course, made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course.catalog import Course
from autograder.release.making import Files, make, write

TINY = Path(__file__).parents[1] / "tiny"
KEY = "a key of twenty letters"


@pytest.fixture(scope="session")
def tiny_files(tiny: Course) -> Files:
    """Return path → content of the release."""
    return make(tiny, tiny.exercises(), "A tiny course", seed=5, key=KEY)


@pytest.fixture
def release(tiny_files: Files, tmp_path: Path) -> Path:
    """Write the release into a new folder."""
    write(tmp_path / "mine", tiny_files)
    return tmp_path / "mine"


@pytest.fixture
def answer(tiny: Course, release: Path) -> Callable[..., Path]:
    """Write the solution of an exercise into the release, with one part replaced."""

    def write_answer(name: str, old: str = "", new: str = "") -> Path:
        path = next(release.glob(f"assignments/*/{name}.py"))
        text = tiny.solution(name)
        assert old in text
        path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
        return path

    return write_answer


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Copy the tiny course, so that a test can change it."""
    shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "course"
