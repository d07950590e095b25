"""Executors: worker processes of this machine, and a Dask cluster. A call is made again when its process has died.

A library's process pool is not an option: there, one killed worker loses other tasks or fails them, and one that hangs
is waited for without end.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from autograder.batch.worker import forget_batch
from autograder.errors import UsageError
from autograder.sandbox.inside.kernel import end_with_parent
from autograder.sandbox.limits import Limits

TICK = 1.0
"""Seconds between two looks at a process. Looks are counted and not seconds, so that time in which this process or the
machine is suspended does not count."""
STOPPED = 30
"""Number of looks in a row at which a process is stopped by a signal, after which it is killed."""
SILENT = 60 + int(Limits().call_seconds)
"""Looks in a row at a process that sleeps without a break, after which it is killed. A grader that waits for a
student's call looks at the clocks at the latest when the call may have used up its CPU time."""
OWN_CPU = float(Limits().worker_cpu)
"""The most CPU seconds of a worker process for one call, without those of its children, which have their own limits."""

_TRIES = 2
_REPEATS = 3
_PATIENCE = 2.0

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class WorkerDied(Exception):
    """Raised where a worker process ended, or was killed because it made no progress, during both tries of a call."""


class WorkerPool(Executor):
    """Executor with `jobs` worker processes, each controlled by a thread of this process and started on demand."""

    def __init__(self, jobs: int) -> None:
        self._calls: queue.SimpleQueue[tuple[Future[Any], Call] | None] = queue.SimpleQueue()
        self._open = True
        self._workers = [_Worker(self._calls) for _ in range(jobs)]
        self._closed = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        for thread in (*self._workers, self._watcher):
            thread.start()

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Shut down; after an exception, without waiting for running calls."""
        self.shutdown(cancel_futures=kind is not None)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit fn(*args, **kwargs). WorkerDied: the process ended twice, also by an exception of fn."""
        if not self._open:
            raise RuntimeError("the worker pool is shut down; create a new one")
        future: Future[Any] = Future()
        self._calls.put((future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: after all submitted calls, or at once, during their calls, with cancel_futures."""
        self._open = False
        for worker in self._workers if cancel_futures else ():
            worker.kill()
        for _ in self._workers:
            self._calls.put(None)
        for worker in self._workers if wait else ():
            worker.join()
        if wait:
            self._closed.set()
            self._watcher.join()

    def _watch(self) -> None:
        while not self._closed.wait(TICK) and any(worker.is_alive() for worker in self._workers):
            for worker in self._workers:
                worker.look()


class _Worker(threading.Thread):
    """Thread that makes calls in a worker process, which is replaced when it ends."""

    def __init__(self, calls: queue.SimpleQueue[tuple[Future[Any], Call] | None]) -> None:
        super().__init__(daemon=True)
        self._calls = calls
        self._killed = False
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._progress: _Progress | None = None
        self._reason = ""

    def run(self) -> None:
        """Make the calls in the queue up to a None in it; then end the worker process."""
        if hasattr(signal, "pthread_sigmask"):  # for the processes that this thread starts, until they ignore it
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while (item := self._calls.get()) is not None:
            future, call = item
            if self._killed:
                future.cancel()
            elif future.set_running_or_notify_cancel():
                self._do(future, call)
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            self._process.join(_PATIENCE)
            self._process.kill()
            self._process.join()

    def _do(self, future: Future[Any], call: Call) -> None:
        for _ in range(_TRIES):
            try:
                return future.set_result(self._ask(call))
            except (EOFError, OSError):
                how = self._end()
            except Exception as error:  # the call could not be pickled, so it did not reach the process
                return future.set_exception(error)
        future.set_exception(WorkerDied(f"the grader process {how}"))

    def _ask(self, call: Call) -> Any:
        """Return the result of a call; EOFError or OSError where the process ended during it."""
        pipe = self._ready()
        try:
            pipe.send(call)
            return pipe.recv()
        finally:
            with self._lock:
                self._progress = None

    def look(self) -> None:
        """Look at the process once, and kill it if it makes no progress with its call."""
        with self._lock:
            if self._process and self._progress and (reason := self._progress.fault()):
                self._reason = reason
                self._process.kill()

    def _end(self) -> str:
        """Wait until the worker process has ended; return how it ended, in words."""
        process, self._process = self._process, None
        if process is None:
            return "was not started"
        process.join()
        reason, self._reason = self._reason, ""
        return reason or f"ended with code {process.exitcode}"

    def kill(self) -> None:
        """Kill the process, and start no other in its place."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()

    def _ready(self) -> Connection:
        """Return the pipe to a living process; start one if needed."""
        with self._lock:
            if self._killed:
                raise EOFError
            if self._process is None or not self._process.is_alive() or self._pipe is None:
                context = multiprocessing.get_context("spawn")
                ours, theirs = context.Pipe()
                process = context.Process(target=_work, args=(theirs,), daemon=True)
                process.start()
                theirs.close()
                self._process, self._pipe = process, ours
            self._progress = _Progress(self._process.pid or 0)
            return self._pipe


class _Clocks(NamedTuple):
    """State and clocks of a process, by which its progress is seen."""

    state: str
    """R running or waiting for a core, S asleep, D waiting for a disk, T stopped."""
    cpu: float
    """Seconds of CPU time."""
    sleeps: int
    """Number of times that the process's main thread went to sleep by itself."""


class _Progress:
    """Counts how often in a row a grader process was seen stopped or asleep during one call."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._first = self._last = _clocks(pid)
        self._stopped = self._silent = 0

    def fault(self) -> str:
        """Look at the process once; return why it counts as hanging, "" while it may still return the call."""
        last, self._last = self._last, _clocks(self._pid)
        if self._last is None or self._first is None:
            return ""
        self._stopped = self._stopped + 1 if self._last.state in "Tt" else 0
        self._silent = self._silent + 1 if self._last.state == "S" and self._last == last else 0
        if self._stopped >= STOPPED:
            return f"was stopped by a signal, and nothing continued it for {STOPPED * TICK:g} s"
        if self._silent >= SILENT:
            return f"made no progress for {SILENT * TICK:g} s"
        if self._last.cpu - self._first.cpu > OWN_CPU:
            return f"used more than {OWN_CPU:g} s of CPU time of its own for one call"
        return ""


def _clocks(pid: int) -> _Clocks | None:
    """Return state and clocks of a process; None where there is no such process, or no /proc."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat, open(f"/proc/{pid}/status", "rb") as status:
            fields = stat.read().rpartition(b") ")[2].split()
            sleeps = next(line for line in status if line.startswith(b"voluntary_ctxt_switches:"))
    except (OSError, StopIteration):
        return None
    ticks = int(fields[11]) + int(fields[12])
    return _Clocks(fields[0].decode(), ticks / os.sysconf("SC_CLK_TCK"), int(sleeps.split()[1]))


def _work(pipe: Connection) -> None:
    """Run calls in a worker process. It ignores Ctrl-C, and ends when its parent ends, also while it is stopped."""
    signal.signal(signal.SIGINT, lambda *_: None)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if sys.platform == "linux":
        end_with_parent()
    # A call during which the process was stopped, as by Ctrl-Z, is made again: its clocks went on meanwhile.
    stops = list[int]()
    if hasattr(signal, "SIGCONT"):
        signal.signal(signal.SIGCONT, lambda number, _: stops.append(number))
    while True:
        try:
            fn, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        for _ in range(_REPEATS):
            stops.clear()
            result = fn(*args, **kwargs)  # an exception ends the process, whose state is then unknown
            if not stops:
                break
        try:
            pipe.send(result)
        except OSError:
            return


LIMIT = 128
"""Largest number of submitted tasks: enough for the scheduler to keep every worker busy."""

_CONNECTING = 10
_WAITING = 60


class Cluster(Executor):
    """Executor on the Dask cluster of the scheduler at `address`, or that wrote its address into this .json file.

    The cluster may run on Slurm, Kubernetes or HTCondor. Workers have the engine and the course at the same paths as
    here, and never the journal. Dask counts a lost worker against every task that it held, so a task that Dask gives up
    is submitted once more before it counts as failed.

    UsageError: it does not answer, or has no worker within `patience` seconds.
    """

    def __init__(self, address: str, patience: float = _WAITING) -> None:
        self._client = _connect(address, patience)
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except TimeoutError as error:
            self._client.close()
            raise UsageError(f"{address} has no worker. Start one with: dask worker {address} --nthreads 1") from error

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Shut down; after an exception, without waiting for running tasks."""
        self.shutdown(cancel_futures=kind is not None)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit fn(*args, **kwargs) to one of the workers."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        self._try(future, lambda: self._client.submit(fn, *args, **kwargs, pure=False), _TRIES)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Disconnect, after the workers have forgotten the course and its key. Workers and scheduler keep running."""
        with suppress(Exception):
            workers = self._client.nthreads()
            last = [self._client.submit(forget_batch, workers=[worker], pure=False) for worker in workers]
            self._client.gather(last if wait and not cancel_futures else [])
        self._client.close()

    def _try(self, future: Future[Any], submit: Callable[[], Any], tries: int) -> None:
        def done(remote: Any) -> None:
            fault = remote.exception() if remote.status == "error" else None
            if remote.status == "finished":
                future.set_result(remote.result())
            elif tries > 1:
                self._try(future, submit, tries - 1)
            else:
                future.set_exception(fault or RuntimeError(f"the cluster's word is {remote.status}"))

        submit().add_done_callback(done)


def _connect(address: str, patience: float) -> Any:
    try:
        from distributed import Client
        from distributed.comm.addressing import parse_address
        from distributed.comm.registry import get_backend
    except ImportError as error:
        raise UsageError("a cluster needs Dask. Install it with: pip install distributed") from error
    try:
        where = _read_address(Path(address), patience) if address.endswith(".json") else address
        get_backend(parse_address(where)[0])  # a Client with an invalid address takes minutes to close
        return Client(where, timeout=_CONNECTING, set_as_default=False)
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"no scheduler answers at {address}: {error}. Start one with: dask scheduler") from error


def _read_address(path: Path, patience: float) -> str:
    """Return the address in a file of `dask scheduler --scheduler-file`; wait for the file up to `patience` seconds."""
    end = monotonic() + patience
    while not path.exists() and monotonic() < end:
        sleep(0.2)
    return str(json.loads(path.read_text(encoding="utf-8"))["address"])
