"""Wall time and CPU time of a command, with those of every process that it and its children waited for.

The kernel adds a process's CPU time to the parent that waits for it, so the time of a zygote and its workers is counted
once the sandbox has been closed; processes that are not waited for are not counted.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from autograder.numeric.runtime import ONE_THREAD

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Usage:
    """Seconds of wall time and of CPU time, and what the command printed."""

    wall: float
    cpu: float
    text: str


class Failed(Exception):
    """Raised where a measured command did not do its work, so that its time means nothing."""


def measure(
    command: Sequence[str], folder: Path = ROOT, env: Mapping[str, str] | None = None, codes: Sequence[int] = (0,)
) -> Usage:
    """Run the command in `folder`, one BLAS thread, with `env` on top of this process's; Failed on an exit code not in
    codes."""
    with tempfile.TemporaryFile() as output:
        start = perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **ONE_THREAD, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    if process.returncode not in codes:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{text[-2000:]}")
    return Usage(wall, used.ru_utime + used.ru_stime, text)


def missing(python: str, package: str) -> str:
    """Return why this Python cannot import the package; "" where it can."""
    try:
        done = subprocess.run([python, "-c", f"import {package}"], capture_output=True, text=True)
    except OSError as error:
        return str(error)
    return done.stderr.strip().rpartition("\n")[2] if done.returncode else ""


def peak(pid: int | str = "self") -> float:
    """Return the process's peak memory in MiB; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)
