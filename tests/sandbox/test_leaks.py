"""Hostile code uses up no resources of a grader."""

from __future__ import annotations

import pytest

from autograder.sandbox import Sandbox
from benchmarks.leaks import watch


@pytest.mark.nightly
def test_a_grader_is_as_it_was_after_a_thousand_submissions(sandbox: Sandbox) -> None:
    """After a thousand submissions open files, threads and processes are unchanged, and every score is as listed."""
    found = watch(sandbox.tier, 1_000)
    first, last = found.seen[100], found.seen[1_000]
    assert (last.files, last.threads, last.children) == (first.files, first.threads, first.children)
    assert last.memory < first.memory + 10
    assert (found.undeserved, found.lost, found.statuses["broken"]) == (0, 0, 0)
