"""Tests of the statement of a solution: its prose as Markdown, and its code unchanged."""

from __future__ import annotations

import ast

import pytest

from autograder.authoring.build.prose import markdown, paragraph
from autograder.authoring.build.stub import read_statement
from tests.build.conftest import ROOT, SOLUTION

TEXT = SOLUTION.format(name="double", title="Double", factor="2", value="2.")


def test_the_parts_of_a_solution() -> None:
    """A solution has a title, text, imports, given code, and each function to write."""
    found = read_statement(TEXT)
    assert found.title == "Double"
    assert found.text == "It is Double."
    assert found.imports == ("import math", "import numpy as np")
    assert ["", "double"] == [part.name for part in found.parts]
    assert found.parts[0].code.startswith("FACTOR = 2\n\n\ndef given(")


def test_the_code_keeps_the_answer_and_a_short_docstring() -> None:
    """The code keeps the markers and the answer for nbgrader, and only the docstring's first sentence."""
    code = read_statement(TEXT).parts[1].code
    assert code == (
        'def double(x: np.ndarray, *, times: int = 1) -> np.ndarray:\n    """Say it."""\n'
        "    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION"
    )


def test_the_statement_of_a_function() -> None:
    """The statement has the name, names as code, the typeset formula, and the example with its result as a comment."""
    assert read_statement(TEXT).parts[1].text == (
        "**`double`** – Say it.\n\n"
        "`x` (B,). Returns `out` (B,), `a_b * 2 = 4` and \\<more\\>:\n\n"
        "$$\\begin{aligned}\n\\text{out} &= 2 \\cdot x\n\\end{aligned}$$\n\n"
        "```python\ndouble(np.array([1.0]))\n# array([2.])\n```"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two * stars * stay", "`two * stars * stay`"),
        ("a 2 x 2 window of KH x KW x C numbers", "a 2 × 2 window of KH × KW × C numbers"),
        ("with dout = 1, 10: the bias", "with `dout = 1, 10`: the bias"),
        ("with w = 2, b = 3.", "with `w = 2`, `b = 3`."),
        ("the gradient of the loss", "the gradient of the loss"),
        ("gradient (D,) at w", "`gradient` (D,) at `w`"),
        ("`pad:-pad` reads _this_", "`pad:-pad` reads \\_this\\_"),
        ("Returns dx. By hand", "**Returns** `dx`. By hand"),
        ("weights[l] has a row, dw_old none", "`weights[l]` has a row, `dw_old` none"),
        ("5 < 6 | $7 #1", "`5 < 6` \\| \\$7 \\#1"),
        ("forward's x, not its b", "forward's `x`, not its `b`"),
    ],
)
def test_prose_becomes_markdown(text: str, expected: str) -> None:
    """Markup in prose is escaped; expressions and names of variables become code."""
    assert expected == paragraph(text, {"w", "b", "x", "gradient", "dx", "dout", "loss"} - {"loss"})


def test_lines_that_explain_terms_become_a_list() -> None:
    """Lines such as `dx : every …` with continuation lines become a list; other indented text stays."""
    assert markdown("Then:\n\n    dx : every dout adds\n         to it\n    dw : none\n", {"dout"}) == (
        "Then:\n\n- `dx`: every `dout` adds to it\n- `dw`: none"
    )
    assert "```text\nEPOCHS times: new;\n    a step\n```" == markdown("    EPOCHS times: new;\n        a step")


def test_every_solution_is_taken_apart_whole() -> None:
    """In every solution each part parses, each definition is in one part, and no docstring is lost."""
    for path in sorted(ROOT.glob("solutions/*/*/solution.py")):
        text = path.read_text(encoding="utf-8")
        found, tree = read_statement(text), ast.parse(text)
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        cells = [ast.parse(part.code) for part in found.parts]
        placed = [node.name for cell in cells for node in cell.body if isinstance(node, ast.FunctionDef)]
        assert sorted(names) == sorted(placed), path
        assert all(part.text for part in found.parts), path
        assert found.title and not found.title.endswith("."), path
