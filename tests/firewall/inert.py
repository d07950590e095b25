"""What makes a text inert where it is read: in a log, a terminal, a spreadsheet, a browser, a program."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Collection
from html.parser import HTMLParser
from importlib import resources
from xml.etree import ElementTree

SCRIPT = resources.files("autograder.render.html").joinpath("overview.js").read_text(encoding="utf-8")
# Letters and spaces by Unicode's word, of which nothing is to be seen.
KINDS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u00a0\ufe0f")
# All elements and attributes that pages of ours are made of. None loads, links, submits or runs anything.
ELEMENTS = frozenset(
    "a article b body button caption code dd details div dl dt figcaption figure footer g h1 h2 h3 head header html i"
    " input label li line main math meta mfrac mi mn mo mrow mspace msqrt msub msubsup msup mtext munder munderover"
    " nav noscript ol option output p path polyline pre rect script section select span style summary svg table tbody"
    " td text th thead title tr ul".split()
)
ATTRIBUTES = frozenset(
    "aria-hidden aria-label aria-labelledby autocomplete charset class colspan content d data-column data-compare"
    " data-kind data-label data-number data-wrong displaystyle for height hidden href http-equiv id lang largeop name"
    " placeholder points preserveaspectratio role rx scope spellcheck style tabindex text-anchor type value viewbox"
    " width x x1 x2 y y1 y2".split()
)
STYLES = r"(width: \d+%|border: 0|font-size: .9em; padding-left: 16px)?"
# The summary of a build service, and of its elements those that are plain words.
PLAIN = frozenset("p br code table tr th td details summary b pre".split())


def lines_of(text: str) -> str:
    """Lines for a log: no control but the line's end, nothing unseen, no command of a build service."""
    unseen = [char for char in text if char != "\n" and (unicodedata.category(char) in KINDS or char in UNSEEN)]
    assert not unseen, unseen
    assert not re.search(r"^\s*::|##\w*\[", text, re.MULTILINE)
    text.encode("utf-8")
    return text


def dressed(text: str) -> str:
    """The same, with colours of ours around it and nothing else that a terminal obeys."""
    return lines_of(re.sub(r"\x1b\[[0-9;]*m", "", text))


def cells_of(text: str) -> None:
    """A spreadsheet: no cell that is computed, no row that was not written."""
    lines_of(text)
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            first = unicodedata.normalize("NFKC", cell.lstrip())[:1]
            assert first not in tuple("=+-@\t\r") or re.fullmatch(r"-?[\d.e+-]+", cell), cell


def json_of(text: str) -> None:
    """Data for programs, and inert in a log."""
    json.loads(text)
    lines_of(text)
    assert text.isascii()


def xml_of(text: str) -> None:
    """Well-formed, and no more elements than findings make."""
    lines_of(text)
    tags = {element.tag for element in ElementTree.fromstring(text.encode("utf-8")).iter()}
    assert tags <= {"testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped"}


def commands_of(text: str) -> None:
    """One command a line, and each of them one that we gave: an error or a warning with a file, a line and a title."""
    for line in text.split("\n")[:-1]:
        assert re.fullmatch(r"::(error|warning) (file=[^,:]*,)?(line=\d+,)?title=[^,:]*::[^\r\n]*", line), line


class Browser(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, elements: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.elements = elements
        self.scripts = self.styles = self.policies = 0
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing but what our pages are made of; scripts, styles and what the head demands are counted."""
        self.inside = tag
        self.scripts += tag == "script"
        self.styles += tag == "style"
        assert tag in self.elements, tag
        given = {name: value or "" for name, value in attrs}
        assert given.keys() <= ATTRIBUTES | {"open", "align"}, given
        assert re.fullmatch(r"(#[\w-]+|feedback/[\w.%-]+|grades\.csv)?", given.get("href", "")), given
        assert re.fullmatch(STYLES, given.get("style", "")), given
        assert given.get("http-equiv", "Content-Security-Policy") == "Content-Security-Policy"
        self.policies += "http-equiv" in given
        for value in given.values():
            _seen(value)

    def handle_endtag(self, tag: str) -> None:
        """What stands behind it is text again."""
        self.inside = ""

    def handle_data(self, data: str) -> None:
        """Text."""
        if self.inside not in ("script", "style"):
            _seen(data)

    def handle_comment(self, data: str) -> None:
        """We write none."""
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        """Nor marked sections."""
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        """Nor instructions."""
        raise AssertionError(data)


def _seen(text: str) -> None:
    """Every character of it can be seen."""
    lines_of(re.sub(r"^\s*::", "", text, flags=re.MULTILINE))  # a page is no log: a line may begin with colons


def _page(text: str, elements: Collection[str]) -> Browser:
    text.encode("utf-8")
    page = Browser(elements)
    page.feed(text)
    page.close()
    return page


def sheet_of(text: str) -> None:
    """A page without any script, under a policy that allows none."""
    page = _page(text, ELEMENTS)
    assert (page.scripts, page.styles, page.policies) == (0, 1, 1)
    assert "script-src" not in text.partition("</head>")[0]


def overview_of(text: str) -> None:
    """A page with its data and the one script of ours, and data that is data."""
    page = _page(text, ELEMENTS)
    assert (page.scripts, page.styles, page.policies) == (2, 1, 1)
    _, data, script = (part.partition(">")[2].partition("</script>")[0] for part in text.split("<script"))
    lines_of(json.dumps(json.loads(data), ensure_ascii=False).replace("##", ""))
    assert script == SCRIPT


def panel_of(text: str) -> None:
    """A fragment in a page that is not ours: one style, and nothing that runs."""
    page = _page(text, ELEMENTS)
    assert (page.scripts, page.styles, page.policies) == (0, 1, 0)


def markdown_of(text: str) -> None:
    """A summary: text from outside stands in HTML of plain words, and what is left is harmless Markdown of ours."""
    lines_of(text)
    assert _page(text, PLAIN).scripts == 0
    blocks = r"(?s)^<(p|table|details|pre)\b.*?</\1>"
    assert "\n\n" not in "".join(found[0] for found in re.finditer(blocks, text, re.MULTILINE))
    assert not re.search(r"\]\(|!\[|<", re.sub(blocks, "", text, flags=re.MULTILINE))
