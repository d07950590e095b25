"""Hostile code wears no grader out."""

from __future__ import annotations

import pytest

from autograder.sandbox import Sandbox
from benchmarks.leaks import watch


@pytest.mark.nightly
def test_a_grader_is_as_it_was_after_a_thousand_submissions(sandbox: Sandbox) -> None:
    """Open files, threads and processes are the same, memory nearly; every score is the table's."""
    found = watch(sandbox.tier, 1_000)
    first, last = found.seen[100], found.seen[1_000]
    assert (last.files, last.threads, last.children) == (first.files, first.threads, first.children)
    assert last.memory < first.memory + 10
    assert (found.undeserved, found.lost, found.statuses["broken"]) == (0, 0, 0)
