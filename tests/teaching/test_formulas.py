"""Formulas with holes: read from hints.toml, rejected where they do not fit, and free of code of the solution."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from autograder.authoring.answers import answer_code, find_leak
from autograder.authoring.audit import audit_exercise
from autograder.authoring.todo import find_todos
from autograder.course.catalog import Course
from autograder.errors import CourseError
from autograder.spec.formulas import HOLE, Formulas, formula
from tests.engine.coursework import TINY, copy_scale, edit

COURSE = Course(Path(__file__).parents[2])


@pytest.fixture(autouse=True)
def clean_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore the import path after each test, and keep the tiny oracle on it."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(TINY)])


@pytest.fixture
def scale(tmp_path: Path) -> Course:
    """Return a course of one exercise that the test may change."""
    return copy_scale(tmp_path)


def faults(course: Course) -> str:
    """What the audit says of the hints."""
    return find_todos(course, "scale").get("hints", "")


def test_a_formula_is_found_by_its_output(scale):
    """Without an output all formulas of the function are returned; without the file none."""
    exercise = scale.exercise("scale")
    assert formula(exercise, "scale_backward", "dw") == "dw[j] = sum over ____ of dout[i, j] * x[i, j]"
    assert formula(exercise, "scale_backward", None).split("\n")[0] == "dx[i, j] = dout[i, j] * ____"
    assert dict(Formulas(Path("nowhere.toml"), exercise.functions)) == {}
    assert faults(scale) == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[scale_forward]", "[scale_forwards]", "it has formulas of scale_forwards, which is no function of the"),
        ("\ndw =", "\ndv =", "it has a formula of scale_backward dv, which scale_backward does not return."),
        ("sum over ____ of", "sum over i of", "the formula of scale_backward dw has no hole. Write ____ where"),
        ("\ndx =", "\ndx", "cannot be read: Expected '=' after a key"),
        ('"out[i, j] = x[i, j] * ____"', "3", "expected a table for each function, and in it a text for each output"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(scale, old, new, words):
    """The error names the file and the fault; a student's verdict does not depend on the file."""
    edit(scale, "hints.toml", old, new)
    assert words in faults(scale)
    with pytest.raises(CourseError, match=r"hints\.toml"):
        dict(scale.exercise("scale").formulas)


def test_a_missing_formula_is_a_gap(scale):
    """The audit names the function and the output whose formula is missing."""
    edit(scale, "hints.toml", 'dw = "dw[j] = sum over ____ of dout[i, j] * x[i, j]"\n', "")
    assert faults(scale) == "hints.toml has no formula of scale_backward dw"


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "hints.toml", "dw[j] = sum over ____ of dout[i, j] * x[i, j]", "dw = np.sum(dout * x, axis=0)   not ____",
            "the formula of scale_backward dw is code of the answer: `np.sum(dout * x, axis=0)`",
        ),
        (
            "mistakes.py", "All of them used the same w.", "Write `np.sum( dout*x,axis = 0 )` instead.",
            "the hint of dw_per_row is code of the answer: `np.sum(dout * x, axis=0)`",
        ),
    ],
)  # fmt: skip
def test_a_hint_that_tells_the_answer_is_a_gap(scale, file, old, new, words):
    """The audit finds code of the solution in a hint, in any layout."""
    edit(scale, file, old, new)
    assert words in faults(scale)


RENAMED = "grad = (upstream * rows - rows / upstream) * (upstream + rows) - upstream * (rows - upstream)"
LONG = RENAMED.replace("grad", "dw").replace("upstream", "dout").replace("rows", "x")
PLANTED = {
    "quoted in a page": ("page", "As text: `dw = (dout*x - x/dout)`.", "`dout * x - x / dout`"),
    "with other names in a page": ("page", f"Like this:\n\n```python\n{RENAMED}\n```\n", "solution.py:"),
    "with other names in a sentence": ("page", f"Write `{RENAMED}` there.", "solution.py:"),
    "in a cell": ("section-sums", "It is `dout*x - x/dout`.", "`dout * x - x / dout`"),
    "in a statement": ("scale-scale_backward-text", f"Compute\n\n```python\n{RENAMED}\n```\n", "solution.py:"),
}


@pytest.mark.parametrize(("place", "text", "found"), PLANTED.values(), ids=PLANTED)
def test_a_text_for_students_that_shows_the_answer_fails_the_audit(scale, place, text, found):
    """The audit has a row with the page or the notebook's cell; it has none before the answer is planted."""
    edit(scale, "solution.py", "dw = np.sum(dout * x, axis=0)", LONG)
    unit = scale.folders["scale"].parent
    notebook = scale.root / "assignments" / unit.name / f"{unit.name}.ipynb"
    notebook.parent.mkdir(parents=True, exist_ok=True)
    page = unit / "README.md"

    def pages(words: str) -> list[str]:
        page.write_text(words if place == "page" else "# Tiny\n", encoding="utf-8")
        cell = {"cell_type": "markdown", "id": place, "metadata": {}, "source": [words]}
        stub = {"cell_type": "code", "id": "scale", "metadata": {}, "source": [LONG]}
        notebook.write_text(json.dumps({"cells": [stub] + [cell] * (place != "page")}), encoding="utf-8")
        return [row.words for row in audit_exercise(scale, "scale", [1], first=False) if row.kind == "pages"]

    assert pages("The derivative of dw is the sum of dout times x over the rows.") == []
    (fault,) = pages(text)
    where = "solutions/01_tiny/README.md" if place == "page" else f"assignments/01_tiny/01_tiny.ipynb, cell {place},"
    assert fault.startswith(f"{where} is code of the answer: `") and found in fault


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"cells": [{}]}', '{"cells": [{"cell_type": "markdown"}]}'])
def test_what_is_no_notebook_is_not_read(scale, text):
    """A file that is no notebook does not stop the audit."""
    place = scale.root / "assignments" / "01_tiny" / "01_tiny.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    assert "pages" not in find_todos(scale, "scale")


def test_a_cell_without_an_id_is_told_by_its_number(scale):
    """A notebook of an older format has no ids."""
    place = scale.root / "assignments" / "01_tiny" / "01_tiny.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    texts = "Hello.", "`np.sum(dout*x, axis=0)`"
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    place.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    fault = find_todos(scale, "scale")["pages"]
    assert fault == "assignments/01_tiny/01_tiny.ipynb, cell 2, is code of the answer: `np.sum(dout * x, axis=0)`"


def test_a_formula_in_a_statement_is_no_answer(scale):
    """A statement may give a formula that is a short piece of the answer; its code as a whole is one."""
    place = scale.root / "assignments" / "01_tiny" / "01_tiny.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    source = ["`np.sum(dout * x, axis=0)`"]
    cell = {"cell_type": "markdown", "id": "scale-scale_backward-text", "metadata": {}, "source": source}
    place.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    assert "pages" not in find_todos(scale, "scale")


@pytest.mark.parametrize("name", COURSE.names)
def test_every_formula_can_be_read_in_a_terminal(name):
    """Every formula has few lines, none of them wide, and a hole."""
    for lines in COURSE.exercise(name).formulas.values():
        for text in lines.values():
            assert len(text.split("\n")) <= 6
            assert all(len(line) <= 120 and line == line.rstrip() for line in text.split("\n"))
            assert text.replace(HOLE, "").count("_" * 3) == 0


SOLUTION = '''
import numpy as np

def f(scores):
    """Formulas stand here: np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
'''


@pytest.fixture
def kept():
    """Return the code of a softmax solution."""
    exercise = COURSE.exercise("softmax")
    return answer_code(exercise, SOLUTION)


@pytest.mark.parametrize(
    "text",
    [
        "`exponentials / exponentials.sum(axis=1, keepdims=True)`",
        "p = exponentials/exponentials.sum( axis=1,keepdims=True )   with a note",
        "Try this: scores - scores.max(axis=1, keepdims=True) and go on.",
        "scores becomes scores - scores.max(axis=1, keepdims=True)",
        "first np . exp ( scores - scores . max ( axis , then another",
        "w = np.exp(scores - scores.max(axis=-1, keepdims=True))",
    ],
)
def test_the_answer_s_code_is_recognised(kept, text):
    """Code of the solution or the oracle is found quoted, in a formula, in a sentence, or in another layout."""
    assert find_leak(text, kept)


@pytest.mark.parametrize(
    "text",
    [
        "p[i, k] = exp(z[i, k]) / sum over ____ of exp(z[i, j])",
        "Rows do not sum to 1: look at `axis=1` and `keepdims`.",
        "Divide by the sum of `np.exp(scores)` over `axis=1`.",
        "out = x * w",
        "`(((`, 0x, 'open",
    ],
)
def test_formulas_and_words_are_not_the_answer_s(kept, text):
    """Text of the statement, common formulas and prose are not code of the solution."""
    assert find_leak(text, kept) == ""


@pytest.mark.parametrize("name", COURSE.names)
def test_every_solution_is_recognised_in_itself(name):
    """The longest expression of every solution is found in a hint that quotes it."""
    solution = COURSE.solution(name)
    kept = answer_code(COURSE.exercise(name), solution)
    longest = max((mark for mark in kept if isinstance(mark, str)), key=len)
    assert find_leak(f"Write `{longest}` there.", kept)
    assert find_leak(solution, kept)
