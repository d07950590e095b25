"""Plain values round-trip through the codec, and anything else raises WireError."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.inside import wire
from autograder.sandbox.inside.frame import HEADER_SIZE, FrameKind, WireError, pack, unpack
from autograder.values import Code, Rng, Unsupported

WORDS = wire.Words(Rng, Code, Unsupported)
ARRAYS = hnp.arrays(
    st.sampled_from([np.dtype(name) for name in wire.DTYPES]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
LEAVES = st.one_of(
    st.none(), st.booleans(), INTEGERS, st.floats(), st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    ARRAYS, ARRAYS.map(np.asfortranarray), st.builds(Rng, st.integers(0, 2**63)), st.just(Code("f", "x")),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text("ab"), inner, max_size=3)
    ),
    max_leaves=6,
)


def decoded(data: bytes) -> Any:
    return wire.decode(data, WORDS)


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal in type, bits and memory order."""
    if isinstance(left, np.ndarray):
        order = left.flags.c_contiguous == right.flags.c_contiguous
        return left.dtype == right.dtype and left.shape == right.shape and order and left.tobytes() == right.tobytes()
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return type(left) is type(right) and len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and (left == right or (left != left and right != right))


@settings(deadline=None)
@given(VALUES)
def test_every_plain_value_comes_back_as_it_was(value: Any) -> None:
    """decode(encode(value)) is value, to the bit, with its memory order."""
    assert same(value, decoded(wire.encode(value, WORDS)))


@settings(deadline=None)
@given(ARRAYS)
def test_decoded_arrays_are_ours_to_write(array: np.ndarray) -> None:
    """A decoded array is writable and shares no memory."""
    back = decoded(wire.encode(array, WORDS))
    assert back.flags.owndata and back.flags.writeable and type(back) is np.ndarray


@pytest.mark.parametrize("name", wire.DTYPES)
def test_a_decoded_array_has_the_dtype_object_of_numpy(name: str) -> None:
    """A decoded array has NumPy's own dtype object; np.add.at is three times slower for an equal one."""
    flat = np.ones((2, 3), name)
    for sent in (flat, np.asfortranarray(flat), flat[:0], flat[0, 0], flat.astype(flat.dtype.newbyteorder(">"))):
        assert decoded(wire.encode([sent], WORDS))[0].dtype is np.dtype(name)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_random_bytes_decode_or_raise_wire_error(data: bytes) -> None:
    """Random bytes decode or raise WireError."""
    try:
        decoded(data)
    except WireError:
        return


@settings(max_examples=300, deadline=None)
@given(VALUES, st.data())
def test_damaged_messages_decode_or_raise_wire_error(value: Any, data: st.DataObject) -> None:
    """A valid message with some bytes replaced decodes or raises WireError."""
    message = bytearray(wire.encode(value, WORDS))
    for _ in range(data.draw(st.integers(1, 4))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    try:
        decoded(bytes(message))
    except WireError:
        return


@settings(deadline=None)
@given(VALUES, st.data())
def test_truncated_and_extended_messages_are_refused(value: Any, data: st.DataObject) -> None:
    """Truncated and extended messages raise WireError."""
    message = wire.encode(value, WORDS)
    for wrong in (message[: data.draw(st.integers(0, len(message) - 1))], message + b"\0"):
        with pytest.raises(WireError):
            decoded(wrong)


def array_claim(dtype: int, shape: tuple[int, ...], payload: bytes = b"") -> bytes:
    """Return a message that announces an array of this shape."""
    dims = b"".join(dim.to_bytes(8, "little") for dim in shape)
    return bytes([wire.ARRAY, dtype, len(shape), 0]) + dims + payload


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (array_claim(0, (2**31, 0)), "a dimension of 2.31"),
        (array_claim(0, (2**30, 2**30, 0)), "too large"),
        (array_claim(0, (2**20, 2**10)), "too large|left"),
        (array_claim(wire.DTYPES.index("b1"), (1,), b"\2"), "neither 0 nor 1"),
        (array_claim(200, ()), "unknown dtype"),
        (array_claim(0, (1,) * 9, bytes(8)), "9 dimensions"),
        (bytes([wire.LIST]) + b"\xff\xff\xff\xff", "items announced"),
        (bytes([wire.LIST, 1, 0, 0, 0]) * 10 + bytes([wire.NONE]), "nested deeper"),
        (bytes([wire.STR, 1, 0, 0, 0, 255]), "not UTF-8"),
        (b"\x80\x04\x95", "unknown tag"),
    ],
)
def test_claims_are_checked_before_anything_is_allocated(message: bytes, why: str) -> None:
    """Each bound on announced sizes is checked first and has its own message."""
    with pytest.raises(WireError, match=why):
        decoded(message)


def test_a_value_beyond_the_limit_is_refused_before_it_is_copied() -> None:
    """A value beyond the limit raises TooLarge before it is copied."""
    with pytest.raises(wire.TooLarge):
        wire.encode(np.broadcast_to(0.0, (1 << 57,)), WORDS, limit=1 << 20)


@settings(deadline=None)
@given(st.binary(min_size=HEADER_SIZE, max_size=HEADER_SIZE))
def test_random_headers_are_refused(data: bytes) -> None:
    """Random headers raise WireError."""
    with pytest.raises(WireError):
        unpack(b"nope" + data[4:], 1 << 20)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(FrameKind)), st.integers(0, 2**20))
def test_headers_come_back(seq: int, kind: FrameKind, length: int) -> None:
    """unpack(pack(...)) returns the packed header."""
    assert unpack(pack(seq, kind, length), 2**20) == (seq, kind, length)


def test_a_huge_body_is_refused_by_its_header() -> None:
    """A header that announces more bytes than the cap raises WireError."""
    with pytest.raises(WireError, match="at most 1048576"):
        unpack(pack(1, FrameKind.RETURNED, 2**60), 2**20)
