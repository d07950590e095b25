"""Folding, cutting and measuring, for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.render.page import Page, Segment, columns, fill, fold, guard, plain, points, shorten

TEXT = st.text(st.one_of(st.sampled_from("ab  :\u5f20e\u0301"), st.characters()), max_size=60)


@given(TEXT, st.integers(2, 30))
def test_folding_fits_and_loses_nothing_but_blanks(text: str, width: int) -> None:
    """Every line fits, and the words are all there in their order."""
    lines = fold(text, width)

    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXT, st.integers(2, 30))
def test_a_cell_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    """Cutting never overshoots, also in front of a wide character, and filling makes up the rest."""
    assert columns(shorten(text, width)) <= width
    assert columns(fill(text, width)) == width
    assert columns(text) > width or shorten(text, width) == text


def test_words_stay_whole_and_alignment_stays() -> None:
    """A line breaks at a space; blanks inside a line, which align numbers, are kept."""
    assert fold("expected   1.5  got   2.5 in all", 24) == ["expected   1.5  got", "2.5 in all"]
    assert fold("", 10) == [""]


@pytest.mark.parametrize(
    ("score", "most", "bar"),
    [
        (0, 10, "░░░░░░░░░░"),
        (0.001, 10, "█░░░░░░░░░"),
        (5, 10, "█████░░░░░"),
        (9.999, 10, "█████████░"),
        (0.3 + 0.3 + 0.3, 0.9, "██████████"),
        (12, 10, "██████████"),
        (0, 0, "░░░░░░░░░░"),
    ],
)
def test_a_bar_is_full_only_when_nothing_is_missing(score: float, most: float, bar: str) -> None:
    """A bar never rounds up to a pass nor down to nothing."""
    assert Page().bar(score, most) == bar


@pytest.mark.parametrize(("value", "text"), [(7.0, "7"), (7.5, "7.5"), (22 / 3, "7.33"), (100, "100"), (0, "0")])
def test_points_have_no_needless_digits(value: float, text: str) -> None:
    """Scores read as a person would write them."""
    assert points(value) == text


def test_a_page_writes_only_what_its_encoding_has() -> None:
    """A plain terminal gets plain marks for ours and escapes for the rest, and the width still holds."""
    page = Page(60, "ascii")

    assert page.ink("“≥ 1.8×” → 张") == '">= 1.8x" > \\u5f20'
    assert page.bar(5, 10) == "#####-----"
    assert [page.symbol(status) for status in ("passed", "failed", "skipped")] == ["+", "x", "."]
    assert Page(60, "latin-1").ink("é×✔") == "é×+"


@pytest.mark.parametrize("text", ["::set-output::x", "   ::error::x"])
def test_a_line_that_a_build_service_would_obey_is_guarded(text: str) -> None:
    """No line begins with two colons, after blanks either."""
    assert plain(guard([(Segment(text[:3]), Segment(text[3:]))])[0]) == "\\" + text
    assert guard([(Segment("x ::y"),)]) == [(Segment("x ::y"),)]


def test_very_long_text_is_cut_where_one_sees_it() -> None:
    """A name of a million characters costs a few lines."""
    assert Page().ink("a" * 1_000_000) == "a" * 1_999 + "…"
