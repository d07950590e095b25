"""Fixtures of the build's tests: the course's own statements, and a small course to build."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.build.stub import read_statement

ROOT = Path(__file__).parents[2]

PAGE = """\
# 1 · Doubling

What everything begins with.

## Why

Two are more than one: $2 > 1$. See [later](../02_more/).

![A long line and a short one, side by side](pictures/lines.svg)

<!-- exercises: double -->

## Shapes

`x` is (B,); [half](half/) shows the other way.

## The exercises, in order

1. [double](double/) – twice as much.
2. [half](half/) – and back.
"""

SOLUTION = '''"""{title}.

It is {title}.
"""

import math

import numpy as np

FACTOR = 2


def given(x: np.ndarray) -> np.ndarray:
    """Given: the same again."""
    return x


def {name}(x: np.ndarray, *, times: int = 1) -> np.ndarray:
    """Say it.

    x (B,). Returns out (B,), a_b * 2 = 4 and <more>:

        out = {factor} * x

    >>> {name}(np.array([1.0]))
    array([{value}])
    """
    # BEGIN SOLUTION
    return {factor} * x
    # END SOLUTION
'''

SPEC = '''"""{name}."""

import numpy as np

from autograder.spec import Function, case, normal, plain


def {name}(x: np.ndarray, *, times: int = 1) -> np.ndarray:
    """The oracle."""
    return {factor} * x


EXERCISE = plain(Function({name}, {{"out": 4}}), cases=[case("three", public=True, x=normal(3))])
'''


@pytest.fixture(scope="session")
def course_statements() -> dict[str, str]:
    """Return exercise → all of its Markdown."""
    texts = {path.parent.name: path.read_text(encoding="utf-8") for path in ROOT.glob("solutions/*/*/solution.py")}
    parts = {name: read_statement(text) for name, text in texts.items()}
    return {name: "\n\n".join([found.text, *(part.text for part in found.parts)]) for name, found in parts.items()}


@pytest.fixture
def unit_course(tmp_path: Path) -> Path:
    """Create a course of one unit with a page, a picture, two exercises and a sketch; nothing is built yet."""
    unit = tmp_path / "solutions" / "01_doubling"
    for name, factor, value in (("double", "2", "2."), ("half", "0.5", "0.5")):
        folder = unit / name
        folder.mkdir(parents=True)
        facts = {"name": name, "title": name.title(), "factor": factor, "value": value}
        (folder / "solution.py").write_text(SOLUTION.format(**facts))
        (folder / "spec.py").write_text(SPEC.format(**facts))
    (unit / "README.md").write_text(PAGE)
    (unit / "pictures").mkdir()
    (unit / "pictures" / "lines.svg").write_text("<svg/>")
    (unit / "pictures" / "lines.png").write_bytes(b"\x89PNG picture")
    (unit / "sketches.py").write_text('"""Cells."""\n\n# %% double\n# Look:\nplots.curves(double(np.ones(3)))\n')
    return tmp_path
