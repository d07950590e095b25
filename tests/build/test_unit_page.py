"""Tests of the parser of a unit's page: its sections, and the positions of its exercises."""

from __future__ import annotations

import re

import pytest

from autograder.authoring.build.unit import read_unit_page
from tests.build.conftest import PAGE, ROOT


def test_the_parts_of_a_page() -> None:
    """A page has a title, an introduction, sections, and contents read from the list of exercises."""
    page = read_unit_page(PAGE, ["double", "half"])
    assert page.title == "1 · Doubling"
    assert page.text == "What everything begins with."
    assert ["Why", "Shapes"] == [section.title for section in page.sections]
    assert {"double": "– twice as much.", "half": "– and back."} == page.contents


def test_exercises_stand_behind_the_section_that_names_them() -> None:
    """The comment is removed from the text; an exercise that no section names comes last."""
    why, shapes = read_unit_page(PAGE, ["double", "half"]).sections
    assert (("double",), ("half",)) == (why.exercises, shapes.exercises)
    assert "exercises:" not in why.text


def test_links_lead_where_notebooks_are() -> None:
    """Links lead to the other unit's notebook, and to the heading of an exercise."""
    why, shapes = read_unit_page(PAGE, ["double", "half"]).sections
    assert "[later](../02_more/02_more.ipynb)" in why.text
    assert "[half](#half)" in shapes.text


def test_a_page_without_sections_still_has_its_exercises() -> None:
    """A page without sections has one unnamed section with all exercises."""
    (section,) = read_unit_page("# Title\n\ntext\n", ["double"]).sections
    assert ("", ("double",)) == (section.title, section.exercises)


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("<!-- exercises: treble -->", "the unit has no such exercise. It has double, half."),
        ("<!-- exercises: double, double -->", "it is placed twice. Keep one of them."),
    ],
)
def test_a_wrong_place_is_named(comment: str, words: str) -> None:
    """An unknown exercise and one that is placed twice are errors."""
    with pytest.raises(ValueError, match=words):
        read_unit_page(PAGE.replace("<!-- exercises: double -->", comment), ["double", "half"])


@pytest.mark.parametrize("page", sorted(ROOT.glob("solutions/*/README.md")), ids=lambda path: path.parent.name)
def test_the_course_s_pages_place_all_exercises_in_teaching_order(page) -> None:
    """The sections place the exercises in the order of the list at the page's end."""
    text = page.read_text(encoding="utf-8")
    names = sorted(path.parent.name for path in page.parent.glob("*/spec.py"))
    placed = [name for found in re.findall(r"<!-- exercises: (.*) -->", text) for name in found.split(", ")]
    assert list(read_unit_page(text, names).contents) == placed
    assert names == sorted(placed)
