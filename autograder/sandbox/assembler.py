"""Assemble the frame that answers a request from a worker's bytes, however they are split."""

from __future__ import annotations

from autograder.sandbox.inside.frame import HEADER_SIZE, FrameKind, WireError, unpack

_PROGRESS_SIZE = 64
_PROGRESS_COUNT = 10_000


class Assembler:
    """Collect the reply to request `seq`, of at most `cap` bytes. progress: the body of the last PROGRESS frame."""

    def __init__(self, seq: int, cap: int) -> None:
        self._seq, self._cap = seq, cap
        self._buffer = bytearray()
        self._reported = 0
        self.progress: bytes | None = None

    def feed(self, data: bytes) -> tuple[FrameKind, bytes] | None:
        """Add bytes and return the complete reply, None while bytes are missing; raise WireError if malformed."""
        self._buffer += data
        while (frame := self._frame()) is not None:
            kind, body = frame
            if kind != FrameKind.PROGRESS:
                return self._complete(kind, body)
            self._report(body)
        return None

    def _frame(self) -> tuple[FrameKind, bytes] | None:
        if len(self._buffer) < HEADER_SIZE:
            return None
        header = unpack(self._buffer, self._cap)
        if header.seq != self._seq:
            raise WireError(f"an answer to request {header.seq}, asked was {self._seq}")
        end = HEADER_SIZE + header.length
        if len(self._buffer) < end:
            return None
        body = bytes(memoryview(self._buffer)[HEADER_SIZE:end])
        del self._buffer[:end]
        return header.kind, body

    def _complete(self, kind: FrameKind, body: bytes) -> tuple[FrameKind, bytes]:
        if self._buffer:
            raise WireError(f"{len(self._buffer)} bytes follow the answer")
        return kind, body

    def _report(self, body: bytes) -> None:
        self._reported += 1
        if self._reported > _PROGRESS_COUNT or len(body) > _PROGRESS_SIZE:
            raise WireError("too much progress was reported")
        self.progress = body
