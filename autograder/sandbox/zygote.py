"""The grader's end of a zygote: start it, ask it for workers, see it end."""

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
    """The folder that holds NumPy, found without importing it."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise GraderFault("NumPy is not installed here; install it with `pip install numpy`")
    return str(Path(spec.origin).parent.parent)


def folders() -> list[str]:
    """What a new interpreter needs on sys.path until everything is imported."""
    return [str(Path(__file__).parent), packages()]


def environment() -> dict[str, str]:
    """The whole environment of untrusted code: the runtime that times are measured in, UTF-8, the same hashes."""
    needed = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    kept = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(keep_memory() or 1 << 28))
    plain = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    return {**ONE_THREAD, **kept, **plain, **needed}


def command(code: str) -> list[str]:
    """A fresh interpreter that runs `code`: no user or installed packages, nothing of the current folder."""
    return [sys.executable, "-P", "-s", "-S", "-B", "-c", code]


@dataclass(frozen=True)
class End:
    """How a worker ended. status: of its exit, negative for a signal; cpu: seconds; memory: most bytes in use."""

    status: int
    cpu: float
    memory: int


class Zygote:
    """One zygote process. Starting returns at once; the first spawn waits until it is ready."""

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
        """The process that was started; in the sealed tier it waits for the zygote proper."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until workers can be had; GraderFault when that will never be."""
        with self._lock:
            self._wait_ready()

    def spawn(self, request: int, reply: int, log: int) -> tuple[int, int]:
        """A new worker on these descriptors: its pid as the zygote knows it, and a pidfd."""
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
        """The kernel's account of an ended worker."""
        with self._lock:
            self.live -= 1
            self._send({"do": "reap", "pid": pid}, [])
            answer, _ = self._receive(ANSWER_SECONDS)
            if "status" not in answer:
                raise GraderFault(f"the zygote could not end a worker: {answer.get('error', answer)}")
            return End(**answer)

    def close(self) -> None:
        """End the zygote and every worker of it."""
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
            raise GraderFault(f"the zygote ended: {self._last_words()}")
        return json.loads(message), list(fds)

    def _last_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self._process.kill()
        stderr = self._process.stderr
        return stderr.read().decode("utf-8", "replace")[-500:].strip() if stderr else ""
