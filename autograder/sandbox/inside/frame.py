"""Pack and unpack frames, the fixed header before every message, and send them on a worker's two pipes."""

from __future__ import annotations

import os
import struct
from enum import IntEnum
from typing import NamedTuple

MAGIC = b"HGW1"
_HEADER = struct.Struct("<4sIBQ")
HEADER_SIZE = _HEADER.size


class WireError(ValueError):
    """Raised for bytes that are no valid message."""


class FrameKind(IntEnum):
    """Kind of a frame: requests, then replies."""

    LOAD = 1
    DESCRIBE = 2
    CALL = 3
    MANY = 4
    TOUCH = 5
    HOLD = 6
    RUN = 7
    FETCH = 8
    READY = 16
    PROGRESS = 17
    LOADED = 18
    SIGNATURE = 19
    RETURNED = 20
    RAISED = 21
    ABSENT = 22
    OVERSIZE = 23
    FAULT = 24
    ANSWERS = 25


class Header(NamedTuple):
    """Header of a frame."""

    seq: int
    """Sequence number of the exchange."""
    kind: FrameKind
    """Kind of message."""
    length: int
    """Bytes of the body."""


def pack(seq: int, kind: FrameKind, length: int) -> bytes:
    """Return the header of a body of `length` bytes."""
    return _HEADER.pack(MAGIC, seq, kind, length)


def split(data: bytes | bytearray | memoryview) -> list[tuple[FrameKind, memoryview]]:
    """Return the consecutive frames in `data`, numbered from 0; raise WireError for anything else."""
    view = memoryview(data)
    frames: list[tuple[FrameKind, memoryview]] = []
    while view:
        if len(view) < HEADER_SIZE:
            raise WireError("a frame is cut off")
        header = unpack(view, len(view) - HEADER_SIZE)
        if header.seq != len(frames):
            raise WireError(f"frame {header.seq} stands where {len(frames)} belongs")
        frames.append((header.kind, view[HEADER_SIZE : HEADER_SIZE + header.length]))
        view = view[HEADER_SIZE + header.length :]
    return frames


def unpack(data: bytes | bytearray | memoryview, cap: int) -> Header:
    """Return the header in the first HEADER_SIZE bytes; raise WireError if it is invalid or exceeds `cap` bytes."""
    magic, seq, kind, length = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise WireError("no frame starts here")
    if length > cap:
        raise WireError(f"a body of {length} bytes was announced, at most {cap} are allowed")
    try:
        return Header(seq, FrameKind(kind), length)
    except ValueError:
        raise WireError(f"unknown kind of frame {kind}") from None


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
            if hasattr(os, "readv"):
                size = os.readv(self._request, [view[:_CHUNK]])
            else:
                part = os.read(self._request, min(len(view), _CHUNK))
                size = len(part)
                view[:size] = part
            if size == 0:
                raise Closed
            view = view[size:]
        return data
