"""Tests of the identity of a program: it ignores the layout and nothing else."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.identity import _without_comments, bare, identity
from tests.house.sources import ROOT

SOLUTIONS = sorted((ROOT / "solutions").glob("*/*/solution.py"))
PLAIN = '''def f(x, w):
    """Doc."""
    return x * w + 1
'''
SAME = {
    "comments": "# mine\n" + PLAIN.replace("return", "# here\n    return") + "# end\n",
    "blank lines": PLAIN.replace('"""\n', '"""\n\n\n'),
    "spacing": PLAIN.replace("x * w + 1", "(x*w)  +  1"),
    "indentation": PLAIN.replace("    ", "\t"),
    "quotes": PLAIN.replace('"""', "'"),
    "a line broken": PLAIN.replace("x * w + 1", "(x *\n        w + 1)"),
}
OTHER = {
    "a name": PLAIN.replace("w", "v"),
    "a docstring, which a program can read": PLAIN.replace("Doc.", "Doc"),
    "a number": PLAIN.replace("1", "1.0"),
    "a truth": PLAIN.replace("+ 1", "+ True"),
    "an order": PLAIN.replace("x * w", "w * x"),
    "brackets that matter": PLAIN.replace("x * w + 1", "x * (w + 1)"),
    "a default": PLAIN.replace("w)", "w=None)"),
    "a kind of argument": PLAIN.replace("x, w", "x, *, w"),
    "a decorator": "@f\n" + PLAIN,
    "nothing": "",
}


@pytest.mark.parametrize("change", SAME)
def test_layout_does_not_count(change: str) -> None:
    """Comments, blank lines, spacing, quotes and redundant brackets do not change the identity."""
    assert identity(SAME[change]) == identity(PLAIN)


@pytest.mark.parametrize("change", OTHER)
def test_what_a_program_can_see_counts(change: str) -> None:
    """Names, constants with their types, docstrings and structure change the identity."""
    assert identity(OTHER[change]) != identity(PLAIN)


@pytest.mark.parametrize("text", ["def f(:\n", "x = 1\n  y = 2\n", "\0", "-" * 100_000 + "1", "(" * 5000 + ")" * 5000])
def test_what_does_not_parse_is_its_own_text(text: str) -> None:
    """Every character of a text that does not parse counts, and nothing is raised."""
    assert identity(text) == identity(text) != identity(text + " ")


def test_a_text_cannot_pass_for_a_tree() -> None:
    """A text that does not parse and contains a dumped tree has another identity than the tree."""
    assert identity("text\nx = 1 +") != identity("x = 1 +")


def test_a_warning_of_the_parser_is_nobody_s_business() -> None:
    """An escape sequence with a SyntaxWarning parses without a warning."""
    assert identity("x = '\\d'  # mine") == identity("x = '\\d'")


def test_the_digest_is_the_same_everywhere() -> None:
    """The digest does not depend on the version of Python, so records and seeds stay valid."""
    assert identity(PLAIN) == "4372baef742bd47087b0ad781e4ec6d7af74a8db2cfa80ca4f4f33ac6a8ec0c9"


def test_no_two_solutions_or_mistakes_of_the_course_are_the_same() -> None:
    """Trees that differ in Python's own dump have different identities."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "solutions").glob("0[35]*/*/*.py"))]
    assert len({identity(text) for text in texts}) == len({ast.dump(ast.parse(text)) for text in texts})


@given(st.integers(0, 10**6), st.integers(0, 3))
def test_any_layout_of_a_solution_is_the_same_program(seed: int, kind: int) -> None:
    """Blank lines and comments between the tokens of a real file change nothing."""
    text = (ROOT / "solutions" / "02_layers" / "dense" / "solution.py").read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    ends = [token.end[0] for token in tokens if token.type == tokenize.NEWLINE]
    lines = text.splitlines(keepends=True)
    lines.insert(ends[seed % len(ends)], ["\n", "# a comment\n", "        # far in\n", "\n\n\n"][kind])
    assert identity("".join(lines)) == identity(text)


def test_comments_are_taken_off_and_nothing_else() -> None:
    """Comments on every kind of line are removed; quoted text and line numbers stay."""
    text = "x = 1 # a\r\ny = \'\'\'# no\r\n\'\'\'  # b\rz = 2 \\\n + 3 # c\n\f# d\nif x:\n        # e\n    y\n# f"
    found = bare(text, identity(text))
    assert found == "x = 1 \ny = \'\'\'# no\n\'\'\'  \nz = 2 \\\n + 3 \n\f\nif x:\n        \n    y\n\n"
    broken = "def f(: # broken\n"
    assert bare(broken, identity(broken)) == "def f(: # broken\n"


TRICKY = (
    "x = '#' # a",
    'x = "it\'s # no" # don\'t',
    "x = '\\'# no' # b\ny = r'\\\\' # c",
    'def f():\n    """Return out # no."""  # "yes"\n    return b"#", Rb\'#\', u"" # "" \n',
    "x = '''\n# no \"\"\" \\''' # no\n''' # yes '''\ny = 1 # '",
    "x = f'# no' # yes",
    "x = {'a': f'{1:#x}#'} # yes\nif'#'in'#':0 # yes",
    "y = 'out' # yes\nx = 1 + \\\n    2 # yes\n",
    "x = 1 # yes\ny = 2 \\\n# yes",
    "x = 1 # yes\n\f\\\n# yes",
)


@pytest.mark.parametrize("text", TRICKY)
def test_what_looks_like_a_comment_in_a_string_stays(text: str) -> None:
    """The expressions that find comments agree with Python's tokenizer about strings of every form."""
    assert bare(text, identity(text)).rstrip("\n") == _without_comments(text).rstrip("\n")
    assert "yes" not in bare(text, identity(text)) and text.count("# no") == bare(text, identity(text)).count("# no")


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.parent.name)
def test_a_solution_without_comments_is_the_same_program(path: Path) -> None:
    """Without comments a solution has the same identity and the same number of lines."""
    text = path.read_text(encoding="utf-8")
    found = bare(text, identity(text))
    assert identity(found) == identity(text) and found.count("\n") == text.count("\n")
    tokens = tokenize.generate_tokens(io.StringIO(found).readline)
    assert not [token for token in tokens if token.type == tokenize.COMMENT]
