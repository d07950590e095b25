"""The figures that the benchmark of whole classes reads from the command's words."""

from __future__ import annotations

import pytest

from autograder.batch.plan import BatchTally
from autograder.cli.batch_run import account
from benchmarks.scale import PROGRAMS


@pytest.mark.parametrize(("programs", "read"), [(1, "1"), (2, "2"), (16_800, "16,800")])
def test_the_number_of_programs_is_read(programs: int, read: str) -> None:
    """The benchmark finds the number of programs in the sentence that `handgrad grade` prints."""
    tally = BatchTally(answers=20_000, programs=programs, missing=0)
    assert PROGRAMS.findall(account(tally, tally, 7)) == [read]
