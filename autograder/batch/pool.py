"""Executor that runs calls in worker processes of this machine, and tries a call again when its process dies.

A library's process pool is not an option: there, one killed worker loses other tasks or fails them.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

_TRIES = 2
_PATIENCE = 2.0

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class WorkerDied(Exception):
    """Raised where a worker process ended during a call, twice."""


class WorkerPool(Executor):
    """Executor with `jobs` worker processes, each served by a thread of this process and started on demand."""

    def __init__(self, jobs: int) -> None:
        self._calls: queue.SimpleQueue[tuple[Future[Any], Call] | None] = queue.SimpleQueue()
        self._open = True
        self._workers = [_Worker() for _ in range(jobs)]
        self._threads = [threading.Thread(target=self._serve, args=(each,), daemon=True) for each in self._workers]
        for thread in self._threads:
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
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _serve(self, worker: _Worker) -> None:
        while (item := self._calls.get()) is not None:
            future, call = item
            if worker.killed:
                future.cancel()
            elif future.set_running_or_notify_cancel():
                _do(worker, future, call)
        worker.stop()


def _do(worker: _Worker, future: Future[Any], call: Call) -> None:
    for _ in range(_TRIES):
        try:
            return future.set_result(worker.ask(call))
        except (EOFError, OSError):
            code = worker.exit_code()
        except Exception as error:  # the call could not be pickled, so it did not reach the process
            return future.set_exception(error)
    future.set_exception(WorkerDied(f"the grader process ended with code {code}"))


class _Worker:
    """Worker process, replaced when it ends, and the pipe to it."""

    def __init__(self) -> None:
        self.killed = False
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, call: Call) -> Any:
        """Return the result of a call; EOFError or OSError where the process ended during it."""
        pipe = self._ready()
        pipe.send(call)
        return pipe.recv()

    def exit_code(self) -> int | None:
        """Return the exit code of the process that ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.join()
        return process.exitcode

    def kill(self) -> None:
        """Kill the process, and start no other."""
        with self._lock:
            self.killed = True
            if self._process is not None:
                self._process.kill()

    def stop(self) -> None:
        """End an idle process."""
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            self._process.join(_PATIENCE)
            self._process.kill()
            self._process.join()

    def _ready(self) -> Connection:
        """Return the pipe to a living process; start one if needed."""
        with self._lock:
            if self.killed:
                raise EOFError
            if self._process is None or not self._process.is_alive() or self._pipe is None:
                self._process, self._pipe = _start()
            return self._pipe


def _start() -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _work(pipe: Connection) -> None:
    """Run calls in a worker process. It ignores Ctrl-C, and ends with the pipe when its parent ends."""
    signal.signal(signal.SIGINT, lambda *_: None)
    while True:
        try:
            fn, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        result = fn(*args, **kwargs)  # an exception ends the process, whose state is then unknown
        try:
            pipe.send(result)
        except OSError:
            return
