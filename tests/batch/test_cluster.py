"""A real Dask cluster on this machine: a scheduler and two workers, one of which is killed in the middle."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.batch.conftest import RIGHT, WRONG, Room
from tests.house.sources import ROOT

KEY = {**os.environ, "HANDGRAD_KEY": "k"}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def dask() -> None:
    """The extra `cluster`."""
    if not os.environ.get("CI"):
        pytest.importorskip("distributed")


class Cluster:
    """A scheduler and its workers, processes of this machine."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.file, self._stack = folder / "scheduler.json", stack
        self._start("scheduler", "--port", "0", "--host", "127.0.0.1")
        self.workers = [self._start("worker", "--nthreads", "1", "--no-nanny") for _ in range(2)]

    def _start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self.file)]
        process = subprocess.Popen([*command, "--no-dashboard", *words], stdout=-3, stderr=-3)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Ended after the test, however it ends."""
    with ExitStack() as stack:
        yield Cluster(tmp_path, stack)


def standing(results: Path) -> list[tuple[str, str, float]]:
    """Student, status and points of every grade."""
    with suppress(sqlite3.Error):
        sql = sqlite3.connect(f"file:{results / 'journal.sqlite'}?mode=ro", uri=True)
        try:
            return sql.execute("SELECT student, status, score FROM standing ORDER BY student").fetchall()
        finally:
            sql.close()
    return []


def graded(results: Path) -> int:
    """How many verdicts are in the journal."""
    with suppress(sqlite3.Error):
        sql = sqlite3.connect(f"file:{results / 'journal.sqlite'}?mode=ro", uri=True)
        try:
            return int(sql.execute("SELECT COUNT(*) FROM record WHERE status <> 'broken'").fetchone()[0])
        finally:
            sql.close()
    return 0


def test_a_worker_killed_in_the_middle_changes_nothing(room: Room, cluster: Cluster) -> None:
    """The grades are those of this machine alone, and every program was graded once."""
    for number in range(30):
        room.hand_in(f"s{number:02}", scale=f"{RIGHT if number % 3 else WRONG}n = {number}\n")
    replace(room, names=("scale",)).grade()
    there = room.folder / "there"
    command = [sys.executable, "-m", "autograder.cli", "grade", room.folder / "class", "-o", there, "--scheduler",
               cluster.file, "--course", room.course.root, "--only", "scale", "--skip", "speed"]  # fmt: skip
    with subprocess.Popen(list(map(str, command)), stdout=-1, stderr=-1, text=True, env=KEY) as client:
        while graded(there) < 3:
            assert client.poll() is None, client.communicate()
        cluster.workers[0].kill()
        out, err = client.communicate(timeout=120)
    assert 1 == client.returncode, err
    assert "30 answers, 30 programs; 30 graded now, 0 not." in out
    assert 30 == graded(there) == len(standing(there))
    assert standing(room.results) == standing(there)


def test_a_scheduler_that_is_not_there() -> None:
    """Wrong usage, and how one is started."""
    command = [sys.executable, "-c", "from autograder.batch import cluster\ncluster.Cluster('no address://')"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert "UsageError: no scheduler answers at no address://: unknown address scheme" in done.stderr
    assert "Start one with: dask scheduler" in done.stderr
