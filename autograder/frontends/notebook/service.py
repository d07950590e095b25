"""Client of the checking process: starts it when it is first needed, sends requests, and ends it with the kernel."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from threading import Lock
from typing import Any

from autograder.numeric.runtime import ONE_THREAD
from autograder.report.engine import HOME

_PATIENCE = 5.0


class Service:
    """Checking process, restarted when it has ended or when the course's files have changed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the server's answer; RuntimeError where it ended twice without one."""
        with self._lock:
            for _ in range(2):
                answer = self._try(request)
                if answer is not None and "stale" not in answer:
                    return answer
                self.close()
        raise RuntimeError("the process that checks ended without an answer")

    def close(self) -> None:
        """End the process, if there is one, by closing its input, and kill it where it does not end in time."""
        process, self._process = self._process, None
        if process is not None:
            try:
                process.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

    def _try(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Return the answer, or None where the process is gone. An interrupt of the kernel ends a busy process."""
        if self._process is None:
            self._process = _start()
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
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
    """Start the process with -P and our own path, so that a numpy.py beside the notebook is not imported."""
    path = os.pathsep.join(filter(None, (str(HOME.parent), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "autograder.frontends.notebook.server"],
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": path}, text=True, encoding="utf-8", start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


SERVICE = Service()
atexit.register(SERVICE.close)
