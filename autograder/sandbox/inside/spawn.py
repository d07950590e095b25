"""A worker that was started as a process of its own: requests on stdin, replies on stdout, the log on stderr."""

from __future__ import annotations

import os
import sys

from . import preload, worker


def main(folders: list[str]) -> None:
    """Serve until stdin is closed. `folders` leave sys.path before any student code is loaded."""
    request, reply = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        for fd in (request, reply):
            msvcrt.setmode(fd, os.O_BINARY)
    preload.everything(folders)
    preload.hide_engine()
    worker.run(request, reply)
