"""Grader processes, each with a zygote of its own. One that dies costs its one task a second try, nothing else.

Never a process pool from a library: with those, one killed worker loses or blames other tasks.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

Work = Callable[[Any], Any]
"""Made once in each grader process by `prepare`; called with each task."""

_TRIES = 2
_PATIENCE = 2.0


class Died(Exception):
    """A grader process ended in the middle of a task, twice."""


@dataclass
class _Grader:
    process: BaseProcess
    pipe: Connection
    task: int | None = None


def run(
    prepare: Callable[..., Work], setup: tuple[Any, ...], tasks: Sequence[Any], jobs: int
) -> Iterator[tuple[int, Any]]:
    """(index, result) of every task as it is done; the result is a Died when its grader died twice."""
    waiting = list(range(len(tasks)))[::-1]
    tries = [0] * len(tasks)
    graders = [_start(prepare, setup) for _ in range(min(jobs, len(tasks)))]
    try:
        for grader in graders:
            _give(grader, waiting, tasks, tries)
        while busy := [grader for grader in graders if grader.task is not None]:
            for pipe in wait([grader.pipe for grader in busy]):
                grader = next(grader for grader in busy if grader.pipe is pipe)
                done = _collect(grader, tries)
                if done is None:
                    waiting.append(_task(grader))
                else:
                    yield done
                if not grader.process.is_alive():
                    _stop(grader)
                    graders[graders.index(grader)] = grader = _start(prepare, setup)
                _give(grader, waiting, tasks, tries)
    finally:
        for grader in graders:
            _stop(grader)


def _start(prepare: Callable[..., Work], setup: tuple[Any, ...]) -> _Grader:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, prepare, setup), daemon=True)
    process.start()
    theirs.close()
    return _Grader(process, ours)


def _serve(pipe: Connection, prepare: Callable[..., Work], setup: tuple[Any, ...]) -> None:
    work = prepare(*setup)
    with suppress(EOFError):  # the other end closes when there is nothing left to do
        while True:
            pipe.send(work(pipe.recv()))


def _give(grader: _Grader, waiting: list[int], tasks: Sequence[Any], tries: list[int]) -> None:
    grader.task = waiting.pop() if waiting else None
    if grader.task is not None:
        tries[grader.task] += 1
        with suppress(OSError):  # it has just ended; the next wait says so, and the task gets its second try
            grader.pipe.send(tasks[grader.task])


def _collect(grader: _Grader, tries: list[int]) -> tuple[int, Any] | None:
    """The result; None when the grader died and the task deserves another try."""
    task = _task(grader)
    try:
        return task, grader.pipe.recv()
    except (EOFError, OSError):
        grader.process.join()
        code = grader.process.exitcode
        return (task, Died(f"the grader process ended with code {code}")) if tries[task] >= _TRIES else None


def _task(grader: _Grader) -> int:
    assert grader.task is not None
    return grader.task


def _stop(grader: _Grader) -> None:
    grader.pipe.close()
    grader.process.join(_PATIENCE)
    grader.process.kill()
    grader.process.join()
