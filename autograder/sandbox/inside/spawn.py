"""Run a worker that was started as a separate process: requests on stdin, replies on stdout, the log on stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from . import preload, worker
from .channel import END_OF_LOG, Channel
from .frame import FrameKind


class _MarkingChannel(Channel):
    """Channel that marks the end of what a call printed, because two pipes have no common order."""

    def write(self, seq: int, kind: FrameKind, body: bytes) -> None:
        """Write the mark to the log, then the frame."""
        if kind != FrameKind.PROGRESS:
            with suppress(OSError):
                os.write(2, END_OF_LOG)
        super().write(seq, kind, body)


def main(folders: list[str]) -> None:
    """Serve until stdin is closed. `folders` are removed from sys.path before student code is loaded."""
    request, reply = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        for fd in (request, reply):
            msvcrt.setmode(fd, os.O_BINARY)
    preload.import_all(folders)
    preload.hide_engine()
    worker.run(request, reply, _MarkingChannel)
