"""Run a worker as a fresh interpreter, for systems where a process with NumPy must not be forked.

It has time limits and no confinement, and reports its own CPU time: for one's own code, not for grades.
"""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from contextlib import suppress
from typing import IO

from autograder.errors import GraderFault
from autograder.implementation import Stopped
from autograder.sandbox.exchange import Assembler, Reply
from autograder.sandbox.inside.frame import FrameKind, WireError, pack
from autograder.sandbox.limits import Limits
from autograder.sandbox.worker import START_SECONDS, command, environment, folders

_BOOT = "import sys; sys.path += {folders!r}; from inside import worker; worker.main({folders!r})"
_CHUNK = 1 << 16
_TAIL = 500


class SpawnedWorker:
    """Worker in a process of its own. It starts in the background; the first request waits until it is ready."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._log = b""
        """The last bytes that were printed."""
        self.alive = True
        self.outside_kill = False
        self.progress: bytes | None = None
        self._seq = -1
        self._printed = 0
        self._replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            command(_BOOT.format(folders=folders())), env=environment(), bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.pid = self._process.pid
        self._threads = [self._thread(self._pass_replies, self._process.stdout)]
        self._threads.append(self._thread(self._keep_log, self._process.stderr))

    def ask(self, kind: FrameKind, body: bytes, seconds: float, cap: int) -> Reply | Stopped:
        """Return the reply to one request, or why the worker was ended; raise GraderFault if it could not start."""
        if self._seq < 0:
            ready = self._exchange(b"", START_SECONDS, _CHUNK)
            if isinstance(ready, Stopped) or ready.kind != FrameKind.READY:
                raise GraderFault(f"a worker could not start: {self._log.decode('utf-8', 'replace')}")
        self._printed = 0
        return self._exchange(pack(self._seq + 1, kind, len(body)) + body, self._limits.wall(seconds), cap)

    def kill(self) -> int:
        """End the process and return its exit status."""
        if self.alive:
            self.alive = False
            self._process.kill()
            self._process.wait()
            for thread in self._threads:
                thread.join()
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
        return self._process.returncode or 0

    close = kill

    def _exchange(self, data: bytes, seconds: float, cap: int) -> Reply | Stopped:
        self._seq += 1
        assembler = Assembler(self._seq, cap)
        if data and not self._replies.empty():
            self.kill()
            return Stopped("protocol", "the process wrote to the grader without being asked")
        self._threads.append(self._thread(self._send, data))
        found = self._collect(assembler, time.monotonic() + seconds, seconds)
        self.progress = assembler.progress
        if isinstance(found, Stopped):
            self.kill()
        return found

    def _collect(self, assembler: Assembler, deadline: float, seconds: float) -> Reply | Stopped:
        while True:
            if self._printed > self._limits.log:
                return Stopped("output", f"more than {self._limits.log >> 10} KiB were printed")
            if time.monotonic() > deadline:
                return Stopped("time", f"no answer within {seconds:g} s")
            try:
                data = self._replies.get(timeout=0.05)
            except queue.Empty:
                continue
            if not data:
                return Stopped("crash", "the process ended")
            try:
                answer = assembler.feed(data)
            except WireError as error:
                return Stopped("protocol", str(error))
            if answer is not None:
                return Reply(*answer, None)

    def _thread(self, work: object, *args: object) -> threading.Thread:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        thread.start()
        return thread

    def _send(self, data: bytes) -> None:
        stream = self._process.stdin
        with suppress(OSError, ValueError):
            view = memoryview(data)
            while stream is not None and view:
                view = view[stream.write(view) or 0 :]

    def _pass_replies(self, stream: IO[bytes]) -> None:
        while data := stream.read(_CHUNK):
            self._replies.put(data)
        self._replies.put(b"")

    def _keep_log(self, stream: IO[bytes]) -> None:
        while data := stream.read(_CHUNK):
            self._printed += len(data)
            self._log = (self._log + data)[-_TAIL:]
