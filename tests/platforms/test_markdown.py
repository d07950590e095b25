"""The step's summary: nothing in it acts, whatever a student's text holds; it never grows too large."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from autograder.render.services import to_markdown
from autograder.report.escape import show
from autograder.report.report import Report
from tests.platforms.cases import CASES, HOSTILE, exercise, report, reports

TAGS = {"h2", "p", "code", "table", "tr", "th", "td", "b", "br", "details", "summary", "pre"}
ATTRIBUTES = {("td", "align", "right"), ("details", "open", None)}


class Page(HTMLParser):
    """A page's tags and text, as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[tuple[str, str, str | None]] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.tags.append(tag)
        self.attributes |= {(tag, name, value) for name, value in attrs}

    def handle_data(self, data: str) -> None:
        """Remember it."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """There are none."""
        self.tags.append("comment")


def page(report: Report) -> Page:
    """The summary as it is rendered, by another's Markdown with tables, raw HTML and links on."""
    return Page(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(to_markdown(report)))


@pytest.mark.parametrize("case", CASES)
def test_only_our_own_tags(case: str) -> None:
    """One heading, tables, folded details: no link, no picture, no script, no attribute but two."""
    found = page(CASES[case])
    assert set(found.tags) <= TAGS and 1 == found.tags.count("h2")
    assert found.attributes <= ATTRIBUTES


@given(reports())
def test_no_text_becomes_a_tag(report: Report) -> None:
    """For any text in any field."""
    found = page(report)
    assert set(found.tags) <= TAGS and 1 == found.tags.count("h2")
    assert found.attributes <= ATTRIBUTES


def test_hostile_text_is_read_as_it_is() -> None:
    """All of it stands there, escaped and on one line, for who wants to read it; `code` in backticks is code."""
    shown = show(HOSTILE).replace("`", "")
    assert shown in page(CASES["hostile"]).text.replace("`", "")


def test_what_a_student_reads() -> None:
    """Points, status, message, hint, the mistake's name, and that it is no grade."""
    text = to_markdown(CASES["partly right"])
    assert text.startswith("## handgrad: 12.5 of 17 points\n")
    for words in ("✘ failed", "5.5/10", "dx is empty.", "→ Say it.", "known mistake: crop with pad zero", "sealed"):
        assert words in text
    assert "feedback, not a grade" in to_markdown(CASES["feedback"])
    assert "so far" in to_markdown(CASES["broken"]) and "not graded" in to_markdown(CASES["broken"])


@pytest.mark.parametrize("limit", [2_000, 20_000, 500_000])
def test_a_summary_is_never_too_large(limit: int) -> None:
    """What does not fit is left out and said to be; the totals always fit; 600 exercises with long messages."""
    words = {"message": "张" * 3_000, "hint": HOSTILE * 5}
    large = report("max", *(exercise(f"e{i}", "failed", 1.0, 2.0, **words) for i in range(600)))
    text = to_markdown(large, limit)
    assert len(text.encode()) <= limit
    assert "handgrad: 600 of 1200 points" in text and "The rest is left out" in text
    assert set(Page(text).tags) <= TAGS
