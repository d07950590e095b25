"""Functions that the worker processes of the pool's tests run; spawned processes import this module by name."""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path
from typing import Any


def work(task: Any) -> Any:
    """Add 100 to a number, or do what the task says, such as ending the process."""
    match task:
        case int():
            return task + 100
        case ("exit", int(code)):
            os._exit(code)
        case ("exit once", str(path)):
            if Path(path).exists():
                return "at the second try"
            Path(path).touch()
            os._exit(9)
        case ("stop once", str(path)) if Path(path).exists():
            return "at the second try"
        case ("stop" | "stop once", str(path)):
            Path(path).touch()
            os.kill(os.getpid(), signal.SIGSTOP)
            with open(path, "a", encoding="utf-8") as file:
                file.write("run ")
            return Path(path).read_text(encoding="utf-8")
        case ("spin",):
            while True:
                pass
        case ("raise", str(words)):
            raise ValueError(words)
        case ("pid",):
            return os.getpid()
        case ("for ever", str(path)):
            Path(path).touch()
            while True:
                time.sleep(60)
        case ("unspeakable",):
            return lambda: None
    raise AssertionError(task)


def fresh_pages() -> int:
    """Return the number of new pages that the kernel provides for ten arrays of 768 pages, one after the other."""
    import numpy as np

    before = 0
    for number in range(12):
        if number == 2:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        np.empty(3 << 20, np.uint8)[::4096] = 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
