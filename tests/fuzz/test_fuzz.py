"""No bytes of a student stop the intake: a fast slice in every run, a million cases with `python -m tests.fuzz`."""

from __future__ import annotations

import pytest

from tests.fuzz.submissions import READERS, submissions

CASES, NIGHTLY = 6_000, 50_000


def test_bytes_are_taken_or_refused_with_a_reason() -> None:
    """Every reader takes some and refuses some, and raises nothing."""
    ended = submissions(CASES)
    assert all(ended[f"{name} taken"] and ended[f"{name} refused"] for name, _ in READERS)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(10))
def test_bytes_are_taken_or_refused_every_night(part: int) -> None:
    """Half a million cases that no other run has seen."""
    assert submissions(NIGHTLY, seed=1_000_000 + part * NIGHTLY)
