"""What all tests share: repeatable randomness, one BLAS thread, and the tiny course."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from autograder.numeric.runtime import fix_runtime

if TYPE_CHECKING:
    from autograder.course.catalog import Course

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

fix_runtime()  # before NumPy is imported


@pytest.fixture(scope="session")
def tiny() -> Course:
    """The engine's own course: six exercises that hold every kind of function, result and mistake."""
    from autograder.course.catalog import Course

    return Course(Path(__file__).parent / "tiny")
