"""The class page in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.render.attention import ClassFacts
from autograder.render.html import Classroom, class_page_html, summarize
from autograder.report.report import Mark
from tests.class_page.conftest import exercise, failed, report

pytestmark = pytest.mark.slow
NAMES = ("relu", "dense", "conv2d")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
CONTRAST = (Path(__file__).parents[1] / "browser" / "contrast.js").read_text(encoding="utf-8")

SHARED = {"relu": "1"}


@pytest.fixture(scope="module")
def large():
    """5,000 students with three exercises each."""
    room = Classroom(lambda student: f"feedback/{student}.html")
    for number in range(5000):
        parts = [exercise(name, float((number + i) % 11)) for i, name in enumerate(NAMES[:2])]
        parts = (*parts, failed("conv2d", "no pad" if number % 100 == 7 else None))
        room.add(summarize(report(f"student{number:04}", *parts)))
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
    class_ = [report(name, exercise("relu")) for name in (HOSTILE, "bob")]
    seen = visit(html(class_, {HOSTILE: SHARED, "bob": SHARED}))
    assert HOSTILE in words(seen, "#cells tbody th")
    assert (seen.console, seen.requests) == ([], [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=40))
def test_no_name_is_markup(html, name):
    """A name of any text leaves the elements of the page unchanged."""
    page, plain = (
        html([report(each, exercise("relu")) for each in (who, "b")], {who: SHARED, "b": SHARED})
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


def handed_in(name, late=0, by_hand=False, notes=()):
    """Return a report of relu with a mark."""
    marked = replace(exercise("relu"), mark=Mark(4.0, 10.0, late, ("earned 10", "because"), by_hand=by_hand))
    whole = Mark(4.0, 10.0, late, ("earned 10", "because"), late_cost=6.0 if late else 0.0, by_hand=by_hand)
    return replace(report(name, marked), mark=whole, notes=notes)


def test_what_to_look_at_stands_first_and_leads_to_the_table(visit, room):
    """Notes, lateness with its cost, decisions by hand and what is nobody's; a button shows the students of a kind."""
    made = room([
        handed_in("ann", late=2), handed_in("bob", by_hand=True),
        handed_in("cat", notes=("Commit 1.", "Not read: a.docx.")),
        report("dan", exercise("relu", 0.0, "skipped", source=None)), report("eve", exercise("relu")),
    ])  # fmt: skip
    made.known = ClassFacts(remarks=("nobody's: b.rar",), graded={"ann": "2026-12-01T10:00:00Z"})
    seen = visit(class_page_html(made))
    first = " ".join(words(seen, "#first")[0].split())
    for said in ("nobody's: b.rar", "2 days late, which costs 6 points", "relu: because", "Not read: a.docx."):
        assert said in first
    assert "Commit" not in first and "graded 2026-12-01 10:00:00 UTC" in seen.page.inner_text("header")
    seen.page.locator("details", has_text="no points").get_by_role("button").click()
    assert words(seen, "#cells tbody th") == ["dan"]


def test_filters_by_unit_status_and_section(visit, room):
    """And from an exercise to who failed it."""
    made = room([report("ann", exercise("relu"), failed("dense")), report("bob", failed("relu"), exercise("dense"))])
    made.people, made.sections = ["Ann Lee", "Bob Ng"], ["A", "B"]
    seen = visit(class_page_html(made))
    seen.page.get_by_label("Section").select_option("B")
    assert words(seen, "#cells tbody th") == ["Bob Ng"]
    seen.page.get_by_label("Section").select_option("")
    seen.page.get_by_label("Status").select_option("all passed")
    assert words(seen, "#count") == ["0 of 2 students"]
    seen.page.get_by_label("Status").select_option("")
    seen.page.locator(".exercises tr", has_text="dense").get_by_role("button").click()
    assert words(seen, "#cells tbody th") == ["Ann Lee"]
    assert seen.console == []


def test_sources_of_a_group_stand_side_by_side(visit, room):
    """As text, with what is each one's own in relief; a second press takes them away."""
    texts = {"ann": f"def f():\n    return 1  # {HOSTILE}\n", "bob": "def f():\n    return 1\n"}
    made = room([report(name, exercise("relu")) for name in texts], dict.fromkeys(texts, SHARED))
    seen = visit(class_page_html(made, sources=lambda student, exercise: texts[student]))
    seen.page.get_by_role("button", name="compare").click()
    assert [text.split("\n")[0] for text in words(seen, "pre")] == ["def f():", "def f():"]
    assert HOSTILE in words(seen, ".own")[0] and seen.page.locator(".own").count() == 2
    seen.page.get_by_role("button", name="compare").click()
    assert not words(seen, "pre") and seen.console == []
