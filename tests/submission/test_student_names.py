"""Untrusted names become safe file names and printable text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.escape import show
from autograder.submission.source import slug

ANY = st.text(st.characters(), max_size=40)
NASTY = st.text(st.sampled_from("aAb.-_/\\ :\0\n\x1b\u202e\u200b\ud800é½COMN1"), max_size=8)


@pytest.mark.parametrize("name", ["alice", "s1234567", "Doe_Jane", "a.b@uni.edu", "张伟", "José", "x-1"])
def test_an_ordinary_name_stays(name: str) -> None:
    """A safe name is its own file name."""
    assert name == slug(name)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("../../x", "_.._x-"),
        ("CON", "_CON-"),
        ("con.txt", "_con.txt-"),
        ("COM¹", "_COM1-"),
        ("alice.", "alice-"),
        ("-rf", "rf-"),
        ("", "student-"),
        ("...", "student-"),
        ("a\u202eb\u200bc", "a_b_c-"),
        ("a\x1b[31m\nb", "a__31m_b-"),
        ("A" * 4096, "A" * 100 + "-"),
        ("é" * 4096, "é" * 50 + "-"),
        ("x-0123456789ab", "x-0123456789ab-"),
    ],
)
def test_a_dangerous_name_is_changed_and_signed(name: str, start: str) -> None:
    """A changed name keeps its readable part and carries twelve digits of its hash."""
    result = slug(name)

    assert start == result[:-12]
    assert set(result[-12:]) <= set("0123456789abcdef")


@given(st.one_of(ANY, NASTY))
def test_every_slug_is_one_safe_path_component(name: str) -> None:
    """Every slug is one path component: it leaves no folder, is not hidden, and is valid on every file system."""
    result = slug(name)

    assert 0 < len(result.encode()) <= 113
    assert all(char.isalnum() or char in "_-.@+" for char in result)
    assert result[0] not in ".-"
    assert not result.endswith(".")
    assert result.split(".")[0].casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert slug(result) == result or result != name


@given(st.one_of(ANY, NASTY), st.one_of(ANY, NASTY))
def test_two_names_never_share_a_slug(one: str, other: str) -> None:
    """Two names never share a slug."""
    assert (one == other) == (slug(one) == slug(other))


@given(st.one_of(ANY, NASTY))
def test_a_slug_of_a_slug_belongs_to_someone_else(name: str) -> None:
    """A name that equals another name's slug gets a slug of its own."""
    if slug(name) != name:
        assert slug(slug(name)) != slug(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conv2d.py", "conv2d.py"),
        ("José 张伟 ✔", "José 张伟 ✔"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b]8;;http://x\x07", r"\x1b]8;;http://x\x07"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("a\u202eb\u2066c\u200fd", r"a\u202eb\u2066c\u200fd"),
        ("a\u200bb\u2060\ufeff\u00ad", r"a\u200bb\u2060\ufeff\xad"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\udcff", r"\udcff"),
        ("\U000e0041\u3164\ufe0f", r"\U000e0041\u3164\ufe0f"),
        ("a\\b", "a\\b"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, expected: str) -> None:
    """Characters that cannot be seen are escaped."""
    assert expected == show(text)


@given(ANY)
def test_shown_text_is_inert_and_stays_so(text: str) -> None:
    """Escaped text is one line without control, format or surrogate characters, and escaping it again changes
    nothing."""
    shown = show(text)

    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert shown == show(shown)
    shown.encode("utf-8")
