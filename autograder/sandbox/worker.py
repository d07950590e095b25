"""Control workers from the grader, and the zygote that forks them: start them, exchange with them, and end them."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderFault
from autograder.implementation import Stopped
from autograder.numeric.runtime import ONE_THREAD, keep_memory
from autograder.sandbox.exchange import Ends, Exchange, ExchangeEnded, Reply, WorkerEnded, pid_of
from autograder.sandbox.inside.frame import FrameKind, pack
from autograder.sandbox.limits import Limits

READY_SECONDS = 10.0
KILL_SECONDS = 10.0
_GRACE = 0.5
_PIPE = 1 << 20
_FAULT = 1 << 16
# After these replies the worker's CPU time is read only once it waits again: RUN is measured from the end of HOLD, the
# whole call to the end of FETCH. CPU time that is unrecorded after TOUCH and RUN is counted in the next exchange.
_EXACT = frozenset({FrameKind.CALL, FrameKind.HOLD, FrameKind.FETCH})


class Worker:
    """Worker in a confined process, forked by a zygote. After a Stopped it is ended."""

    def __init__(self, zygote: Zygote, limits: Limits) -> None:
        self._zygote, self._limits = zygote, limits
        self.alive = True
        self.progress: bytes | None = None
        """Body of the last PROGRESS frame before the worker's last reply."""
        self._seq = 0
        self._last: float | None = None
        try:
            self._own_pid, self._ends = _spawn(zygote)
        except OSError as error:
            raise GraderFault(f"a worker could not be made: {error}") from error
        self.pid = self._ends.pid
        """The worker's pid in this process's view."""
        try:
            reply = Exchange(self._ends, limits, 0, _FAULT).run(b"", READY_SECONDS)
            if reply.kind != FrameKind.READY:
                raise GraderFault(f"a worker could not be confined: {bytes(reply.body)!r}")
        except (ExchangeEnded, WorkerEnded) as error:
            self.kill()
            raise GraderFault(f"a worker was not born: {error or 'it ended'}") from error
        except BaseException:
            self.kill()
            raise

    @property
    def outside_kill(self) -> bool:
        """Return whether the worker was ended because its zygote was closed."""
        return self._zygote.closed

    def ask(self, kind: FrameKind, body: bytes, seconds: float, cap: int) -> Reply | Stopped:
        """Return the reply to one request, or why the worker was ended; raise GraderFault if the zygote ended too."""
        self._seq += 1
        exchange = Exchange(self._ends, self._limits, self._seq, cap)
        try:
            return exchange.run(pack(self._seq, kind, len(body)), seconds, body, kind in _EXACT, self._last)
        except ExchangeEnded as ended:
            self.kill()
            return ended.stopped
        except WorkerEnded:
            return self._end_reason()
        finally:
            self._last, self.progress = exchange.end, exchange.assembler.progress

    def kill(self) -> int:
        """End the process and return its exit status."""
        return self._end().status if self.alive else 0

    def _end_reason(self) -> Stopped:
        """Return why the worker ended by itself; raise GraderFault if its own code cannot be the cause."""
        if not _ended(self._ends.pidfd, _GRACE):
            self.kill()
            return Stopped("crash", "the process cut its connection to the grader")
        end = self._end()
        if end.status >= 0:
            return Stopped("crash", f"the process ended itself with status {end.status}")
        if end.status != -signal.SIGKILL or self._zygote.tier == "local":
            known = -end.status in {each.value for each in signal.Signals}
            name = signal.Signals(-end.status).name if known else f"signal {-end.status}"
            return Stopped("crash", f"the process was ended by {name}")
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
                os.killpg(self._ends.pid, signal.SIGKILL)  # with child processes, which only the local tier allows
            return self._zygote.reap(self._own_pid)
        finally:
            for fd in (self._ends.request, self._ends.reply, self._ends.log, self._ends.pidfd):
                os.close(fd)


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
    for fd in (ends.request, ends.reply, ends.log):
        os.set_blocking(fd, False)
    for fd in (ends.request, ends.reply):
        with suppress(OSError):
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE)
    return pid, ends


def _ended(pidfd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(1000 * seconds))


START_SECONDS = 30.0
ANSWER_SECONDS = 10.0
_MESSAGE = 1 << 16
_BOOT = "import sys; sys.path += {folders!r}; from inside import zygote; zygote.main({config!r})"


def packages() -> str:
    """Return the folder that holds NumPy, found without importing it."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise GraderFault("NumPy is not installed here; install it with `pip install numpy`")
    return str(Path(spec.origin).parent.parent)


def folders() -> list[str]:
    """Return the folders that a new interpreter needs on sys.path until everything is imported."""
    return [str(Path(__file__).parent), packages()]


def environment() -> dict[str, str]:
    """Return the environment variables of untrusted code: the runtime for timing, UTF-8, fixed hashes."""
    needed = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    kept = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(keep_memory() or 1 << 28))
    return {**ONE_THREAD, **kept, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", **needed}


def command(code: str) -> list[str]:
    """Return the command of an interpreter that runs `code` without site packages or the current folder."""
    return [sys.executable, "-P", "-s", "-S", "-B", "-c", code]


@dataclass(frozen=True)
class End:
    """How a worker ended."""

    status: int
    """Exit status, negative for a signal."""
    cpu: float
    """Seconds of CPU time."""
    memory: int
    """Most bytes in use."""


class Zygote:
    """Zygote process. It starts in the background; the first spawn waits until it is ready."""

    def __init__(self, tier: str, limits: Limits) -> None:
        self.tier = tier
        self.spawned = 0
        self.live = 0
        self.closed = False
        self._ready = False
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        config = {"control": theirs.fileno(), "tier": tier, "folders": folders(), "packages": packages()}
        code = _BOOT.format(folders=folders(), config=json.dumps({**config, "limits": asdict(limits)}))
        self._process = subprocess.Popen(
            command(code), pass_fds=[theirs.fileno()], env=environment(), cwd="/", start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        theirs.close()
        self.pid = self._process.pid
        """Pid of the started process; in the sealed tier it waits for the zygote proper."""

    def spawn(self, request: int, reply: int, log: int) -> tuple[int, int]:
        """Spawn a worker on these descriptors; return its pid in the zygote's view, and a pidfd."""
        with self._lock:
            if not self._ready:
                answer, _ = self._receive(START_SECONDS)
                if "ready" not in answer:
                    raise GraderFault(f"the {self.tier} sandbox could not start: {answer.get('error', answer)}")
                self._ready = True
            answer, fds = self._ask({"do": "spawn"}, [request, reply, log])
            if "pid" not in answer or len(fds) != 1:
                raise GraderFault(f"the zygote could not make a worker: {answer.get('error', answer)}")
            self.spawned += 1
            self.live += 1
            return int(answer["pid"]), fds[0]

    def reap(self, pid: int) -> End:
        """Return how the kernel reports that a worker ended."""
        with self._lock:
            self.live -= 1
            answer, _ = self._ask({"do": "reap", "pid": pid}, [])
            if "status" not in answer:
                raise GraderFault(f"the zygote could not end a worker: {answer.get('error', answer)}")
            return End(**answer)

    def close(self) -> None:
        """End the zygote and all its workers."""
        self.closed = True
        self._control.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ANSWER_SECONDS)
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _ask(self, message: dict[str, Any], fds: list[int]) -> tuple[dict[str, Any], list[int]]:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], fds)
        except OSError as error:
            raise GraderFault(f"the zygote is gone: {error}") from error
        return self._receive(ANSWER_SECONDS)

    def _receive(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        try:
            self._control.settimeout(seconds)
            message, fds, _, _ = socket.recv_fds(self._control, _MESSAGE, 4)
        except OSError as error:
            raise GraderFault(f"the zygote does not answer: {error}") from error
        if not message:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            self._process.kill()
            said = self._process.stderr.read() if self._process.stderr else b""
            raise GraderFault(f"the zygote ended: {said.decode('utf-8', 'replace')[-500:].strip()}")
        return json.loads(message), list(fds)
