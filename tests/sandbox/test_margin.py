"""The first lines of statements are found without parsing, and a broken statement ends with its cell."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.inside.loader import BrokenChunk, Margin, parse


def free_lines(text: str) -> list[int]:
    """Return the lines at which a statement may begin."""
    margin, found = Margin(), []
    for number, line in enumerate(text.split("\n"), 1):
        if margin.free:
            found.append(number)
        margin.read(line)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", [1, 2]),
        ("(a\nb)\nc", [1, 3]),
        ("'''a\nb'''\nc", [1, 3]),
        ('"""# a"""\nb', [1, 2]),
        ("'''# a'''\nb", [1, 2]),
        ("'#'\nb", [1, 2]),
        ("# '''\nb", [1, 2]),
        ("# (\nb", [1, 2]),
        ("# \\\nb", [1, 2]),
        ("a \\\nb\nc", [1, 3]),
        ("'a\nb", [1, 2]),
        ("'a\\\nb'\nc", [1, 3]),
        ("'\\''\nb", [1, 2]),
        ("''\nb", [1, 2]),
        ("'''''\nb'''\nc", [1, 3]),
        ("'''\\'''\nb'''\nc", [1, 3]),
        ('"it\'s"\nb', [1, 2]),
        (")\nb", [1, 2]),
    ],
)
def test_strings_brackets_and_joined_lines_are_seen(text: str, expected: list[int]) -> None:
    """A line inside strings or brackets, or after a backslash, begins no statement."""
    assert expected == free_lines(text)


@given(st.lists(st.sampled_from(["x = (1,\n 2)", "s = '''#\n\"'''", "y = 1 + \\\n 2", "f('#', \"'\")", "# it's"])))
def test_python_agrees(statements: list[str]) -> None:
    """Every statement of a text that parses begins at a free line."""
    text = "\n".join(statements)

    assert {node.lineno for node in ast.parse(text).body} <= set(free_lines(text))


def test_what_a_cell_leaves_open_ends_with_it() -> None:
    """An unclosed quote or bracket breaks its own cell only."""
    for left_open in ("x = '''\n", "x = (1,\n", "def f(:\n    '''\n", "y = \\\n"):
        text = f"# %% one\na = 1\n# %% two\n{left_open}# %% three\nEPS = 1\ndef g():\n    return 2\n"

        found = parse(text, "cells.py")

        assert [item for item in found if not isinstance(item, BrokenChunk)] and any(
            isinstance(i, BrokenChunk) for i in found
        )
        line = text[: text.index("def g")].count("\n") + 1
        assert [node.lineno for node in found if isinstance(node, ast.FunctionDef)] == [line]
        assert sum(isinstance(item, ast.Assign) for item in found) >= 2


def test_a_broken_docstring_with_a_hash_swallows_nothing() -> None:
    """A hash inside triple quotes does not hide the closing quotes."""
    text = 'def f():\n    """Takes x # of rows."""\n    return (\n\nEPS = 1\ndef g():\n    return 2\n'

    broken, *rest = parse(text, "text.py")

    assert isinstance(broken, BrokenChunk) and broken.names == ("f",)
    assert any(isinstance(item, ast.FunctionDef) and item.name == "g" for item in rest)
