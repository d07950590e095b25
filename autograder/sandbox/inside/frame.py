"""Pack and unpack frames: the fixed header before every message on a worker's two pipes."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple

MAGIC = b"HGW1"
_HEADER = struct.Struct("<4sIBQ")
HEADER_SIZE = _HEADER.size


class WireError(Exception):
    """Raised for bytes that are no valid message."""


class FrameKind(IntEnum):
    """Kind of a frame: requests, then replies."""

    LOAD = 1
    DESCRIBE = 2
    CALL = 3
    MANY = 4
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


def reply_cap(request: int, most: int) -> int:
    """Return the most bytes of the reply to a body of `request` bytes, never more than `most`."""
    return min(4 * request + (1 << 26), most)


def pack(seq: int, kind: FrameKind, length: int) -> bytes:
    """Return the header of a body of `length` bytes."""
    return _HEADER.pack(MAGIC, seq, kind, length)


def split(data: bytes | bytearray) -> list[tuple[FrameKind, memoryview]]:
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
