"""Tests of the worker pool with real processes: no call is ever lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Executor, as_completed

import psutil
import pytest

from autograder.batch import pool
from autograder.batch.pool import WorkerDied, WorkerPool
from tests.batch.work import work
from tests.house.sources import ROOT


@pytest.fixture(autouse=True)
def forkserver(request, monkeypatch):
    """Fork the worker processes from one that has imported what they need: a new interpreter takes longer than a test.

    They are spawned, as for a user, where a test reads what they print or starts a process that starts them.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([pool.__name__, work.__module__])
    if "capfd" not in request.fixturenames:
        monkeypatch.setattr(multiprocessing, "get_context", lambda method: context)


def results(tasks, jobs=2):
    """Return what each task gave, or its exception."""
    with WorkerPool(jobs) as pool:
        futures = [pool.submit(work, task) for task in tasks]
        return [future.exception() or future.result() for future in futures]


@pytest.mark.parametrize(("count", "jobs"), [(7, 2), (1, 3), (0, 2)])
def test_every_task_has_its_own_result(count, jobs):
    """Every task has its own result, also with more workers than tasks, or with no task."""
    assert results(list(range(count)), jobs) == [i + 100 for i in range(count)]


def test_a_task_that_kills_its_worker_twice_fails_alone(tmp_path):
    """A task that kills its worker twice gives WorkerDied; one that fails once succeeds; all others complete."""
    once = str(tmp_path / "once")
    found = results([1, ("exit", 3), 2, ("exit once", once), 3, 4])
    assert [found[i] for i in (0, 2, 4, 5)] == [101, 102, 103, 104]
    assert found[3] == "at the second try"
    assert isinstance(found[1], WorkerDied)
    assert str(found[1]) == "the grader process ended with code 3"


def test_an_exception_in_the_work_is_a_death_too(capfd):
    """An exception ends the process, whose state is then unknown, and is printed on stderr."""
    found = results([("raise", "a defect of ours"), 5], jobs=1)
    assert isinstance(found[0], WorkerDied) and found[1] == 105
    assert capfd.readouterr().err.count("ValueError: a defect of ours") == 2


def test_a_result_that_cannot_be_sent_is_a_death_too(capfd):
    """A result that cannot be pickled ends the process; a call that cannot be pickled raises in the caller."""
    with WorkerPool(1) as pool:
        assert isinstance(pool.submit(work, ("unspeakable",)).exception(), WorkerDied)
        assert "pickle" in str(pool.submit(work, lambda: None).exception())
        assert pool.submit(work, 1).result() == 101
    assert "pickle" in capfd.readouterr().err


def test_a_worker_runs_many_tasks():
    """One process runs many tasks."""
    found = results([("pid",)] * 4, jobs=1)
    assert len(set(found)) == 1


def test_a_worker_that_was_killed_while_it_waited_costs_nothing():
    """The next task gets a new process, and still has both tries."""
    with WorkerPool(1) as pool:
        pid = pool.submit(work, ("pid",)).result()
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
        assert pool.submit(work, ("pid",)).result() != pid


@pytest.fixture
def quick(monkeypatch):
    """Look often and few times, so that a test is quick; a slow start is not counted."""
    for name, value in {"TICK": 0.02, "STOPPED": 5, "SILENT": 50}.items():
        monkeypatch.setattr(pool, name, value)


def test_the_call_of_a_stopped_process_is_given_to_another(quick, tmp_path):
    """Once; the second time it is a fault, and all others complete."""
    found = results([1, ("stop once", str(tmp_path / "once")), 2, ("stop", str(tmp_path / "twice")), 3])
    assert [found[i] for i in (0, 1, 2, 4)] == [101, "at the second try", 102, 103]
    assert isinstance(found[3], WorkerDied)
    assert str(found[3]) == "the grader process was stopped by a signal, and nothing continued it for 0.1 s"


@pytest.mark.parametrize(
    ("task", "words"),
    [(("for ever", "began"), "made no progress for 1 s"), (("spin",), "used more than 0.3 s of CPU time of its own")],
    ids=lambda value: value[0],
)
def test_a_process_that_makes_no_progress_is_killed(quick, tmp_path, monkeypatch, task, words):
    """A process that sleeps without a break, and one that computes without end."""
    monkeypatch.chdir(tmp_path)
    if task == ("spin",):
        monkeypatch.setattr(pool, "OWN_CPU", 0.3)
    with WorkerPool(1) as workers:
        assert words in str(workers.submit(work, task).exception(timeout=60))


def test_a_call_during_which_its_process_was_stopped_is_made_again(tmp_path):
    """A call during which the command was stopped by Ctrl-Z is repeated: its time limit may have passed meanwhile."""
    with WorkerPool(1) as workers:
        pid = workers.submit(work, ("pid",)).result()
        again = workers.submit(work, ("stop", str(tmp_path / "runs")))
        while not again.done():
            if psutil.Process(pid).status() == psutil.STATUS_STOPPED:
                os.kill(pid, signal.SIGCONT)
        assert again.result() == "run run run "


def test_a_busy_machine_is_no_fault(quick, monkeypatch):
    """A process that waits for a core, or for a disk, makes no progress and is not killed."""
    for state in "RD":
        monkeypatch.setattr(pool, "_clocks", lambda pid, state=state: pool._Clocks(state, 1.0, 1))
        progress = pool._Progress(1)
        assert [progress.fault() for _ in range(200)] == [""] * 200


def test_it_is_an_executor():
    """The pool implements the interface of `concurrent.futures.Executor`."""
    with WorkerPool(2) as pool:
        assert isinstance(pool, Executor)
        assert list(pool.map(work, range(5))) == [100, 101, 102, 103, 104]
        assert {future.result() for future in as_completed([pool.submit(work, n) for n in (1, 2)])} == {101, 102}
    with pytest.raises(RuntimeError, match="is shut down"):
        pool.submit(work, 1)


def test_a_shutdown_at_once_ends_what_runs_and_cancels_what_waits(tmp_path):
    """A shutdown at once ends an endless task and cancels the waiting one."""
    pool = WorkerPool(1)
    running = pool.submit(work, ("for ever", str(tmp_path / "began")))
    waiting = pool.submit(work, 1)
    while not (tmp_path / "began").exists():
        assert not running.done()
    pool.shutdown(cancel_futures=True)
    assert isinstance(running.exception(), WorkerDied) and waiting.cancelled()


def test_no_process_and_no_thread_is_left_behind():
    """No process or thread is left after the last result, or after an early shutdown."""
    before = set(multiprocessing.active_children()), threading.active_count()
    for cancel in (False, True):
        pool = WorkerPool(2)
        futures = [pool.submit(work, n) for n in range(5)]
        futures[0].result()
        assert multiprocessing.active_children()
        pool.shutdown(cancel_futures=cancel)
    assert (set(multiprocessing.active_children()), threading.active_count()) == before


MAIN = """
import signal
from autograder.batch import pool
from autograder.batch.pool import WorkerPool
from tests.batch.work import work
from tests.house.sources import ROOT
if __name__ == "__main__":
    pool = WorkerPool(1)
    print(pool.submit(work, ("pid",)).result(), flush=True)
    signal.pause()
"""


@pytest.mark.parametrize("stopped", [False, True])
def test_workers_end_with_their_parent(tmp_path, stopped):
    """The workers end when their parent is killed by SIGKILL, also stopped ones."""
    (tmp_path / "main.py").write_text(MAIN, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(tmp_path / "main.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as main:
        assert main.stdout is not None
        worker = psutil.Process(int(main.stdout.readline()))
        if stopped:
            worker.suspend()
        main.kill()
    assert psutil.wait_procs([worker], timeout=30)[1] == []
