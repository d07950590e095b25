"""What only a notebook understands is blanked out, and every line keeps its number."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.notebook import plain


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%matplotlib inline", "pass"),
        ("!pip install numpy", "pass"),
        ("!!ls", "pass"),
        ("?np.sum", "pass"),
        ("np.sum?", "pass"),
        ("np.linalg.norm??", "pass"),
        ("%timeit?", "pass"),
        ("np.*load*?", "pass"),
        ("files = !ls", "files = None"),
        ("a, b = %who_ls", "a, b = None"),
        ("d[0]=!ls", "d[0]= None"),
        ("%time w = train(x)", "w = train(x)"),
        ("%prun f()", "f()"),
        ("%time", "pass"),
        ("%timeit f()", "pass"),
        ("%time -n 3 f()", "pass"),
        ("%check conv2d", "pass"),
        ("%autoreload 2", "pass"),
    ],
)
def test_a_line_of_the_notebook_s_own_becomes_harmless(line: str, expected: str) -> None:
    """A replaced line keeps its indent and the names that it assigns."""
    assert plain(line)[0] == expected


@pytest.mark.parametrize(
    "source",
    [
        "x = a % b\ny %= 2",
        "x = (a\n% b)",
        "x = a \\\n% b",
        's = """\n%matplotlib inline\n!ls\nwhy?\n"""',
        "s = '''it # is\n!not a comment'''",
        "x = 1  # why?",
        "# !ls\n# %time",
        "s = 'why?'",
        "x = 1 if y != 2 else '!'",
        "def f(a='%', b=\"!\"):\n    return a",
        "x = [\n!\n",
        "f'{x!r}'",
        "s = 'a=%d' % 3",
        's = "\\"\\"\\""\nx = 1',
    ],
)
def test_python_stays_as_it_is(source: str) -> None:
    """A percent sign, an exclamation mark or a question mark inside a statement is no magic."""
    assert source == plain(source)[0]


def test_a_block_with_magic_in_it_still_parses() -> None:
    """A block with magics still parses, with lines and indents in place."""
    source = "def f(x):\n    %time y = x\n    !ls\n    return y\nfor i in range(3):\n    %timeit f(i)\n"

    tree = ast.parse(plain(source)[0])

    assert [node.lineno for node in tree.body] == [1, 5]


def test_a_shell_line_goes_on_behind_a_backslash() -> None:
    """A shell line is removed with its continuation lines; the next statement keeps its line."""
    assert plain("!pip install \\\n  numpy \\\n  scipy\nx = 1")[0] == "pass\n\n\nx = 1"


def test_quotes_in_a_shell_line_open_nothing() -> None:
    """Quotes in a shell line open no Python string."""
    assert plain("!echo \"don't\nx = 1")[0] == "pass\nx = 1"


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%prun", "\n\n%%time"])
def test_a_timed_or_captured_cell_keeps_its_body(magic: str) -> None:
    """The body of a timed or captured cell is kept at its lines."""
    found = plain(f"{magic}\ndef f():\n    return 1")

    assert (found[1], found[0]) == ("", "\n" * (magic.count("\n") + 1) + "def f():\n    return 1")


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%html", "%%writefile f.py", "%%timeit", "%%javascript", "%%latex", "%%cython", "%%"]
)
def test_a_cell_of_another_kind_is_left_out(magic: str) -> None:
    """A cell in another language, or whose names vanish when it ends, is left out."""
    assert plain(f"{magic}\ndef f():\n    return 1")[1] == magic.split()[0]


def test_a_cell_that_is_indented_as_a_whole_is_not() -> None:
    """A cell that is indented as a whole is kept without the indent, as in the notebook."""
    assert plain("    x = 1\n    if x:\n        y = 2\n")[0] == "x = 1\nif x:\n    y = 2\n"


LINES = st.sampled_from(["%a", "!b \\", "c?", "x = !d", "%%time", "%%bash", "def f():", "  '''", '"""', "(", "#", "\\"])


@given(st.lists(st.one_of(LINES, st.text(st.characters(exclude_characters="\r\n"), max_size=5))))
def test_no_line_is_lost(lines: list[str]) -> None:
    """Every kept line keeps its number, for any cell."""
    found = plain("\n".join(lines))

    assert found[1] or found[0].count("\n") == max(len(lines) - 1, 0)


@given(st.text(st.characters(exclude_characters="%!?\r")))
def test_a_text_without_magic_is_only_outdented(source: str) -> None:
    """A text without magics changes only by its common indent."""
    assert [line.strip(" \t") for line in source.split("\n")] == [
        line.strip(" \t") for line in plain(source)[0].split("\n")
    ]
