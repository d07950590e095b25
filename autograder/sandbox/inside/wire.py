"""Encode and decode plain values, on both sides of the wire.

A value is one tag byte and its payload: None, bool, int64, float64, str, array, list, tuple, dict with str keys, and
three types of each side: Rng(seed), Code(name, source), Unsupported(kind).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .decoder import Decoder
from .encoder import Encoder, TooLarge
from .frame import WireError
from .tags import DTYPES, MAX_DEPTH, MAX_DIM, MAX_DIMS, MAX_ITEMS, MAX_NOMINAL, Words

__all__ = [
    "DTYPES", "MAX_DEPTH", "MAX_DIM", "MAX_DIMS", "MAX_ITEMS", "MAX_NOMINAL", "TooLarge", "WireError", "Words",
    "decode", "encode", "refuse",
]  # fmt: skip


def refuse(value: Any) -> Any:
    """Raise WireError: the `foreign` of a side that sends plain values only."""
    raise WireError(f"a {type(value).__name__} cannot be sent")


def encode(value: Any, words: Words, *, limit: int = 1 << 32, foreign: Callable[[Any], Any] = refuse) -> bytes:
    """Return the bytes of a plain value; raise TooLarge beyond `limit` bytes, WireError without an encoding."""
    return Encoder(words, limit, foreign).encode(value)


def decode(data: bytes | bytearray, words: Words) -> Any:
    """Return the value of these bytes, with fresh, writable arrays; raise WireError if they are malformed."""
    return Decoder(data, words).decode()
