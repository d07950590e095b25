"""Control a zygote from the grader: start it, request workers, and end it."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderFault
from autograder.numeric.runtime import ONE_THREAD, keep_memory
from autograder.sandbox.limits import Limits

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
    """Return the environment of untrusted code: the settings that times are measured with, UTF-8, fixed hashes."""
    needed = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    kept = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(keep_memory() or 1 << 28))
    plain = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    return {**ONE_THREAD, **kept, **plain, **needed}


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

    @property
    def pid(self) -> int:
        """Return the pid of the started process; in the sealed tier it waits for the zygote proper."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until workers can be spawned; raise GraderFault if the zygote fails to start."""
        with self._lock:
            self._wait_ready()

    def spawn(self, request: int, reply: int, log: int) -> tuple[int, int]:
        """Spawn a worker on these descriptors; return its pid in the zygote's view, and a pidfd."""
        with self._lock:
            self._wait_ready()
            self._send({"do": "spawn"}, [request, reply, log])
            answer, fds = self._receive(ANSWER_SECONDS)
            if "pid" not in answer or len(fds) != 1:
                raise GraderFault(f"the zygote could not make a worker: {answer.get('error', answer)}")
            self.spawned += 1
            self.live += 1
            return int(answer["pid"]), fds[0]

    def reap(self, pid: int) -> End:
        """Return how the kernel reports that a worker ended."""
        with self._lock:
            self.live -= 1
            self._send({"do": "reap", "pid": pid}, [])
            answer, _ = self._receive(ANSWER_SECONDS)
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

    def _wait_ready(self) -> None:
        if self._ready:
            return
        answer, _ = self._receive(START_SECONDS)
        if "ready" not in answer:
            raise GraderFault(f"the {self.tier} sandbox could not start: {answer.get('error', answer)}")
        self._ready = True

    def _send(self, message: dict[str, Any], fds: list[int]) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], fds)
        except OSError as error:
            raise GraderFault(f"the zygote is gone: {error}") from error

    def _receive(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        try:
            self._control.settimeout(seconds)
            message, fds, _, _ = socket.recv_fds(self._control, _MESSAGE, 4)
        except OSError as error:
            raise GraderFault(f"the zygote does not answer: {error}") from error
        if not message:
            raise GraderFault(f"the zygote ended: {self._final_output()}")
        return json.loads(message), list(fds)

    def _final_output(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self._process.kill()
        stderr = self._process.stderr
        return stderr.read().decode("utf-8", "replace")[-500:].strip() if stderr else ""
