"""What all tests share: repeatable randomness, one BLAS thread, and the tiny course."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from autograder.catalog import Course

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # NumPy reads them when it is first imported


@pytest.fixture(scope="session")
def tiny() -> Course:
    """The engine's own course: six exercises that hold every kind of function, result and mistake."""
    from autograder.catalog import Course

    return Course(Path(__file__).parent / "tiny")
