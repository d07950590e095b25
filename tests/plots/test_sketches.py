"""What stands in the notebooks to be drawn by students' own functions is drawn by the solutions."""

from __future__ import annotations

import ast
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.authoring.build.unit import SKETCHES, _sketches
from autograder.sandbox.inprocess import load
from tests.house.sources import ROOT

FILES = sorted(ROOT.glob(f"solutions/*/{SKETCHES}"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_sketches_draw(path) -> None:
    """Every cell runs with the unit's right answers, one after the other, and ends with a figure."""
    pytest.importorskip("matplotlib")
    from autograder.frontends import plots

    result = SimpleNamespace(series={"loss": (2.0, 1.0)})
    names: dict[str, Any] = {"np": np, "plots": plots, "check": lambda name: result}
    solutions = {folder.parent.name: folder for folder in sorted(path.parent.glob("*/solution.py"))}
    for solution in solutions.values():
        names |= load(solution.read_text(encoding="utf-8"), str(solution)).functions
    for cell in [code for codes in _sketches(path, [*solutions]).values() for code in codes]:
        figure = last_value(cell, names)
        assert figure._repr_mimebundle_()[0]["image/png"]
        assert cell.startswith("# ") and len(cell.split("\n")) < 16


def last_value(cell: str, names: dict[str, Any]) -> Any:
    """What a notebook would show below the cell."""
    body = ast.parse(cell).body
    assert isinstance(body[-1], ast.Expr)
    exec(compile(ast.Module(body[:-1], []), "cell", "exec"), names)
    return eval(compile(ast.Expression(body[-1].value), "cell", "eval"), names)


def test_every_unit_has_something_to_look_at() -> None:
    """A page that only computes is half a page."""
    assert len(FILES) == 7
