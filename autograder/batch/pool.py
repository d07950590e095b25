"""Grader processes behind the interface of `concurrent.futures`: one that dies costs its one task a second try.

Never a process pool from a library: with those, one killed worker loses or blames other tasks.
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


class Died(Exception):
    """A grader process ended in the middle of a task, twice."""


class Graders(Executor):
    """As many processes as `jobs`, each served by a thread of this one; they start when there is work."""

    def __init__(self, jobs: int) -> None:
        self._calls: queue.SimpleQueue[tuple[Future[Any], Call] | None] = queue.SimpleQueue()
        self._open = True
        self._graders = [_Grader() for _ in range(jobs)]
        self._threads = [threading.Thread(target=self._serve, args=(each,), daemon=True) for each in self._graders]
        for thread in self._threads:
            thread.start()

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """After an exception nobody waits for what is under way."""
        self.shutdown(cancel_futures=kind is not None)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """fn(*args, **kwargs) in one of the processes; Died where the process ended twice, also by fn's exception."""
        if not self._open:
            raise RuntimeError("the graders have been sent home; make new ones")
        future: Future[Any] = Future()
        self._calls.put((future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: after what was submitted, or at once with cancel_futures, in the middle of their tasks."""
        self._open = False
        for grader in self._graders if cancel_futures else ():
            grader.kill()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _serve(self, grader: _Grader) -> None:
        while (item := self._calls.get()) is not None:
            future, call = item
            if grader.killed:
                future.cancel()
            elif future.set_running_or_notify_cancel():
                _do(grader, future, call)
        grader.stop()


def _do(grader: _Grader, future: Future[Any], call: Call) -> None:
    for _ in range(_TRIES):
        try:
            return future.set_result(grader.ask(call))
        except (EOFError, OSError):
            code = grader.exit_code()
        except Exception as error:  # what cannot be pickled never reached the process
            return future.set_exception(error)
    future.set_exception(Died(f"the grader process ended with code {code}"))


class _Grader:
    """One process at a time, and the pipe to it."""

    def __init__(self) -> None:
        self.killed = False
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, call: Call) -> Any:
        """The result; EOFError or OSError when the process ended in the middle of it."""
        pipe = self._ready()
        pipe.send(call)
        return pipe.recv()

    def exit_code(self) -> int | None:
        """The exit code of the process that ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.join()
        return process.exitcode

    def kill(self) -> None:
        """End the process now, and start no other."""
        with self._lock:
            self.killed = True
            if self._process is not None:
                self._process.kill()

    def stop(self) -> None:
        """End the process; it has nothing to do."""
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            self._process.join(_PATIENCE)
            self._process.kill()
            self._process.join()

    def _ready(self) -> Connection:
        """The pipe to a living process."""
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
    """In a grader process. Ctrl-C is the business of the one that gives out the work; its death ends the pipe."""
    signal.signal(signal.SIGINT, lambda *_: None)
    while True:
        try:
            fn, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        result = fn(*args, **kwargs)  # an exception ends the process: nobody knows what it left behind
        try:
            pipe.send(result)
        except OSError:
            return
