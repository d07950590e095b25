"""Tests of the similarity code, which is equal for programs that differ in names only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.identity import similarity_code
from autograder.submission.modules import with_modules

ANSWER = '''
import numpy as np

def conv(x, w):
    """The statement."""
    # slide
    height = x.shape[0] - w.shape[0] + 1
    width = x.shape[1] - w.shape[1] + 1
    out = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            out[i, j] = total(x[i:i + w.shape[0], j:j + w.shape[1]], w)
    return out

def total(a, b):
    return np.sum(a * b)
'''

RENAMED = """
import numpy as np
import os

def helper(p: np.ndarray, q) -> float:
    return np.sum(p * q)

def conv(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1

    result = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            result[r, c] = helper(image[r:r + kernel.shape[0], c:c + kernel.shape[1]], kernel)  # mine
    return result

def unrelated():
    return 1
"""


def test_other_names_make_no_other_program():
    """Names, order of definitions, comments, annotations and unused functions do not change the code."""
    assert similarity_code(ANSWER, ["conv"]) == similarity_code(RENAMED, ["conv"]) is not None


@pytest.mark.parametrize(
    "change", [("+ 1", "+ 2"), ("np.sum", "np.prod"), ("a * b", "b * a"), ("range(height)", "range(width)")]
)
def test_another_program_is_another(change):
    """A constant, an attribute, an order or a use of names changes the code."""
    assert similarity_code(ANSWER.replace(*change), ["conv"]) != similarity_code(ANSWER, ["conv"])


def test_short_answers_have_no_code():
    """A short answer has no code, because many students write it alike."""
    assert similarity_code("import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)\n", ["relu"]) is None


def test_the_stub_has_no_code():
    """A stub has no code, however long its docstring is."""
    assert (
        similarity_code(f'def relu(x):\n    """{"word " * 500}"""\n    raise NotImplementedError\n', ["relu"]) is None
    )


@given(st.text(max_size=60))
def test_any_text_has_a_code_or_none(text):
    """No text raises an exception."""
    assert similarity_code(text, ["relu"]) is None or text


def test_deep_nesting_is_no_accident():
    """A text that the parser refuses has no code."""
    assert similarity_code("x = " + "(" * 5000 + ")" * 5000, ["x"]) is None


TOTAL = "def total(a, b):\n    return np.sum(a * b)\n"
MAIN = ANSWER.replace(f"\n{TOTAL}", "")
MODULE = f"import numpy as np\n{TOTAL}"
MOVED = {
    "from": ("from tools import total\n" + MAIN, {"tools": MODULE}),
    "as": ("from tools import total as t\n" + MAIN.replace("total(", "t("), {"tools": MODULE}),
    "module": ("import tools\n" + MAIN.replace("total(", "tools.total("), {"tools": MODULE}),
    "package": ("import my.tools\n" + MAIN.replace("total(", "my.tools.total("), {"my": "", "my.tools": MODULE}),
    "star": ("from tools import *\n" + MAIN, {"tools": MODULE}),
    "again": ("from one import total\n" + MAIN, {"one": "from tools import total", "tools": MODULE}),
    "inside": (MAIN.replace("    # slide\n", "    from tools import total\n"), {"tools": MODULE}),
    "decoy": ("from tools import total as sum\n" + TOTAL.replace("np.sum", "np.prod") + MAIN.replace("total(", "sum("),
              {"tools": MODULE}),
    "broken": ("import rest\nfrom tools import total\n" + MAIN, {"rest": "def", "tools": MODULE}),
    "whole": ("from tools import conv\n", {"tools": ANSWER}),
}  # fmt: skip


@pytest.mark.parametrize("way", MOVED)
def test_code_in_a_module_beside_is_the_same_program(way):
    """A function that was moved to a module that is handed in too does not make another program."""
    text, modules = MOVED[way]
    files = {name: (source, any(other.startswith(f"{name}.") for other in modules)) for name, source in modules.items()}
    whole, found = with_modules(text, files.get)

    assert set(found) == set(files)
    assert similarity_code(whole, ["conv"]) == similarity_code(ANSWER, ["conv"]) is not None
    changed = {name: (source.replace("np.sum", "np.prod"), folder) for name, (source, folder) in files.items()}
    assert similarity_code(with_modules(text, changed.get)[0], ["conv"]) != similarity_code(ANSWER, ["conv"])
