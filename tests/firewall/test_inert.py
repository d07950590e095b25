"""The tester's tester: what is dangerous in a place is seen there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.firewall.inert import (
    cells_of,
    commands_of,
    dressed,
    json_of,
    lines_of,
    markdown_of,
    panel_of,
    sheet_of,
    xml_of,
)  # fmt: skip


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (lines_of, "a\n  ::error::x"), (lines_of, "\x1b[31m"), (lines_of, "\u202e"), (lines_of, "##[group]"),
        (dressed, "\x1b]0;x\x07"), (cells_of, '"=1+1"'), (cells_of, '"a","＠x"'), (json_of, "{"), (json_of, '"é"'),
        (xml_of, "<testsuites><x/></testsuites>"), (commands_of, "::set-output name=a::b\n"), (commands_of, "x\n"),
        (panel_of, "<img src=x>"), (panel_of, "<a href='javascript:x'>"), (panel_of, "<p onclick=x>"),
        (panel_of, "<style></style><p class='\u202e'>"), (panel_of, "<style></style>\u200b"),
        (sheet_of, "<style></style>"),
        (panel_of, "<style></style><script></script>"), (panel_of, "<style></style><i style='background:url(x)'>"),
        (panel_of, "<style></style><!-- x -->"), (markdown_of, "![a](b)"), (markdown_of, "<section>"),
        (markdown_of, "<p>a\n\nb</p>"), (json_of, '"##vso[x]"'), (lines_of, "\u3164"),
    ],
)  # fmt: skip
def test_the_checks_see_what_is_dangerous(check: Callable[[str], object], text: str) -> None:
    """One danger each."""
    with pytest.raises((AssertionError, ValueError)):
        check(text)
