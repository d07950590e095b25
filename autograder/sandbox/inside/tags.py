"""Define the tags, bounds and formats that the encoder and the decoder share."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_ITEMS = 10_000
MAX_DEPTH = 8
MAX_DIMS = 8
MAX_DIM = 1 << 31
MAX_NOMINAL = 1 << 33
DTYPES = ("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1")
DTYPE = tuple(np.dtype(name).newbyteorder("<") for name in DTYPES)

NONE, FALSE, TRUE, INT, FLOAT, STR, ARRAY, LIST, TUPLE, DICT, RNG, CODE, UNSUPPORTED = range(13)
INT_FORM = struct.Struct("<q")
FLOAT_FORM = struct.Struct("<d")
COUNT = struct.Struct("<I")
SIZE = struct.Struct("<Q")
SHAPE = struct.Struct("<BBB")


@dataclass(frozen=True)
class Words:
    """Types that represent Rng, Code and Unsupported on one side of the wire."""

    rng: Callable[[int], Any]
    code: Callable[[str, str], Any]
    unsupported: Callable[[str], Any]
