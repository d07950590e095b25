"""The zygote: a process with NumPy loaded and no secret, which forks one confined worker per request.

It never sees a source, a seed or a value: those go through pipes that the grader hands it and the worker inherits.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Any

from . import preload, wire, worker
from .confine import TIERS, Confinement
from .frame import FrameKind, pack

_FIRST_FREE = 16
_LAST = 1 << 16
_MESSAGE = 1 << 12


def main(config: str) -> None:
    """Serve until the grader closes the control socket. `config` is JSON: control, tier, folders, packages, limits."""
    told = json.loads(config)
    _die_first()
    control = _take_control(told["control"])
    try:
        prepare = preload.essentials if told["tier"] == "local" else preload.everything
        prepare(told["folders"])
        confinement: Confinement = TIERS[told["tier"]](told["limits"], told["packages"])
        confinement.enter()
    except BaseException as error:
        _say(control, error=f"{type(error).__name__}: {error}")
        os._exit(1)
    sys.argv[:] = [""]
    _say(control, ready=told["tier"])
    _Server(control, confinement).run()
    os._exit(0)


def _die_first() -> None:
    """Let the kernel, when memory runs out, end the largest worker and neither the grader nor another program."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _take_control(fd: int) -> socket.socket:
    """Move the control socket out of the way and keep the worker's own numbers taken."""
    high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE)
    null = os.open(os.devnull, os.O_RDWR)
    for target in {fd, worker.REQUEST, worker.REPLY}:
        os.dup2(null, target)
    return socket.socket(fileno=high)


class _Server:
    """Answers the grader; knows its living workers, so that none outlives it."""

    def __init__(self, control: socket.socket, confinement: Confinement) -> None:
        self._control, self._confinement = control, confinement
        self._living: set[int] = set()

    def run(self) -> None:
        """Serve until the control socket is closed, then end every worker."""
        while True:
            message, fds, _, _ = socket.recv_fds(self._control, _MESSAGE, 3)
            if not message:
                return self._end()
            try:
                self._answer(json.loads(message), fds)
            except OSError as error:
                _say(self._control, error=str(error))
            finally:
                for fd in fds:
                    os.close(fd)

    def _answer(self, told: dict[str, Any], fds: list[int]) -> None:
        if told["do"] == "spawn":
            self._spawn(fds)
        else:
            _say(self._control, **self._reap(told["pid"]))

    def _spawn(self, fds: list[int]) -> None:
        pid = self._confinement.fork()
        if pid == 0:
            _be_worker(self._confinement, fds)
        self._living.add(pid)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)

    def _reap(self, pid: int) -> dict[str, float]:
        """The kernel's account of an ended worker: exit status, seconds of CPU time, and most bytes in memory."""
        found, status, used = os.wait4(pid, os.WNOHANG)
        if found == 0:
            raise OSError(f"worker {pid} is still running")
        self._living.discard(pid)
        cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss << 10
        return {"status": os.waitstatus_to_exitcode(status), "cpu": cpu, "memory": memory}

    def _end(self) -> None:
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _be_worker(confinement: Confinement, fds: list[int]) -> None:
    try:
        _place(fds)
        confinement.seal()
        os.closerange(worker.REPLY + 1, _LAST)
    except BaseException:
        body = wire.encode(traceback.format_exc()[-2000:], worker.WORDS)
        os.write(worker.REPLY, pack(0, FrameKind.FAULT, len(body)) + body)
        os._exit(1)
    try:
        worker.run()
    finally:
        os._exit(0)


def _place(fds: list[int]) -> None:
    """Put request, reply and log where the worker looks for them; stdin stays /dev/null."""
    request, reply, log = fds
    for fd, target in ((request, worker.REQUEST), (reply, worker.REPLY), (log, 1), (log, 2)):
        os.dup2(fd, target)


def _say(control: socket.socket, **words: Any) -> None:
    control.send(json.dumps(words).encode())
