"""Exchange one request and its reply with a worker under one deadline, and read the worker's CPU clock."""

from __future__ import annotations

import os
import select
import time
from contextlib import suppress
from dataclasses import dataclass

from autograder.implementation import Outcome, Stopped
from autograder.sandbox.inside.frame import HEADER_SIZE, FrameKind, WireError, unpack
from autograder.sandbox.limits import Limits

_CHUNK = 1 << 18
_LEAST_WAIT = 0.002
_PROGRESS_SIZE = 64
_PROGRESS_COUNT = 10_000
SETTLE_SECONDS = 0.005
_NAP = 2e-5


@dataclass(frozen=True)
class Ends:
    """Grader's ends of a worker's three non-blocking pipes, and the worker's process."""

    pid: int
    """Pid in the grader's view."""
    pidfd: int
    """Descriptor of the process."""
    request: int
    """End of the pipe that requests are written to."""
    reply: int
    """End of the pipe that replies are read from."""
    log: int
    """End of the pipe that printed text is read from."""


@dataclass(frozen=True)
class Reply:
    """Complete reply of a worker to one request."""

    kind: FrameKind
    """Kind of the frame."""
    body: bytes | memoryview
    """Encoded values."""
    cpu: float | None
    """CPU time that the worker used for the reply, in seconds; None if no clock outside of it shows that."""
    before: float = 0.0
    """CPU time that the worker used between its reply before and this request, in seconds."""


@dataclass(frozen=True)
class TimedOutcome:
    """Outcome and times of a call in three exchanges: send the arguments, call the function, fetch the result."""

    outcome: Outcome
    """Outcome of the call."""
    run: float
    """CPU seconds of the exchange that called the function."""
    outside: float
    """CPU seconds that the worker used besides `run`, from its reply before this call to the last reply of the call."""
    size: int
    """Bytes of the arguments and of the result."""


class WorkerEnded(Exception):
    """Raised when the worker ended by itself or closed its pipe."""


class ExchangeEnded(Exception):
    """Raised when the worker must be ended; carries the Stopped that says why."""

    def __init__(self, stopped: Stopped) -> None:
        super().__init__(stopped.detail)
        self.stopped = stopped


class Exchange:
    """Exchange of request `seq` and a reply of at most `cap` bytes with one worker."""

    def __init__(self, ends: Ends, limits: Limits, seq: int, cap: int) -> None:
        self.assembler = Assembler(seq, cap)
        self._ends, self._limits = ends, limits
        self._printed = 0
        self._start = self.end = 0.0

    def run(
        self, header: bytes, seconds: float, body: bytes = b"", exact: bool = False, last: float | None = None
    ) -> Reply:
        """Return the reply; raise ExchangeEnded if a limit is exceeded or the bytes are malformed.

        Raise WorkerEnded if the worker ended. exact: wait until the kernel has recorded all CPU time of the reply.
        last: the worker's CPU time at the end of its reply before, in seconds.
        """
        if header:
            with suppress(BlockingIOError):  # bytes before the request are a fault of the worker
                if os.read(self._ends.reply, 1):
                    raise ExchangeEnded(Stopped("protocol", "the process wrote to the grader without being asked"))
                raise WorkerEnded
        follow(self._ends.pid)
        self._start, self._seconds = self._cpu(), seconds
        self._left = [memoryview(part) for part in (header, body) if part]
        self._deadline = time.monotonic() + self._limits.wall(seconds)
        self._poll = select.poll()
        for fd in (self._ends.reply, self._ends.log, self._ends.pidfd):
            self._poll.register(fd, select.POLLIN)
        if self._left:
            self._poll.register(self._ends.request, select.POLLOUT)
        while (answer := self._step()) is None:
            pass
        if exact:
            settle(self._ends.pid)
        self.end = self._bounded_cpu()
        while self._read_log():  # all that was printed before the reply is in the pipe by now
            pass
        return Reply(*answer, self.end - self._start, 0.0 if last is None else self._start - last)

    def _cpu(self) -> float:
        try:
            return cpu_time(self._ends.pid)
        except OSError:
            raise WorkerEnded from None

    def _step(self) -> tuple[FrameKind, memoryview] | None:
        left = min(self._start + self._seconds, self._limits.worker_cpu) - self._bounded_cpu()
        wall = self._deadline - time.monotonic()
        if wall <= 0:
            raise ExchangeEnded(Stopped("time", f"no answer within {self._limits.wall(self._seconds):g} s"))
        # The next look at the clocks may wait so long, because one core cannot use up the CPU time sooner.
        ready = dict(self._poll.poll(1000 * max(min(left, wall), _LEAST_WAIT)))
        if self._ends.log in ready:
            self._read_log()
        if self._ends.reply in ready and (answer := self._read_reply()) is not None:
            return answer
        if self._ends.request in ready:
            self._write(ready[self._ends.request])
        if self._ends.pidfd in ready:
            raise WorkerEnded
        return None

    def _bounded_cpu(self) -> float:
        """Return the worker's CPU time; raise ExchangeEnded if it exceeds the limit of this call or of the worker."""
        cpu = self._cpu()
        if cpu - self._start > self._seconds:
            raise ExchangeEnded(Stopped("time", f"more than {self._seconds:g} s of CPU time"))
        if cpu > self._limits.worker_cpu:
            raise ExchangeEnded(Stopped("time", f"more than {self._limits.worker_cpu} s of CPU time in all"))
        return cpu

    def _write(self, events: int) -> None:
        if not events & select.POLLERR:
            try:
                sent = os.writev(self._ends.request, [part[:_CHUNK] for part in self._left])
            except BlockingIOError:
                return
            except BrokenPipeError:
                raise WorkerEnded from None
            while self._left and sent >= len(self._left[0]):
                sent -= len(self._left.pop(0))
            if self._left:
                self._left[0] = self._left[0][sent:]
                return
        self._poll.unregister(self._ends.request)

    def _read_log(self) -> int:
        """Read the worker's log, count the printed bytes, and return how many there were to read."""
        try:
            size = len(os.read(self._ends.log, _CHUNK))
        except BlockingIOError:
            return 0
        if not size:
            with suppress(KeyError):
                self._poll.unregister(self._ends.log)
        self._printed += size
        if self._printed > self._limits.log:
            raise ExchangeEnded(Stopped("output", f"more than {self._limits.log >> 10} KiB were printed"))
        return size

    def _read_reply(self) -> tuple[FrameKind, memoryview] | None:
        try:
            data = os.read(self._ends.reply, _CHUNK)
        except BlockingIOError:
            return None
        if not data:
            raise WorkerEnded
        try:
            return self.assembler.feed(data)
        except WireError as error:
            raise ExchangeEnded(Stopped("protocol", str(error))) from None


class Assembler:
    """Collect the reply to request `seq`, of at most `cap` bytes. progress: the body of the last PROGRESS frame."""

    def __init__(self, seq: int, cap: int) -> None:
        self._seq, self._cap = seq, cap
        self._buffer = bytearray()
        self._reported = 0
        self.progress: bytes | None = None

    def feed(self, data: bytes) -> tuple[FrameKind, memoryview] | None:
        """Add bytes and return the complete reply, None while bytes are missing; raise WireError if malformed."""
        self._buffer += data
        while len(self._buffer) >= HEADER_SIZE:
            seq, kind, length = unpack(self._buffer, self._cap)
            if seq != self._seq:
                raise WireError(f"an answer to request {seq}, asked was {self._seq}")
            end = HEADER_SIZE + length
            if len(self._buffer) < end:
                return None
            if kind != FrameKind.PROGRESS:
                if len(self._buffer) > end:
                    raise WireError(f"{len(self._buffer) - end} bytes follow the answer")
                return kind, memoryview(self._buffer)[HEADER_SIZE:]
            self._reported += 1
            if self._reported > _PROGRESS_COUNT or length > _PROGRESS_SIZE:
                raise WireError("too much progress was reported")
            self.progress = bytes(self._buffer[HEADER_SIZE:end])
            del self._buffer[:end]
        return None


def pid_of(pidfd: int) -> int:
    """Return the pid, in this process's view, of the process behind `pidfd`; ProcessLookupError once it is reaped."""
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("Pid:") and (pid := int(line.split()[1])) > 0:
                return pid
    raise ProcessLookupError(f"no process behind descriptor {pidfd}")


def cpu_time(pid: int) -> float:
    """Return seconds of CPU time that all threads of `pid` have used; raise OSError once it is gone."""
    return time.clock_gettime((~pid << 3) | 2)


def settle(pid: int) -> None:
    """Wait briefly until `pid` sleeps: the kernel updates the time of a running process only now and then.

    This thread sleeps meanwhile, so that the process gets the core that they share.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    with suppress(OSError), open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
        while True:
            time.sleep(_NAP)
            if os.pread(file.fileno(), 128, 0).rpartition(b")")[2][1:2] != b"R" or time.monotonic() > deadline:
                return


def follow(pid: int) -> None:
    """Let `pid` run only on the cores of this thread; do nothing where cores cannot be chosen."""
    with suppress(AttributeError, OSError):  # macOS has no such call; a process that ended is noticed elsewhere
        here = os.sched_getaffinity(0)
        if os.sched_getaffinity(pid) != here:
            os.sched_setaffinity(pid, here)
