"""The notebook's side: starts the process that checks when it is first needed, asks, and ends it with the kernel."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from threading import Lock
from typing import Any

from autograder.numeric.runtime import ONE_THREAD

_PATIENCE = 5.0


class Service:
    """One server, started anew when it is gone or has read files that changed since."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The server's answer; RuntimeError where it ended twice without one."""
        with self._lock:
            for _ in range(2):
                answer = self._try(question)
                if answer is not None and "stale" not in answer:
                    return answer
                self.close()
        raise RuntimeError("the process that checks ended without an answer")

    def close(self) -> None:
        """End the process, if there is one, and with it its sandboxes: it ends by itself when nobody asks any more."""
        process, self._process = self._process, None
        if process is not None:
            try:
                process.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

    def _try(self, question: dict[str, Any]) -> dict[str, Any] | None:
        """None where the process is gone. An interrupt of the kernel ends it too, for it may be busy for long."""
        if self._process is None:
            self._process = _start()
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BaseException as error:
            self._process.kill()
            self.close()
            if isinstance(error, OSError):
                return None
            raise
        answer: dict[str, Any] | None = json.loads(line) if line else None
        return answer


def _start() -> subprocess.Popen[str]:
    """-P and a path of our own: a numpy.py beside the notebook is not the server's NumPy."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "autograder.frontends.notebook.server"],
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": path}, text=True, encoding="utf-8", start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


SERVICE = Service()
atexit.register(SERVICE.close)
