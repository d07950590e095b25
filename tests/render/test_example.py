"""The smallest failing example as grids of text: layout, marked entries and width."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.render.page import Page, columns, plain
from autograder.render.terminal import example_lines
from autograder.report.report import Array, Example, Finding
from autograder.report.slices import RIGHT, slices
from tests.marked import marked

WIDE = Page(100)
numbers = st.floats(-1e6, 1e6, allow_subnormal=False) | st.sampled_from(["nan", "inf", "-inf", 0.0, 1.0])
shapes = st.lists(st.integers(1, 13), max_size=2) | st.lists(st.integers(1, 3), max_size=5)


@st.composite
def drawn(draw):
    """An example of any shape, with some entries changed."""
    shape = tuple(draw(shapes))
    values = draw(st.lists(numbers, min_size=(size := int(np.prod(shape))), max_size=size))
    other = [draw(numbers) if draw(st.booleans()) else value for value in values]
    name = draw(st.sampled_from(["dx", "dw", "grads['conv_w']"]))
    shown = {"x": Array((1,), (2.0,))}
    return marked(Example("B = 1", name, shown, Array(shape, tuple(values)), Array(shape, tuple(other))))


def text(example, page=WIDE, case=None):
    """The lines of an example without colours."""
    found = Finding("values", "f", "failed", example=example, case=case)
    return [plain(line) for line in example_lines(found, page, "")]


def test_the_examples_read_well(examples, golden):
    """Each kind reads as it was once read and found good."""
    told = [f"# {name}\n" + "\n".join(text(shown)) for name, shown in examples.items()]
    golden("examples.txt", "\n\n".join(told) + "\n")


def test_a_case_is_told_where_it_is_the_check_s_own(examples):
    """A small input says all there is to say by itself."""
    assert text(examples["a check's own case"], case="stride 3, pad 1")[0] == (
        "smallest input that fails: “stride 3, pad 1, after 2 calls in a row”"
    )
    assert text(examples["a table"], case="stride 3, pad 1")[0] == "smallest input that fails"


@given(drawn(), st.integers(40, 120), st.sampled_from(["utf-8", "ascii"]))
def test_no_example_is_wider_than_its_page(example, width, encoding):
    """Whatever its numbers and its shape."""
    for line in text(example, Page(width, encoding)):
        assert columns(line) <= width
        line.encode(encoding)


@given(drawn())
def test_exactly_the_entries_that_differ_are_marked(example):
    """Those that the checks call wrong, whose numbers look different; a right one has a dot for a difference."""
    shown, more = slices(example)
    assert len(shown) <= 3
    for part in shown:
        expected, yours, difference = part.panels
        for i, j in ((i, j) for i, row in enumerate(expected.rows) for j, _ in enumerate(row)):
            wrong = yours.rows[i][j].level != 0
            assert not wrong or expected.rows[i][j].text != yours.rows[i][j].text
            assert (difference.rows[i][j].text != RIGHT) == wrong == (difference.rows[i][j].level != 0)
    if not more and not any(part.cropped for part in shown):
        levels = [cell.level for part in shown for row in part.panels[1].rows for cell in row]
        assert sum(level != 0 for level in levels) == len(example.wrong)


@pytest.mark.parametrize(
    ("name", "shape", "label", "size"),
    [
        ("dx", (2, 3, 4, 5), "dx[0, :, :, 0]", (3, 4)), ("dw", (2, 3, 4, 5), "dw[:, :, 0, 0]", (2, 3)),
        ("grads['conv_w']", (2, 3, 4, 5), "grads['conv_w'][:, :, 0, 0]", (2, 3)),
        ("out", (2, 3, 4), "out[0, :, :]", (3, 4)), ("out", (2, 3), "out", (2, 3)), ("db", (5,), "db", (1, 5)),
        ("loss", (), "loss", (1, 1)),
        ("out", (1, 1, 2, 1, 3), "out[0, 0, 0, :, :]", (1, 3)),
    ],
)  # fmt: skip
def test_images_and_kernels_lie_in_their_plane(name, shape, label, size):
    """Height and width, and Python's own words for the slice."""
    zeros = Array(shape, (0.0,) * int(np.prod(shape)))
    ones = Array(shape, (1.0,) * int(np.prod(shape)))
    part = slices(marked(Example("", name, {}, zeros, ones)))[0][0]
    assert (part.label, (len(part.rows), len(part.columns))) == (label, size)


@pytest.mark.parametrize(
    ("expected", "yours", "levels"),
    [
        ([1, 1, 1, 1, 1], [1, 2, 3, 4, 5], [0, 1, 2, 3, 4]),
        ([0, 0, 0], [-8, 4, 1e-12], [-4, 2, 0]),
        ([0, 0, 0], ["nan", "-inf", 1], [4, -4, 4]),
        (["inf", "nan", 1], ["inf", "nan", 1], [0, 0, 0]),
    ],
)
def test_colours_say_how_far_and_to_which_side(expected, yours, levels):
    """In four steps of the largest difference; what is no number is as far as can be."""
    shape = (len(expected),)
    shown = marked(Example("", "dx", {}, Array(shape, tuple(expected)), Array(shape, tuple(yours))))
    part = slices(shown)[0][0]
    assert [cell.level for cell in part.panels[1].rows[0]] == levels


def test_of_many_slices_the_first_that_differ_are_shown(examples):
    """And how many more there are is said."""
    shown, more = slices(examples["images, three slices of four"])
    assert ([part.label for part in shown], more) == (["dx[0, :, :, 0]", "dx[0, :, :, 1]", "dx[1, :, :, 0]"], 1)
    assert "  and 1 more slice differs" in text(examples["images, three slices of four"])
