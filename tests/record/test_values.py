"""Values in an array pool are read back unchanged."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.record.file import ValueReader, Values, digest
from autograder.values import Code, Rng, Unsupported

DTYPES = ["<f8", "<f4", "<f2", "<i8", "<i4", "|u1", "|b1"]
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=5),
    st.builds(Rng, st.integers(0, 2**63 - 1)), st.builds(Code, st.just("f"), st.text(max_size=9)),
    st.builds(Unsupported, st.just("range")),
    st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, min_side=0))),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def through(value: object) -> object:
    """Store a value, and read it back."""
    values = Values()
    number = values.put(value)
    return ValueReader(values.sizes, values.data).get(number)


@settings(max_examples=60)
@given(VALUES)
def test_what_is_put_is_what_is_got(value):
    """Types, shapes, dtypes, signs of zero and NaN are preserved to the bit."""
    assert digest(through(value)) == digest(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, -0.0, np.float64(0.1), np.int64(3), np.bool_(True)])
def test_numbers_keep_their_values(value):
    """NumPy scalars are read back as arrays without axes, as from a student's process."""
    back = through(value)
    assert repr(np.asarray(back)) == repr(np.asarray(value))


def test_memory_order_is_kept():
    """An array in Fortran order is read back in Fortran order."""
    back = through(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    assert back.flags.f_contiguous and not back.flags.c_contiguous
    assert back.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_view_is_kept_by_its_values():
    """A view that is in neither order is read back in C order."""
    assert through(np.arange(12.0).reshape(3, 4)[:, ::2]).tolist() == [[0, 2], [4, 6], [8, 10]]


def test_equal_values_are_stored_once():
    """A value that equals a stored one takes no further room; another type, shape or order is another value."""
    values = Values()
    first, second = values.put([np.arange(4.0)]), values.put([np.arange(4.0)])
    others = [values.put(other) for other in ((np.arange(4.0),), [np.arange(4)], [np.arange(4.0).reshape(2, 2)])]
    assert first == second and len({first, *others}) == len(values.sizes) == 4


def test_a_large_array_in_two_values_is_stored_once():
    """A large array that stands in two values takes room once."""
    values, array = Values(), np.random.default_rng(0).standard_normal(5000)
    numbers = [values.put({"x": array}), values.put([array, array])]
    reader = ValueReader(values.sizes, values.data)
    assert digest([reader.get(number) for number in numbers]) == digest([{"x": array}, [array, array]])
    assert len(values.data) < array.nbytes + 500


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_large_number_of_few_values_takes_little_room(order):
    """A large array of few distinct values takes one byte for each entry, and keeps its bits and its order."""
    values, mask = Values(), np.asarray(np.resize([2.5, -0.0, np.nan], (50, 100)), order=order)
    number = values.put(mask)
    assert digest(ValueReader(values.sizes, values.data).get(number)) == digest(mask)
    assert len(values.data) < 6000


def test_what_is_taken_is_one_s_own():
    """Writing into an array that was read changes no later reading."""
    values = Values()
    number = values.put(np.zeros(3))
    reader = ValueReader(values.sizes, values.data)
    reader.get(number)[0] = 1
    assert reader.get(number).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("value", "kind"), [
    (range(3), "range"), (np.array([1j]), "array of complex128"), (np.array([object()]), "array of object"),
    ({1: 2}, "dict"), ({1, 2}, "set"), (1j, "complex"),
])  # fmt: skip
def test_what_is_no_plain_data_keeps_its_type_alone(value, kind):
    """A value that is not plain data is stored as the type name that a student's process would send."""
    assert through(value) == Unsupported(kind)


@pytest.mark.parametrize(("number", "data"), [(1, b"\0"), (0, b"\xff"), (0, b""), ("0", b"\0"), ({"a": 0}, b"\0")])
def test_a_value_that_is_not_there_is_refused(number, data):
    """An invalid number, or bytes that are no value, raise ValueError, TypeError or KeyError."""
    with pytest.raises((ValueError, KeyError, TypeError)):
        ValueReader([[0, 1]], data).get(number)
