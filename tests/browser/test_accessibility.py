"""Pages and panels pass the rules of axe-core in a real browser, in both colour schemes and on a narrow window."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from autograder.render.attention import ClassFacts
from autograder.render.html import Classroom, class_page_html, panel, report_html, summarize
from autograder.report.report import Mark
from tests.browser.conftest import missing
from tests.browser.test_sheet import PAGES
from tests.class_page.conftest import HASH, exercise, failed, report

pytestmark = pytest.mark.slow
OPEN = "document.querySelectorAll('details').forEach(each => { each.open = true })"
VIEWS = (("light", 1100), ("dark", 360))
"""Colour schemes and widths in pairs: no rule of axe-core depends on both."""
THEMES = Path(sys.prefix, "share/jupyter/lab/themes/@jupyterlab")


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, which the package axe-playwright-python brings: nothing is fetched."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        missing("no axe-core here: pip install --editable '.[dev]'")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(seen: Any, axe: str) -> list[str]:
    """Return rule, place and reason of each element that breaks a rule, best practices included."""
    if seen.page.evaluate("typeof axe") == "undefined":
        seen.page.evaluate(axe)
    found = seen.page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def class_room() -> str:
    """Return a class page with everything that it can show: all results, late work, a class list, a shared program."""
    parts = [exercise(f"e{score}", float(score), "failed" if score < 10 else "passed") for score in range(11)]
    rest = exercise("x", 0.0, "skipped"), exercise("y", 0.0, "broken"), failed("z", "no pad", "1" * 64)
    known = ClassFacts({"ann": "Ann A."}, {"ann": "north", "bob": "south"}, {"ann": "2026-01-01T00:00:00Z"},
                       ("stray.py is nobody's.",), {"e0": 0.5})  # fmt: skip
    room = Classroom(lambda student: f"feedback/{student}.html", known)
    for number, name in enumerate(("ann", "bob", "cat")):
        shared = exercise("conv2d", 5.0, "slow", source=HASH) if number < 2 else exercise("conv2d")
        made = report(name, *parts, *rest, shared)
        late = Mark(4.0, made.max_score, 2, ("earned 10", "because"), late_cost=6.0)
        room.add(summarize(replace(made, mark=late) if number == 0 else made), {"conv2d": "1"} if number < 2 else {})
    return class_page_html(room, "Class", lambda student, name: f"x = 1\ny = '{student}'\n" * 30)


CLASS = {"full": class_room, "empty": lambda: class_page_html(Classroom(lambda student: ""))}


def notebook(colour: str = "") -> str:
    """Return a page that holds panels, as a notebook does: one of each report, and two of the first. colour: of
    JupyterLab's theme; without it, the page has none of its variables, as in another program."""
    style = (THEMES / f"theme-{colour}-extension/index.css").read_text(encoding="utf-8") if colour else ""
    body = "background: var(--jp-layout-color0)" if colour else "background: Canvas; color: CanvasText"
    panels = "".join(map(panel, (*PAGES.values(), PAGES["full"])))
    return (
        f"<!doctype html><html lang='en'><head><title>Notebook</title><meta name='color-scheme' content='light dark'>"
        f"<style>{style} body {{ {body} }}</style></head><body><main><h1>Notebook</h1>{panels}</main></body></html>"
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_feedback_page_is_accessible(visit, axe, name):
    """With every hint open. The page has no script, so that one visit shows both views."""
    seen = visit(report_html(PAGES[name]))
    seen.page.evaluate(OPEN)
    for colour, width in VIEWS:
        seen.look(colour, width)
        assert violations(seen, axe) == [], (colour, width)


@pytest.mark.parametrize(("colour", "width"), VIEWS)
@pytest.mark.parametrize("name", CLASS)
def test_the_class_page_is_accessible(visit, axe, name, colour, width):
    """With every list open, two programs compared, and the table narrowed to some."""
    seen = visit(CLASS[name](), colour=colour, width=width)
    seen.page.evaluate(OPEN)
    for button in seen.page.locator("button[data-compare]").all():
        button.click()
    if name == "full":
        assert seen.page.locator(".compare pre").count() > 1
        seen.page.locator("button[data-column]").first.click()
    assert violations(seen, axe) == []


@pytest.mark.parametrize("colour", ["light", "dark"])
def test_the_panel_is_accessible(visit, axe, colour):
    """In JupyterLab's theme of the colour."""
    if not THEMES.is_dir():
        missing("no JupyterLab here: pip install --editable '.[jupyter]'")
    seen = visit(notebook(colour), colour=colour)
    seen.page.evaluate(OPEN)
    assert violations(seen, axe) == []


def test_the_panel_is_accessible_without_a_theme(visit, axe):
    """In a program that has none of JupyterLab's colours, in both schemes."""
    seen = visit(notebook())
    seen.page.evaluate(OPEN)
    for colour in ("light", "dark"):
        seen.look(colour)
        assert violations(seen, axe) == [], colour


def test_faults_are_found(visit, axe):
    """Pale text, a field and a picture without a name, a skipped heading and a page without language are reported."""
    page = "<!doctype html><title>x</title><main><h1>x</h1><h3>y</h3><p style='color: #ccc; background: #fff'>pale</p>"
    found = violations(visit(f"{page}<input><img src='data:,'></main>"), axe)
    rules = {words.partition(":")[0] for words in found}
    assert rules == {"color-contrast", "label", "image-alt", "heading-order", "html-has-lang"}
