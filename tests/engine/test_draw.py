"""Draws: what a spec's recipes promise."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.spec import draw
from autograder.values import Rng

seeds = st.integers(0, 2**32).map(np.random.default_rng)
shapes = st.lists(st.integers(0, 5), max_size=3).map(tuple)


@given(seeds, shapes)
def test_shapes_and_dtypes_are_as_asked(rng, shape):
    """float64, and int64 for integers; a fresh array every time."""
    for make in (draw.normal, draw.uniform, draw.away, draw.spaced):
        values = np.asarray(make(*shape)(rng))
        assert (values.shape, values.dtype) == (shape, np.float64)
    assert draw.integers(*shape, below=3)(rng).dtype == np.int64


@given(seeds, st.floats(0.01, 1))
def test_away_keeps_its_margin(rng, margin):
    """No entry lies nearer to 0, and both signs occur."""
    values = draw.away(40, margin=margin)(rng)
    assert np.abs(values).min() >= margin
    assert values.min() < 0 < values.max()


@given(seeds, st.floats(0.01, 1))
def test_spaced_has_no_ties(rng, gap):
    """Any two entries are at least `gap` apart, up to rounding."""
    values = np.sort(draw.spaced(4, 5, gap=gap)(rng).ravel())
    assert np.diff(values).min() >= gap * (1 - 1e-9)


@given(seeds)
def test_uniform_and_integers_stay_in_range(rng):
    """Half-open intervals."""
    values = draw.uniform(50, low=-2, high=3)(rng)
    assert values.min() >= -2 and values.max() < 3
    assert set(draw.integers(50, below=3)(rng)) <= {0, 1, 2}


def test_the_same_generator_makes_the_same_inputs():
    """A seed replays a case exactly."""
    recipe = draw.listed(draw.normal(2), draw.spaced(3), draw.generator())
    first, second = (recipe(np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(first[0], second[0]) and np.array_equal(first[1], second[1])
    assert first[2] == second[2] and isinstance(first[2], Rng)


def test_a_literal_is_always_fresh():
    """Whoever writes into it does not change the next one."""
    recipe = draw.literal([1, 2])
    rng = np.random.default_rng(0)
    recipe(rng)[:] = 0
    assert recipe(rng).tolist() == [1.0, 2.0]
    assert draw.literal([1], dtype=np.int64)(rng).dtype == np.int64


def test_fortran_keeps_values_and_changes_order():
    """The same numbers, in columns."""
    recipe = draw.normal(3, 4)
    plain, columns = (make(np.random.default_rng(0)) for make in (recipe, draw.fortran(recipe)))
    assert np.array_equal(plain, columns)
    assert columns.flags.f_contiguous and not columns.flags.c_contiguous


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        (draw.normal(2, 3), "normal(2, 3)"), (draw.fortran(draw.normal(2, 3)), "fortran normal(2, 3)"),
        (draw.literal([[1]]), "literal(1, 1)"), (draw.derived(lambda rng: 1, "one"), "one"),
    ],
)  # fmt: skip
def test_a_draw_prints_as_it_is_written(recipe, text):
    """So that a message can name it."""
    assert recipe.text == text


@pytest.mark.parametrize("make", [draw.normal, partial(draw.away, margin=0.0)], ids=["normal", "away"])
def test_arrays_that_are_only_timed_are_uniform(make):
    """Up to 65,536 numbers are Gaussian; more have the same mean and variance and a bound."""
    few, many = (make(256, columns)(np.random.default_rng(1)) for columns in (256, 257))
    assert np.abs(few).max() > 3 > 3**0.5 >= np.abs(many).max()
    assert len(np.unique(many)) == many.size
    for values in (few, many):
        assert abs(values.mean()) < 0.02 and abs(values.var() - 1) < 0.02
