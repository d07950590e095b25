"""How many processes work at once, where nobody says."""

from __future__ import annotations

import concurrent.futures
import os
from argparse import Namespace
from contextlib import nullcontext
from typing import Any

import pytest

from autograder.batch import pool
from autograder.cli import audit, batch_run
from autograder.numeric.runtime import cores
from autograder.sandbox import doctor
from tests.house.sources import ROOT


def started(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Who takes how many processes, or says how many cores there are."""
    seen: dict[str, int] = {}

    def take(who: str) -> Any:
        return lambda count, **facts: seen.update({who: count}) or nullcontext()

    monkeypatch.setattr(pool, "WorkerPool", take("grade"))
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", take("audit"))
    monkeypatch.setattr("autograder.sandbox.doctor.probe_results", lambda: {"landlock": 0, "libseccomp": ""})
    with batch_run.executors(Namespace(jobs=None, scheduler=None), most=64):
        pass
    audit.in_processes(None, "nothing", print, [])
    return seen | {"doctor": doctor.inspect_machine().cores}


@pytest.mark.parametrize("allowed", [{0}, {3, 5}])
def test_one_for_each_core_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch, allowed: set[int]) -> None:
    """Under a scheduler's or a container's mask `grade`, `audit` and `doctor` count the same cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: allowed, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert dict.fromkeys(("grade", "audit", "doctor"), len(allowed)) == started(monkeypatch)


@pytest.mark.parametrize(("count", "expected"), [(8, 8), (None, 1)])
def test_where_the_system_knows_no_mask_all_cores_count(
    monkeypatch: pytest.MonkeyPatch, count: int | None, expected: int
) -> None:
    """On macOS and Windows the number of cores, and one where nobody knows it."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert dict.fromkeys(("grade", "audit", "doctor"), expected) == started(monkeypatch)
    assert expected == cores()


def test_cores_are_counted_in_one_place() -> None:
    """No other file asks the system for all cores of the machine."""
    asking = [path for part in ("autograder", "benchmarks") for path in (ROOT / part).rglob("*.py")
              if "cpu_count" in path.read_text(encoding="utf-8")]  # fmt: skip
    assert [ROOT / "autograder" / "numeric" / "runtime.py"] == asking
