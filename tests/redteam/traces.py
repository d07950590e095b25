"""What a submission could leave behind: processes, descriptors, files, and every object of the kernel with a name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil

NOBODY = 65534
# The red team's files bear one of these names, wherever they are written.
NAMES = ("handgrad-cheat", "grades.csv", "results.json")
KEY = 0x68616E64
_PLACES = ("/", "/tmp", "/var/tmp", "/run/lock", "/usr", "/home", "/work", "/srv", "/dev/shm", "/dev/mqueue")
_LIBRARIES = (os.path.dirname(os.__file__), os.path.dirname(np.__file__))


def traces(grader: psutil.Process, names: tuple[str, ...] = NAMES, key: int = KEY) -> dict[str, Any]:
    """All of it; two looks at a grader between submissions must be equal. names, key: what is looked for."""
    below = grader.children(recursive=True)
    own = [child for child in below if child.ppid() == grader.pid]
    return {
        "processes": sorted(child.pid for child in below),
        "descriptors": {process.pid: process.num_fds() for process in (grader, *own)},
        "threads": grader.num_threads(),
        "files": sorted({path for place in (*_PLACES, *_LIBRARIES) for path in _files(place, names)}),
        "System V": [line for kind in ("shm", "sem", "msg") for line in _objects(kind, key)],
        "sockets": sorted(line for line in Path("/proc/net/unix").read_text().splitlines() if names[0] in line),
        "locks": len([line for line in Path("/proc/locks").read_text().splitlines() if f" {grader.pid} " in line]),
    }


def left_behind(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What the second look shows that the first did not. A process may have ended: the one that reads large texts."""
    gone = set(before["processes"]) - set(after["processes"])
    kept = before | {
        "processes": [pid for pid in before["processes"] if pid not in gone],
        "descriptors": {pid: count for pid, count in before["descriptors"].items() if pid not in gone},
    }
    main = min(kept["descriptors"])
    fewer = after["descriptors"].get(main, 0) <= kept["descriptors"][main] if gone else False
    kept["descriptors"][main] = after["descriptors"].get(main) if fewer else kept["descriptors"][main]
    return {name: found for name, found in after.items() if found != kept[name]}


def _files(place: str, names: tuple[str, ...]) -> Iterator[str]:
    """What belongs to the red team by its owner or its name; others come and go meanwhile."""
    with suppress(OSError):
        for entry in list(os.scandir(place)):
            with suppress(FileNotFoundError):
                if entry.name.startswith("handgrad-canary"):
                    continue
                if entry.name.startswith(names) or entry.stat(follow_symlinks=False).st_uid == NOBODY:
                    yield entry.path


def _objects(kind: str, key: int) -> list[str]:
    """System V objects with the red team's key."""
    lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]
    return [line for line in lines if int(line.split()[0]) == key]
