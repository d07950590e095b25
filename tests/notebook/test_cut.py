"""Tests of the cells that some functions need: nothing needed is missing, and nothing else is run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.cells import slice_cells
from autograder.submission.places import CellMap

NOTEBOOK = [
    "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt",
    "HIDDEN = 32\n\n\ndef helper(a):\n    return a * HIDDEN",
    "def f(x):\n    return 'first'",
    "def f(x):\n    y = helper(x)\n    return np.abs(y) + x",
    "y = slow()\nplt.plot(y)\nprint(f(3))\ninput()",
    "CACHE = {}\nCACHE['a'] = 3\nCACHE.update(b=2)\nnp.random.seed(0)\nnp.save('x', y)",
    "def g(x):\n    return CACHE[x]",
]


def kept(cells: list[str], name: str) -> str:
    """Return the kept lines, without the marks and empty lines between them."""
    lines = slice_cells(cells, [name]).split("\n")
    return "".join(f"{line}\n" for line in lines if line.strip() and " [cell " not in line)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("f", "import numpy as np\nHIDDEN = 32\ndef helper(a):\n    return a * HIDDEN\n"
              "def f(x):\n    y = helper(x)\n    return np.abs(y) + x\n"),
        ("g", "CACHE = {}\nCACHE['a'] = 3\nCACHE.update(b=2)\ndef g(x):\n    return CACHE[x]\n"),
        ("helper", "HIDDEN = 32\ndef helper(a):\n    return a * HIDDEN\n"),
        ("nothing", ""),
    ],
)  # fmt: skip
def test_a_function_brings_what_it_refers_to(name: str, expected: str) -> None:
    """Imports, helpers, constants and their changes are kept; plots, prints, trainings and checks are not."""
    assert expected == kept(NOTEBOOK, name)


def test_a_local_name_is_no_reference() -> None:
    """A local variable of the function does not keep a cell that binds an equal global name."""
    assert "slow" not in kept(NOTEBOOK, "f")


def test_the_last_of_two_definitions_is_taken() -> None:
    """The last definition is kept, unless something that runs at once uses the first."""
    cells = ["def f():\n    return 1", "A = f()", "def f():\n    return A"]
    assert "".join(f"{cell}\n" for cell in cells) == kept(cells, "f")
    assert "def f():\n    return 2\n" == kept(["def f():\n    return 1", "def f():\n    return 2"], "f")


def test_an_import_that_was_defined_anew_is_left_out() -> None:
    """The import of a function that a later cell defines is not kept."""
    assert "def f():\n    return 1\n" == kept(["from mine import f, g", "def f():\n    return 1"], "f")


def test_an_import_is_there_when_it_is_looked_up() -> None:
    """Annotations, defaults and decorators are evaluated before a later import of their names, so the earlier one is
    kept."""
    cells = ["import numpy as np", "def f(x: np.ndarray):\n    return x", "import numpy as np"]
    assert "".join(f"{cell}\n" for cell in cells) == kept(cells, "f")


def test_every_binding_of_a_constant_is_kept() -> None:
    """Every binding is kept, because a later one may use an earlier one."""
    cells = ["LR = 1", "STEP = LR * 2", "LR = 3", "def f():\n    return STEP, LR"]
    assert "LR = 1\nSTEP = LR * 2\nLR = 3\ndef f():\n    return STEP, LR\n" == kept(cells, "f")


@pytest.mark.parametrize(
    "cell",
    [
        "try:\n    from fast import f\nexcept ImportError:\n    def f():\n        return 1",
        "for f in [min]:\n    pass",
        "with open('x') as f:\n    pass",
        "if True:\n    def f(): return 1",
        "f = lambda x: x",
        "f, g = min, max",
        "f: object = min",
        "class f:\n    pass",
        "import a.b as f",
        "@decorated\nasync def f():\n    pass",
        "x = [f := 1]",
    ],
)
def test_whatever_binds_a_name_defines_it(cell: str) -> None:
    """Every statement that binds a name is kept as a whole."""
    assert f"{cell}\n" == kept(["print('no')", cell], "f")


def test_decorators_and_defaults_are_references() -> None:
    """Names in decorators and defaults are kept, because they are looked up at the definition."""
    cells = ["def mark(f):\n    return f", "STEP = 2", "@mark\ndef f(x=STEP, *, y: int = 1):\n    return x"]
    assert "".join(f"{cell}\n" for cell in cells) == kept(cells, "f")


def test_a_cell_that_is_no_python_counts_only_where_nothing_else_does() -> None:
    """A cell that does not parse is ignored where an earlier one defines the function; otherwise its error is reported.
    """
    broken = "def f(:\n    pass"
    assert "def f():\n    return 1\n" == kept(["def f():\n    return 1", broken], "f")
    assert f"{broken}\n" == kept([broken], "f")


def test_lines_are_found_again() -> None:
    """Each kept line has the number of its cell in In, and its line in the cell."""
    text = slice_cells(NOTEBOOK, ["f"])
    line = text.split("\n").index("    y = helper(x)") + 1
    assert (4, 2) == CellMap(text).place(line)
    assert slice_cells(NOTEBOOK, ["nothing"]) == ""


@given(st.lists(st.text("def f():x=1\n %!?\"'#\\[({é\0\x0c", max_size=60), max_size=4))
def test_whatever_a_cell_holds_it_is_only_read(cells: list[str]) -> None:
    """No text of a cell raises an exception."""
    assert isinstance(slice_cells(cells, ["f", "x"]), str)
