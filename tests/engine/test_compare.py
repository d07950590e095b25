"""Compare: laws that hold for all arrays, and hostile values one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.numeric.compare import allowance, compare, same, show
from autograder.values import Unsupported

RTOL, ATOL = 1e-8, 1e-11
SHAPES = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)
FINITE = st.floats(-1e300, 1e300)
arrays = hnp.arrays(np.float64, SHAPES, elements=FINITE)
anything = hnp.arrays(np.float64, SHAPES, elements=st.floats())
scalars = st.one_of(st.floats(), st.integers(-(2**60), 2**60), st.booleans(), st.none(), st.text(max_size=3))
plain = st.recursive(
    st.one_of(scalars, anything, hnp.arrays(np.int64, SHAPES), hnp.arrays(np.bool_, SHAPES)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3), st.tuples(inner, inner)
    ),
    max_leaves=5,
)


def differs(got, expected):
    """Whether compare finds a difference."""
    return compare("out", got, expected, RTOL, ATOL) is not None


@st.composite
def spots(draw):
    """An array of finite numbers and an index into it."""
    expected = draw(arrays)
    return expected, tuple(draw(st.integers(0, side - 1)) for side in expected.shape)


@given(plain)
def test_everything_equals_itself(value):
    """compare(x, x) is None for all plain data, nan and inf inside included."""
    assert compare("out", value, value, RTOL, ATOL) is None


@given(plain)
def test_everything_is_the_same_as_itself(value):
    """same(x, x) for all plain data."""
    assert same(value, value)


@given(spots(), st.floats(2, 1e6), st.sampled_from([-1, 1]))
def test_a_perturbation_beyond_the_allowance_is_caught(spot, factor, sign):
    """Wherever it sits and however small the entry beside it is."""
    expected, index = spot
    got = expected.copy()
    got[index] += sign * factor * allowance(expected, RTOL, ATOL)[index]
    found = compare("out", got, expected, RTOL, ATOL)
    assert found is not None and found.kind == "values"
    assert found.text.startswith(f"out[{', '.join(map(str, index))}] is ")


@given(arrays, st.floats(-0.99, 0.99))
def test_what_lies_within_the_allowance_passes(expected, share):
    """The tolerance is a promise in both directions."""
    assert not differs(expected + share * allowance(expected, RTOL, ATOL), expected)


@given(spots(), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_an_unexpected_nan_or_inf_is_always_caught(spot, value):
    """No size of the other entries makes room for one."""
    expected, index = spot
    got = expected.copy()
    got[index] = value
    found = compare("out", got, expected, RTOL, ATOL)
    assert found is not None and found.kind == "nonfinite" and found.plain == "out holds nan or inf."


@given(spots(), st.sampled_from([np.nan, np.inf, -np.inf]), FINITE)
def test_an_expected_nan_or_inf_is_demanded(spot, value, instead):
    """A finite number, or the other infinity, is not it."""
    expected, index = spot
    expected[index] = value
    got = expected.copy()
    for wrong in (instead, -value):
        got[index] = wrong
        assume(not np.isnan(wrong))
        assert differs(got, expected)


@given(arrays, SHAPES)
def test_another_shape_is_always_caught(expected, shape):
    """Broadcasting never hides a shape."""
    assume(shape != expected.shape)
    found = compare("out", np.resize(expected, shape), expected, RTOL, ATOL)
    assert found is not None and found.kind == "shape"


@given(arrays, st.sampled_from([np.float32, np.float16, np.int64, np.complex128, np.bool_, np.longdouble]))
def test_another_dtype_is_always_caught(expected, dtype):
    """Precision lost, or a number of another kind, is told even where the values agree."""
    with np.errstate(all="ignore"):
        got = np.zeros_like(expected, dtype=dtype)
    found = compare("out", got, expected, RTOL, ATOL)
    assert found is not None and found.kind == "dtype"


@given(hnp.arrays(np.int64, SHAPES), st.data())
def test_integers_are_compared_exactly(expected, data):
    """A single unit is a difference, however large the number."""
    index = tuple(data.draw(st.integers(0, side - 1)) for side in expected.shape)
    got = expected.copy()
    got[index] ^= 1
    assert differs(got, expected)
    assert not same(got, expected)


@given(arrays)
def test_the_allowance_is_finite_and_at_least_atol(expected):
    """An infinite allowance would pass anything: the square of 1e200 must not make one."""
    allowed = allowance(expected, RTOL, ATOL)
    assert np.all(np.isfinite(allowed)) and np.all(allowed >= ATOL) and allowed.shape == expected.shape


def test_the_allowance_is_what_the_tolerance_says():
    """rtol·(|expected| + rms) + atol, with inf and nan left out of the rms."""
    expected = np.array([3.0, -4.0, np.inf, np.nan])
    rms = np.sqrt((9 + 16) / 4)
    assert allowance(expected, 0.1, 0.01) == pytest.approx(
        [0.1 * (3 + rms) + 0.01, 0.1 * (4 + rms) + 0.01, 0.1 * rms + 0.01, 0.1 * rms + 0.01]
    )


HUGE = np.array([1e200, 1.0])
ONES = np.ones((2, 3))
HOSTILE = [
    ("None for an array", None, ONES, "out is None, expected an array of shape (2, 3)."),
    ("a string for an array", "a" * 99, ONES, f"out is '{'a' * 59}, expected an array of shape (2, 3)."),
    ("a list for an array", [[1.0] * 3] * 2, ONES, "out is a list of 2, expected an array of shape (2, 3)."),
    ("an object", Unsupported("object"), ONES, "out is an object of type object, expected an array of shape (2, 3)."),
    ("a masked array", Unsupported("MaskedArray"), ONES,
     "out is an object of type MaskedArray, expected an array of shape (2, 3)."),
    ("a number without dimensions", np.array(1.0), ONES, "out has shape (), expected (2, 3)."),
    ("a scalar of float32", np.float32(1), ONES, "out is 1, expected an array of shape (2, 3)."),
    ("the transposed", np.ones((3, 2)), ONES,
     "out has shape (3, 2), expected (2, 3). The values are right, only the shape is not."),
    ("an empty array", np.empty((0, 3)), ONES, "out is empty: shape (0, 3), expected (2, 3)."),
    ("anything but an empty array", ONES, np.empty((0, 3)), "out has shape (2, 3), expected (0, 3)."),
    ("strings of the right shape", np.full((2, 3), "1"), ONES,
     "out has dtype <U1, expected float64. Keep the precision of the input."),
    ("strings of another shape", np.full((3, 2), "1"), ONES, "out has shape (3, 2), expected (2, 3)."),
    ("complex numbers of another shape", np.ones((3, 2), complex), ONES, "out has shape (3, 2), expected (2, 3)."),
    ("floats for integers", np.ones(2), np.array([1, 1]),
     "out has dtype float64, expected int64. Counts, labels and indices are whole numbers: `//` and .astype(int) give "
     "them."),
    ("truth for integers", np.array([True]), np.array([1]),
     "out has dtype bool, expected int64. A comparison gives True and False; .astype(int) makes numbers."),
    ("truth for floats", np.ones((2, 3), bool), ONES,
     "out has dtype bool, expected float64. A comparison gives True and False; .astype(float) makes numbers."),
    ("integers for floats", np.ones((2, 3), int), ONES,
     "out has dtype int64, expected float64. An array of ints cuts off what stands behind the point: make it one of "
     "floats."),
    ("integers for truth", np.array([1]), np.array([True]),
     "out has dtype int64, expected bool. A comparison such as x > 0 gives truth values."),
    ("a wrong truth in an array", np.array([True, True]), np.array([True, False]),
     "out[1] is 1, expected 0 (1 of 2 entries differ)."),
    ("a bool for a number", True, 1, "out is True, expected the number 1."),
    ("a NumPy bool for an int", np.True_, 1, "out is True, a bool; expected the int 1."),
    ("a number for a bool", 1, True, "out is 1, expected True."),
    ("the other bool", False, True, "out is False, expected True."),
    ("an array for a bool", np.array([True]), True, "out is an array of shape (1,), expected True."),
    ("a float for an int", 7.0, 7, "out is 7, a float64; expected the int 7."),
    ("nan for an int", np.nan, 7, "out is nan, a float64; expected the int 7."),
    ("None for a number", None, 1.5, "out is None, expected the number 1.5."),
    ("a string for a number", "1.5", 1.5, "out is '1.5', expected the number 1.5."),
    ("float32 for a number", np.float32(1.5), 1.5,
     "out has dtype float32, expected float64. Keep the precision of the input."),
    ("a complex number", 1.5 + 0j, 1.5, "out is (1.5+0j), expected the number 1.5."),
    ("a complex scalar of NumPy", np.complex128(1.5), 1.5, "out has dtype complex128."),
    ("an array of one number", np.array([[1.5]]), 1.5,
     "out has shape (1, 1), expected (). The values are right, only the shape is not."),
    ("no list", None, [1], "out is None, expected a list of 1."),
    ("an array for a list", np.array([1]), [1], "out is an array of shape (1,), expected a list of 1."),
    ("a short list", [1], [1, 2], "out has 1 items, expected 2."),
    ("a wrong item", [1, 5], [1, 2], "out[1] is 5, expected 2."),
    ("no dict", [1], {"a": 1}, "out is a list of 1, expected a dict with the keys a."),
    ("other keys", {1: 2, "b": 3}, {"a": 1}, "out has the keys 1, b, expected a."),
    ("a wrong value", {"a": [1.0, np.ones(2)]}, {"a": [1.0, np.zeros(2)]},
     "out['a'][1][0] is 1, expected 0 (2 of 2 entries differ)."),
    ("another string", "max", "mean", "out is 'max', expected 'mean'."),
    ("something for nothing", 0, None, "out is 0, expected None."),
    ("inf beside a huge number", np.array([1e200, np.inf]), HUGE, "out[1] is inf, expected 1 (1 of 2 entries differ)."),
    ("a wrong huge number", np.array([1.1e200, 1.0]), HUGE,
     "out[0] is 1.1e+200, expected 1e+200 (1 of 2 entries differ)."),
    ("the opposite of the largest number", np.array([-1.7e308]), np.array([1.7e308]),
     "out[0] is -1.7e+308, expected 1.7e+308."),
    ("a difference in the last digits", np.array([1 + 1e-7]), np.array([1.0]), "out[0] is 1.0000001, expected 1."),
]  # fmt: skip


@pytest.mark.parametrize(("got", "expected", "text"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_value_is_told_in_full(got, expected, text):
    """Whatever comes back, one sentence says what it is and what it should be."""
    found = compare("out", got, expected, RTOL, ATOL)
    assert found is not None
    assert found.text == text
    assert not same(got, expected) or found.kind == "dtype"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3.0), (np.int32(3), 3), (np.uint8(3), 3), (np.array(3), 3), (np.float64(2.5), 2.5), (2.5, np.array(2.5)),
        (np.array([3], np.int32), np.array([3])), ((1, 2), [1, 2]), ([1], (1,)), (np.True_, True), (True, np.True_),
        (np.longdouble(2.5), 2.5), (np.asfortranarray(ONES), ONES), (ONES[::-1], ONES),
    ],
)  # fmt: skip
def test_what_is_as_good_passes(got, expected):
    """Widths of integers, scalars of either library, tuples for lists and memory order are the student's choice."""
    assert compare("out", got, expected, RTOL, ATOL) is None


def test_where_is_part_of_every_place():
    """The step is named behind the index."""
    found = compare("w", np.array([1.0, 3.0]), np.array([1.0, 2.0]), RTOL, ATOL, " after step 3")
    assert found is not None and found.text == "w[1] after step 3 is 3, expected 2 (1 of 2 entries differ)."


def test_the_worst_entry_is_shown():
    """Of several differences the largest, of several kinds nan and inf."""
    expected = np.zeros((2, 2))
    found = compare("out", np.array([[0.1, 5.0], [-7.0, 0.0]]), expected, RTOL, ATOL)
    assert found is not None and found.text == "out[1, 0] is -7, expected 0 (3 of 4 entries differ)."
    found = compare("out", np.array([[0.1, np.nan], [-7.0, 0.0]]), expected, RTOL, ATOL)
    assert found is not None and found.text == "out[0, 1] is nan, expected 0 (3 of 4 entries differ)."


@given(spots(), st.floats(1e-6, 1.0))
def test_two_mistakes_that_differ_are_not_the_same(spot, share):
    """A millionth of the largest entry tells two results apart for the diagnosis."""
    expected, index = spot
    scale = np.abs(expected).max()
    assume(scale > 1e-290)
    got = expected.copy()
    got[index] -= np.copysign(share * scale, got[index])
    assert not same(got, expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.ones(2), np.ones((2, 1))), (np.ones(2), np.ones(2, int)), (1.0, 1), (1, True), ([1], [1, 1]),
        ({"a": 1}, {"b": 1}), ("a", "b"), (None, 0), (np.array(["a"]), np.array(["b"])), (np.ones(2), [1.0, 1.0]),
        (Unsupported("object"), Unsupported("function")), (np.array([1.0, np.nan]), np.array([1.0, 2.0])),
    ],
)  # fmt: skip
def test_the_same_for_a_diagnosis_is_strict(one, other):
    """Shape, kind and type all count, and either order says so."""
    assert not same(one, other)
    assert not same(other, one)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Unsupported("Generator"), "an object of type Generator"), (np.ones((2, 1)), "an array of shape (2, 1)"),
        (np.float32(0.5), "0.5"), (np.array(3), "3"), (1 / 3, "0.3333"), ((1, 2), "a tuple of 2"), ({}, "a dict of 0"),
        ("x\ny", "'x\\ny'"), (None, "None"),
    ],
)  # fmt: skip
def test_a_value_is_shown_in_few_characters(value, words):
    """Nothing a student returns can fill a page or break a line."""
    assert show(value) == words


def test_the_tolerance_of_same_reaches_into_lists():
    """What is the same within 1e-3 is the same in a list too, and not within the default."""
    near = [np.array([1.0, 2.0]), (1.0005,)]
    assert same([np.array([1.0005, 2.0]), (1.0,)], near, rtol=1e-3)
    assert not same([np.array([1.0005, 2.0]), (1.0,)], near)
