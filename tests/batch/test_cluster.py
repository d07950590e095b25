"""Tests on a real Dask cluster on this machine, started as docs/clusters.md says; one of two workers is killed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from time import sleep

import psutil
import pytest

from autograder.grading.pipeline import Options
from tests.batch.conftest import RIGHT, WRONG, TinyClass
from tests.batch.work import fresh_pages
from tests.cli.test_hostile_checkout import hostile
from tests.house.sources import ROOT

HERE = {**os.environ, "PYTHONPATH": str(ROOT)}
KEY = {**os.environ, "HANDGRAD_KEY": "k"}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def dask() -> None:
    """Skip without the extra `cluster`."""
    if not os.environ.get("CI"):
        pytest.importorskip("distributed")


class Cluster:
    """Processes of a scheduler and its workers."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.file, self._stack, self.mark = folder / "scheduler.json", stack, folder / "mark"
        self._here = folder / "checkout"
        self._here.mkdir()
        hostile(self._here, self.mark)  # the workers are started in a student's checkout
        self._start("scheduler", "--port", "0", "--host", "127.0.0.1")
        self.workers = [self._start("worker", "--nthreads", "1") for _ in range(2)]

    def lose(self) -> None:
        """Kill a worker, after the nanny that would restart it."""
        nanny = psutil.Process(self.workers[0].pid)
        for process in (nanny, *nanny.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # a worker whose nanny is gone ends by itself
                process.kill()

    def on_workers(self, question: Callable[[], int]) -> list[int]:
        """Return each worker's answer, from the thread that grades."""
        from distributed import Client

        with Client(scheduler_file=str(self.file)) as client:
            workers = client.nthreads()
            return client.gather([client.submit(question, workers=[each], pure=False) for each in workers])

    def _start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self.file)]
        process = subprocess.Popen([*command, "--no-dashboard", *words], stdout=-3, stderr=-3, cwd=self._here, env=HERE)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Start a cluster, and end it after the test."""
    with ExitStack() as stack:
        yield Cluster(tmp_path, stack)


def standing(results: Path) -> list[tuple[str, str, float]]:
    """Return student, status and points of every grade."""
    with suppress(sqlite3.Error):
        sql = sqlite3.connect(f"file:{results / 'journal.sqlite'}?mode=ro", uri=True)
        try:
            return sql.execute("SELECT student, status, score FROM standing ORDER BY student").fetchall()
        finally:
            sql.close()
    return []


def graded(results: Path) -> int:
    """Return the number of verdicts in the journal."""
    with suppress(sqlite3.Error):
        sql = sqlite3.connect(f"file:{results / 'journal.sqlite'}?mode=ro", uri=True)
        try:
            return int(sql.execute("SELECT COUNT(*) FROM record WHERE status <> 'broken'").fetchone()[0])
        finally:
            sql.close()
    return 0


# Some thousand times the reference's time; the others take once.
SLOW = RIGHT.replace("return x * w", "return np.array([[sum([a] * 300) / 300 * b for a, b in zip(r, w)] for r in x])")
ANSWERS = (RIGHT, WRONG, f"import numpy as np\n{SLOW}")


def test_a_worker_killed_in_the_middle_changes_nothing(tiny_class: TinyClass, cluster: Cluster) -> None:
    """The grades equal those of this machine alone, speed included, and every program is graded once."""
    for number in range(12):
        tiny_class.hand_in(f"s{number:02}", scale=f"{ANSWERS[number % 3]}n = {number}\n")
    replace(tiny_class, names=("scale",), options=Options("k")).grade()
    there = tiny_class.folder / "there"
    command = [sys.executable, "-m", "autograder", "grade", tiny_class.folder / "class", "-o", there, "--scheduler",
               cluster.file, "--course", tiny_class.course.root, "--only", "scale"]  # fmt: skip
    with subprocess.Popen(list(map(str, command)), stdout=-1, stderr=-1, text=True, env=KEY) as client:
        while graded(there) < 3:
            assert client.poll() is None, client.communicate()
            sleep(0.02)
        cluster.lose()
        out, err = client.communicate(timeout=600)
    assert 1 == client.returncode, err
    assert "12 answers, 12 different programs; 12 graded now." in out
    assert 12 == graded(there) == len(standing(there))
    assert standing(tiny_class.results) == standing(there) and not cluster.mark.exists()
    assert {("passed", 8.5), ("slow", 8.0)} < {(status, score) for _, status, score in standing(there)}
    assert all(pages < 768 for pages in cluster.on_workers(fresh_pages))  # of 7680: Dask sets MALLOC_TRIM_THRESHOLD_


def test_a_scheduler_that_is_not_there() -> None:
    """A missing scheduler is a usage error that names the command that starts one."""
    command = [sys.executable, "-c", "from autograder.batch import pool\npool.Cluster('no address://')"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert "UsageError: no scheduler answers at no address://: unknown address scheme" in done.stderr
    assert "Start one with: dask scheduler" in done.stderr
