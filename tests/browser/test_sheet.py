"""The feedback page in a real browser: silent, still, readable on a phone, in the dark, by keyboard and on paper."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from autograder.render.html import report_html
from autograder.report.report import Array, Example, ExerciseReport, Finding, Report
from tests.render.conftest import SITUATIONS, array
from tests.render.test_sheet import FINDING

pytestmark = pytest.mark.slow
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
OPEN = "document.querySelectorAll('details').forEach(each => { each.open = true })"
LONG = "a_very_long_name_without_any_place_to_break_it_in_two_lines_" * 2


def report(*findings: Finding) -> Report:
    """A submission with everything that a page can show."""
    exercise = ExerciseReport("conv", "02_layers", "failed", 0.5, 2.0, findings, "ab" * 32, "cd" * 32, "hw/conv.py")
    return Report("ann", "local", 0.5, 2.0, (exercise,), ("A note.",), "0.1.0", {"python": "3.11"})


WIDE = Example(
    "B = 1", "dx", {"x": Array((40,), tuple(map(float, range(40)))), "f": "def f(x):\n    return x"},
    array([[0.123456] * 12] * 2), array([[-9876.54321] * 12] * 2),
)  # fmt: skip
FULL = report(
    FINDING,
    Finding(
        "values",
        LONG,
        "failed",
        LONG,
        0,
        1,
        LONG,
        LONG,
        LONG,
        LONG,
        example=WIDE,
        ladder=(LONG, LONG, f"A case\n{LONG}"),
    ),
    Finding("speed", "conv", "slow", None, 0.5, 1, "slow", figures={"ratio": 41.0, "fast": 5.0, "fair": 60.0}),
    Finding("speed", "conv_backward", "passed", None, 1, 1, figures={"ratio": 2.0, "fast": 5.0, "fair": 60.0}),
    Finding("training", "train", "passed", "accuracy", 1, 1, series={"loss": (3.0, 1.0, 0.2)}),
)
PAGES = {"full": FULL} | {name: SITUATIONS[name] for name in ("partly_right", "examples", "broken", "hostile")}


@pytest.mark.parametrize("colour", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_it_is_silent_narrow_and_readable(visit, name, colour):
    """No request, no word on the console; no sideways scrolling at 360 pixels; every text with a contrast of 4.5."""
    seen = visit(report_html(PAGES[name]), width=360, colour=colour)
    seen.page.evaluate(OPEN)
    assert (seen.requests, seen.console, seen.wide) == ([], [], False)
    assert seen.page.evaluate(CONTRAST) == []


def test_hints_open_by_keyboard(visit):
    """Tab leads to the summaries in order, Enter opens one; nothing is open before."""
    seen = visit(report_html(FULL))
    assert seen.page.locator("details[open]").count() == 0
    for _ in range(12):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("document.activeElement.textContent") == "The formula, with a hole":
            break
    assert not seen.page.locator("math").first.is_visible()
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("math").first.is_visible()
    assert seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_formula_is_set_as_mathematics(visit):
    """The sum has its limit below it, and the hole is as wide as something to write into."""
    seen = visit(report_html(FULL))
    seen.page.evaluate(OPEN)
    sign, limit = (seen.page.locator(f"munder > :{place}-child").first.bounding_box() for place in ("first", "last"))
    assert limit["y"] > sign["y"] + sign["height"] / 2
    assert seen.page.locator("mi.hole").first.bounding_box()["width"] > 15


def test_headings_tables_and_drawings_are_told_to_those_who_hear(visit):
    """Headings never skip a level; every table has a name and heads; every drawing that says something has words."""
    seen = visit(report_html(FULL))
    levels = [
        int(tag[1])
        for tag in seen.page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(h => h.tagName)")
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert seen.page.locator("table:not([aria-label])").count() == 0
    assert seen.page.locator("svg:not([aria-hidden]):not([aria-label])").count() == 0
    assert (
        seen.page.get_by_role("img", name="41× the reference's time; all points up to 5×, half up to 60×").count() == 1
    )
    assert seen.page.get_by_role("navigation", name="Exercises").count() == 1
    assert seen.page.get_by_role("columnheader").count() > 10


def test_a_link_leads_to_its_exercise(visit):
    """From the table of contents."""
    seen = visit(report_html(SITUATIONS["partly_right"]), height=400)
    seen.page.get_by_role("link", name="dense").click()
    assert seen.page.locator("h2", has_text="dense").bounding_box()["y"] < 400


def test_on_paper_everything_is_open(visit, browser):
    """Printed, what is folded on the screen is there; the page makes a PDF."""
    seen = visit(report_html(FULL), colour="dark")
    seen.page.emulate_media(media="print")
    assert seen.page.locator("math").first.bounding_box()["height"] > 5
    assert seen.page.evaluate(CONTRAST) == []
    pdf = seen.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and len(pdf) > 10_000


def test_themes_differ(visit):
    """Dark is dark, and light is light."""
    grounds = [
        visit(report_html(FULL), colour=colour).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for colour in ("light", "dark")
    ]
    light, met_hidden = (sum(map(int, ground.strip("rgb()").split(","))) for ground in grounds)
    assert light > 700 and met_hidden < 120


# What the fixture must see, or every test that uses it would be blind.


def test_a_noisy_page_is_heard(visit):
    """A word on the console, an error and a request each leave a trace."""
    seen = visit('<!doctype html><script>console.log("word"); throw Error("oops")</script><img src="missing.png">')
    assert "word" in seen.console
    assert any("oops" in words for words in seen.console)
    assert [url.rpartition("/")[2] for url in seen.requests] == ["missing.png"]


def test_a_wide_page_is_seen(visit):
    """What sticks out to the right makes the page wide."""
    assert visit("<!doctype html><div style='width: 500px'>x</div>", width=360).wide
    assert not visit("<!doctype html><p>short</p>", width=360).wide


def test_a_theme_is_asked_for(visit):
    """Dark and light are what the page is told."""
    met_hidden = "matchMedia('(prefers-color-scheme: dark)').matches"
    assert visit("<!doctype html>", colour="dark").page.evaluate(met_hidden)
    assert not visit("<!doctype html>", colour="light").page.evaluate(met_hidden)
