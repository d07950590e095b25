"""Control one worker from the grader: start it, exchange with it, and end it."""

from __future__ import annotations

import fcntl
import os
import select
import signal
from contextlib import suppress
from dataclasses import replace

from autograder.errors import GraderFault
from autograder.implementation import Stopped
from autograder.sandbox.exchange import Ends, Exchange, ExchangeEnded, Reply, WorkerEnded, pid_of
from autograder.sandbox.inside.frame import FrameKind, pack
from autograder.sandbox.limits import Limits
from autograder.sandbox.zygote import End, Zygote

READY_SECONDS = 10.0
KILL_SECONDS = 10.0
_GRACE = 0.5
_PIPE = 1 << 20
_FAULT = 1 << 16
# Of these replies the CPU time is used, so it is read when the worker waits again.
_EXACT = frozenset({FrameKind.CALL, FrameKind.TOUCH, FrameKind.HOLD, FrameKind.RUN, FrameKind.FETCH})


class Worker:
    """Worker in a confined process, forked by a zygote. After a Stopped it is ended."""

    def __init__(self, zygote: Zygote, limits: Limits) -> None:
        self._zygote, self._limits = zygote, limits
        self.log = bytearray()
        self.alive = True
        self._seq = 0
        self._last: Exchange | None = None
        try:
            self._own_pid, self._ends = _spawn(zygote)
        except OSError as error:
            raise GraderFault(f"a worker could not be made: {error}") from error
        try:
            self._await_ready()
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """Return the worker's pid in this process's view."""
        return self._ends.pid

    @property
    def progress(self) -> bytes | None:
        """Return what the worker reported last before its last reply."""
        return self._last.progress if self._last else None

    @property
    def outside_kill(self) -> bool:
        """Return whether the zygote has been closed, and the worker with it."""
        return self._zygote.closed

    def ask(self, kind: FrameKind, body: bytes, seconds: float, cap: int) -> Reply | Stopped:
        """Return the reply to one request, or why the worker was ended; raise GraderFault if the zygote ended too."""
        self._seq += 1
        before, self._last = self._last, Exchange(self._ends, self._limits, self.log, self._seq, cap)
        try:
            reply = self._last.run(pack(self._seq, kind, len(body)) + body, seconds, exact=kind in _EXACT)
            return replace(reply, before=self._last.start - before.end) if before else reply
        except ExchangeEnded as ended:
            self.kill()
            return ended.stopped
        except WorkerEnded:
            return self._end_reason()

    def kill(self) -> int:
        """End the process and return its exit status."""
        return self._end().status if self.alive else 0

    def _end_reason(self) -> Stopped:
        """Return why the worker ended by itself; raise GraderFault if its own code cannot be the cause."""
        if not _ended(self._ends.pidfd, _GRACE):
            self.kill()
            return Stopped("crash", "the process cut its connection to the grader")
        end = self._end()
        if end.status != -signal.SIGKILL or self._zygote.tier == "local":
            return Stopped("crash", _how_it_ended(end.status))
        # Confined code cannot send signals or set limits: the kernel enforced one of two limits, or it was killed.
        if end.cpu > self._limits.worker_cpu:
            return Stopped("time", f"more than {self._limits.worker_cpu} s of CPU time in all")
        if end.memory > self._limits.address_space // 2:
            return Stopped("memory", "the machine's memory ran out while the process held most of what it may have")
        raise GraderFault("a worker was killed from outside; did the machine run out of memory?")

    def _end(self) -> End:
        self.alive = False
        try:
            if not _ended(self._ends.pidfd, 0.0):
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._ends.pidfd, signal.SIGKILL)
                if not _ended(self._ends.pidfd, KILL_SECONDS):
                    raise GraderFault("a worker survived SIGKILL")
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._ends.pid, signal.SIGKILL)  # its child processes, which only the local tier allows
            return self._zygote.reap(self._own_pid)
        finally:
            for fd in (self._ends.request, self._ends.reply, self._ends.log, self._ends.pidfd):
                os.close(fd)

    def _await_ready(self) -> None:
        exchange = Exchange(self._ends, self._limits, self.log, 0, _FAULT)
        try:
            reply = exchange.run(b"", READY_SECONDS)
        except (ExchangeEnded, WorkerEnded) as error:
            raise GraderFault(f"a worker was not born: {error or 'it ended'}") from error
        if reply.kind != FrameKind.READY:
            raise GraderFault(f"a worker could not be confined: {reply.body!r}")


def _spawn(zygote: Zygote) -> tuple[int, Ends]:
    request, reply, log = os.pipe(), os.pipe(), os.pipe()
    kept = [request[1], reply[0], log[0]]
    try:
        pid, pidfd = zygote.spawn(request[0], reply[1], log[1])
        kept.append(pidfd)
        ends = Ends(pid_of(pidfd), pidfd, request[1], reply[0], log[0])
    except BaseException:
        for fd in kept:
            os.close(fd)
        raise
    finally:
        for fd in (request[0], reply[1], log[1]):
            os.close(fd)
    _prepare(ends)
    return pid, ends


def _prepare(ends: Ends) -> None:
    for fd in (ends.request, ends.reply, ends.log):
        os.set_blocking(fd, False)
    for fd in (ends.request, ends.reply):
        with suppress(OSError):
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE)


def _ended(pidfd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(1000 * seconds))


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f"the process ended itself with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"the process was ended by {name}"
