"""The units' pages: their links, lists, pictures, errata and worked numbers. None of it needs matplotlib."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from autograder.course.catalog import Course
from reference.convolution import conv2d_forward, cross_correlate2d
from reference.losses import cross_entropy
from reference.normalization import z_score
from tests.house.sources import ROOT

UNITS = sorted(path for path in (ROOT / "solutions").glob("[0-9]*_*") if path.is_dir())
STORED = sorted((ROOT / "solutions").glob("*/pictures/*.svg"))
ITEM = re.compile(r"^\d+\. \[(\w+)\]\((\w+)/\) – \S", re.MULTILINE)
PICTURE = re.compile(r"^!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]*)\)\n\n(?P<caption>.*)$", re.MULTILINE)


def page(unit: Path) -> str:
    """The unit's page."""
    return (unit / "README.md").read_text(encoding="utf-8")


def ids(path: Path) -> str:
    """A short name of a unit or a picture."""
    return path.stem


@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_a_page_is_one_page(unit):
    """Long enough to say the idea, short enough to be read at a sitting."""
    shown = re.sub(r"<!--.*?-->\n\n?", "", page(unit), flags=re.DOTALL)
    assert 60 <= len(shown.splitlines()) <= 110


@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_every_link_leads_somewhere(unit):
    """To a file or a folder of this checkout."""
    links = re.findall(r"\]\(([^)]+)\)", page(unit))
    assert [link for link in links if not (unit / link).exists()] == []


@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_every_exercise_is_listed_once(unit):
    """And nothing that is no exercise; the link bears the name that is shown."""
    listed = ITEM.findall(page(unit))
    assert sorted(path.parent.name for path in unit.glob("*/spec.py")) == sorted(name for name, _ in listed)
    assert [shown for shown, folder in listed if shown != folder] == []


@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_the_list_is_in_teaching_order(unit):
    """No exercise stands before one of its unit that it requires."""
    names, course = [name for name, _ in ITEM.findall(page(unit))], Course(ROOT)
    early = [
        f"{name} stands before {needed}"
        for place, name in enumerate(names)
        for needed in course.exercise(name).requires
        if needed in names[place:]
    ]
    assert early == []


@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_every_picture_is_shown_once(unit):
    """Each has an alternative text that says what is there, and a caption that says what to see."""
    shown = list(PICTURE.finditer(page(unit)))
    assert sorted(f"pictures/{path.name}" for path in STORED if path.parents[1] == unit) == sorted(
        match["path"] for match in shown
    )
    assert [match["path"] for match in shown if len(match["alt"]) < 40 or not match["caption"].startswith("*")] == []


def test_every_erratum_is_said_where_it_matters():
    """All of them, each once, in the unit that it belongs to."""
    said = {number: unit.name[:2] for unit in UNITS for number in re.findall(r"\*\*Erratum (\d+)\.\*\*", page(unit))}
    places = "1 03, 2 03, 3 04, 4 05, 5 06, 6 06, 7 02, 8 02, 9 03, 10 03, 11 06"
    assert said == dict(place.split() for place in places.split(", "))
    assert sum(page(unit).count("**Erratum") for unit in UNITS) == len(said)


def test_the_errata_are_true():
    """Cross-entropy is not symmetric and not 0 at p = q; a z-score keeps the skewness; only the depth must match."""
    p, q = np.array([[0.5, 0.5]]), np.array([[0.9, 0.1]])
    assert cross_entropy(q, p) != pytest.approx(cross_entropy(p, q))
    assert cross_entropy(p, p) == pytest.approx(np.log(2)) and cross_entropy(q, q) < cross_entropy(p, q)
    x = np.random.default_rng(0).exponential(size=(500, 1))
    xhat = z_score(x)
    assert (xhat.mean(), xhat.std()) == pytest.approx((0, 1))
    assert np.mean(xhat**3) == pytest.approx(np.mean((x - x.mean()) ** 3) / x.std() ** 3) and np.mean(xhat**3) > 1
    assert conv2d_forward(np.ones((1, 6, 5, 3)), np.ones((2, 4, 3, 7)), np.zeros(7)).shape == (1, 5, 2, 7)


def test_the_convolution_s_table_is_computed():
    """The page's matrix is the reference's result for the lecture's image and kernel."""
    image = np.array([[1.0, 2, 1, 0], [0, 2, 1, 2], [1, 2, 1, 2], [1, 2, 1, 1]])
    out = cross_correlate2d(image, np.array([[1.0, -1, 1], [0, 1, 0], [1, 1, -1]]), pad=1)
    table = r" \\ ".join(" & ".join(f"{value:g}" for value in row) for row in out)
    assert table in page(ROOT / "solutions" / "02_layers")


@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_a_page_does_not_repeat_the_assignments(unit):
    """No sentence of it stands in a docstring of its unit: the page gives the idea, the docstring the task."""
    assignments = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in unit.glob("*/solution.py"))
    prose = re.sub(r"\$\$.*?\$\$|```.*?```|[*>]", " ", page(unit), flags=re.DOTALL)
    sentences = [" ".join(sentence.split()) for sentence in re.split(r"(?<=[.:;?])\s|\n\n", prose)]
    assert [sentence for sentence in sentences if len(sentence) > 45 and sentence in assignments] == []


@pytest.mark.parametrize("path", STORED, ids=ids)
def test_a_picture_is_small_and_reads_on_any_ground(path):
    """Parseable, below 60 kB, on a light card of its own, with real text, without scripts, dates and foreign files."""
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert len(text.encode()) < 60_000
    assert "fill: #fbfbf8" in text.partition("</g>")[0]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}text"))) > 4
    assert not re.search(r"<script|<image|dc:date|href=\"(?!#)", text)
