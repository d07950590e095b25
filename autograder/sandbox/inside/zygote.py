"""Run the zygote: a process with NumPy loaded and no secret, which forks one confined worker per request.

A zygote never gets a source, a seed or a value: those pass through pipes that the worker inherits.
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
from .confine import TIERS, Local
from .frame import FrameKind, pack

_FIRST_FREE = 16
_LAST = 1 << 16
_MESSAGE = 1 << 12


def main(config: str) -> None:
    """Serve until the grader closes the control socket. `config` is JSON: control, tier, folders, packages, limits."""
    settings = json.loads(config)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")  # when memory runs out, the kernel ends workers first and not the grader
    # The control socket moves to a high descriptor, and the worker's descriptors are reserved.
    given, null = settings["control"], os.open(os.devnull, os.O_RDWR)
    control = socket.socket(fileno=fcntl.fcntl(given, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE))
    for target in {given, worker.REQUEST, worker.REPLY}:
        os.dup2(null, target)
    try:
        tier, folders = settings["tier"], settings["folders"]
        preload.import_essentials(folders) if tier == "local" else preload.import_all(folders, tier)
        confinement: Local = TIERS[tier](settings["limits"], settings["packages"])
        confinement.enter()
    except BaseException as error:
        _send(control, error=f"{type(error).__name__}: {error}")
        os._exit(1)
    sys.argv[:] = [""]
    _send(control, ready=tier)
    _Server(control, confinement).run()
    os._exit(0)


class _Server:
    """Server of the grader's requests; knows its running workers, so that none outlives it."""

    def __init__(self, control: socket.socket, confinement: Local) -> None:
        self._control, self._confinement = control, confinement
        self._running: set[int] = set()

    def run(self) -> None:
        """Serve until the control socket is closed, then end every worker."""
        while True:
            message, fds, _, _ = socket.recv_fds(self._control, _MESSAGE, 3)
            if not message:
                for pid in self._running:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                return
            try:
                request = json.loads(message)
                if request["do"] == "spawn":
                    self._spawn(fds)
                else:
                    _send(self._control, **self._reap(request["pid"]))
            except OSError as error:
                _send(self._control, error=str(error))
            finally:
                for fd in fds:
                    os.close(fd)

    def _spawn(self, fds: list[int]) -> None:
        pid = self._confinement.fork()
        if pid == 0:
            _run_worker(self._confinement, fds)
        self._running.add(pid)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)

    def _reap(self, pid: int) -> dict[str, float]:
        """Return how the kernel reports that a worker ended: exit status, CPU seconds, most bytes of memory."""
        found, status, used = os.wait4(pid, os.WNOHANG)
        if found == 0:
            raise OSError(f"worker {pid} is still running")
        self._running.discard(pid)
        cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss << 10
        return {"status": os.waitstatus_to_exitcode(status), "cpu": cpu, "memory": memory}


def _run_worker(confinement: Local, fds: list[int]) -> None:
    request, reply, log = fds
    try:
        for fd, target in ((request, worker.REQUEST), (reply, worker.REPLY), (log, 1), (log, 2)):
            os.dup2(fd, target)  # stdin stays /dev/null
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


def _send(control: socket.socket, **words: Any) -> None:
    control.send(json.dumps(words).encode())
