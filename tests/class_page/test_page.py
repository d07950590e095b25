"""The class page in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.render.class_page import Classroom, class_page_html
from tests.class_page.conftest import exercise, failed, report

pytestmark = pytest.mark.slow
NAMES = ("relu", "dense", "conv2d")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
CONTRAST = (Path(__file__).parents[1] / "browser" / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def large():
    """5,000 students with three exercises each."""
    room = Classroom(lambda student: f"feedback/{student}.html")
    for number in range(5000):
        parts = [exercise(name, float((number + i) % 11)) for i, name in enumerate(NAMES[:2])]
        room.add(report(f"student{number:04}", *parts, failed("conv2d", "no pad" if number % 100 == 7 else None)))
    return class_page_html(room, "Large")


def words(seen, selector):
    """The text of all elements there, less what cannot be seen."""
    return [item.inner_text() for item in seen.page.locator(selector).all() if item.is_visible()]


def test_it_needs_nothing_but_itself(visit, html):
    """No request, no word on the console, and no sideways scrolling on a phone."""
    seen = visit(html([report("ann", *map(exercise, NAMES))]), width=360)
    assert (seen.requests, seen.console, seen.wide) == ([], [], False)


def test_only_the_rows_in_sight_exist(visit, large):
    """5,000 students, fewer than a hundred rows, and the last student is there at the end."""
    seen = visit(large)
    assert seen.page.locator("#cells tbody tr").count() < 100
    seen.page.evaluate("document.getElementById('map').scrollTop = 1e9")
    seen.page.get_by_role("link", name="student4999").wait_for()
    seen.page.evaluate("document.getElementById('map').scrollTop = 60000")
    seen.page.get_by_role("link", name="student2500").wait_for()
    shown = words(seen, "#cells tbody th")
    assert shown == sorted(shown)
    assert seen.console == []


def test_a_name_is_found(visit, large):
    """Typing narrows the table; what is found leads to its feedback."""
    seen = visit(large)
    seen.page.get_by_label("Find").fill("T0123")
    assert words(seen, "#cells tbody th") == ["student0123"]
    assert seen.page.get_by_role("link", name="student0123").get_attribute("href") == "feedback/student0123.html"
    assert words(seen, "#count") == ["1 of 5000 students"]


def test_sorting_by_score_and_by_exercise(visit, html):
    """Best first, weakest first, and by any column."""
    points = {"ann": (10, 0), "bob": (3, 9), "cat": (9, 9)}
    class_ = [report(n, exercise("relu", float(a)), exercise("dense", float(b))) for n, (a, b) in points.items()]
    seen = visit(html(class_))
    seen.page.get_by_label("Sort by").select_option("best")
    assert words(seen, "#cells tbody th") == ["cat", "bob", "ann"]
    seen.page.locator("#cells").get_by_role("button", name="relu", exact=True).click()
    assert words(seen, "#cells tbody th") == ["bob", "cat", "ann"]
    assert seen.page.locator("[aria-sort=ascending]").inner_text() == "relu"


def test_a_mistake_leads_to_who_made_it(visit, large):
    """By keyboard; the way back is a button too."""
    seen = visit(large)
    seen.page.get_by_role("button", name=re.compile("no pad")).press("Enter")
    assert words(seen, "#count") == ["50 of 5000 students"]
    assert words(seen, "#cells tbody th")[:2] == ["student0007", "student0107"]
    seen.page.get_by_role("button", name=re.compile("✕")).press("Enter")
    assert words(seen, "#count") == ["5000 students"]


def test_a_hostile_name_is_text(visit, html):
    """It is shown as it is, runs nothing, and loads nothing."""
    class_ = [report(name, exercise("relu", kin="1" * 64)) for name in (HOSTILE, "bob")]
    seen = visit(html(class_))
    assert HOSTILE in words(seen, "#cells tbody th")
    assert (seen.console, seen.requests) == ([], [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=40))
def test_no_name_is_markup(html, name):
    """A name of any text leaves the elements of the page unchanged."""
    page, plain = (
        html([report(who, exercise("relu", kin="1" * 64)), report("b", exercise("relu", kin="1" * 64))])
        for who in (name, "a")
    )
    assert re.findall(r"</?\w+", page) == re.findall(r"</?\w+", plain)


def test_what_is_broken_is_said(visit, html):
    """Above the page and in its cell; never as a number."""
    seen = visit(html([report("ann", exercise("relu", 0.0, "broken")), report("bob", exercise("relu"))]))
    assert seen.page.get_by_text("1 of them are not fully graded").is_visible()
    assert words(seen, "#cells tbody td")[:2] == ["–", "!"]


def test_feedback_is_no_grade(visit, html):
    """A class that was graded without a sandbox says so."""
    seen = visit(html([report("ann", exercise("relu"), tier="local")]))
    assert seen.page.get_by_text("this is feedback, not a grade").is_visible()


def test_an_empty_class_has_a_page(visit, html):
    """A class without submissions is rendered."""
    seen = visit(html([]))
    assert words(seen, "#count") == ["0 students"]
    assert seen.console == []


@pytest.mark.parametrize("colour", ["light", "dark"])
def test_every_text_can_be_read(visit, html, colour):
    """Contrast of 4.5 or more, of all texts against what lies behind them, in both themes."""
    parts = [exercise(f"e{score}", float(score), "failed") for score in range(11)]
    rest = exercise("x", 0.0, "skipped"), exercise("y", 0.0, "broken")
    seen = visit(html([report("ann", *parts, *rest)]), colour=colour)
    assert seen.page.evaluate(CONTRAST) == []
