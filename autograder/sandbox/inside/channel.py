"""Read requests and write replies on the worker's ends of its two pipes."""

from __future__ import annotations

import os

from .frame import HEADER_SIZE, FrameKind, pack, unpack

END_OF_LOG = b"\0"
_CAP = 1 << 32
_CHUNK = 1 << 20


class Closed(Exception):
    """Raised when the grader closed the request pipe."""


class Channel:
    """Channel of a worker's two pipes. cap: the most bytes of a request."""

    def __init__(self, request: int, reply: int, cap: int = _CAP) -> None:
        self._request, self._reply, self._cap = request, reply, cap

    def read(self) -> tuple[int, FrameKind, bytearray]:
        """Return the next request; raise Closed if there will be none."""
        header = unpack(self._exactly(HEADER_SIZE), self._cap)
        return header.seq, header.kind, self._exactly(header.length)

    def write(self, seq: int, kind: FrameKind, body: bytes) -> None:
        """Send one frame."""
        for part in (pack(seq, kind, len(body)), body):
            view = memoryview(part)
            while view:
                view = view[os.write(self._reply, view) :]

    def _exactly(self, count: int) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        while view:
            part = os.readv(self._request, [view[:_CHUNK]]) if hasattr(os, "readv") else self._read_into(view)
            if part == 0:
                raise Closed
            view = view[part:]
        return data

    def _read_into(self, view: memoryview) -> int:
        part = os.read(self._request, min(len(view), _CHUNK))
        view[: len(part)] = part
        return len(part)
