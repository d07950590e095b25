"""Tests of the notebooks: deterministic, complete without other files, and valid for nbgrader."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.build.course import compare, plan, write
from autograder.authoring.build.notebook import STUB, Cell, cell_id, metadata, source_notebook
from autograder.authoring.build.unit import read_units
from autograder.cli.main import main
from autograder.course.catalog import Course
from tests.build.conftest import ROOT

NOTEBOOK = Path("assignments/01_doubling/01_doubling.ipynb")
IDS = [
    "title", "setup", "contents", "section-Why", "double-given-text", "double-given", "double-double-text",
    "double-double", "double-check", "double-plot-1", "section-Shapes", "half-given-text", "half-given",
    "half-half-text", "half-half", "half-check",
]  # fmt: skip


def cells(text: str) -> dict[str, dict[str, Any]]:
    """Return id → cell."""
    found = json.loads(text)["cells"]
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in found}


def source(course: Path) -> str:
    """Return the instructor's notebook of a course's only unit."""
    (unit,) = read_units(Course(course))
    return source_notebook(unit)


@pytest.fixture
def student(unit_course: Path) -> dict[str, dict[str, Any]]:
    """Return the students' notebook of the small course."""
    return cells(plan(unit_course)[NOTEBOOK])


def test_a_unit_with_a_page_gets_a_notebook(unit_course: Path) -> None:
    """The notebook lies beside the unit's stubs, under the unit's name."""
    assert [NOTEBOOK, *(NOTEBOOK.with_name(f"{name}.py") for name in ("double", "half"))] == list(plan(unit_course))


def test_its_cells_follow_the_page(student: dict[str, dict[str, Any]]) -> None:
    """Cells follow the page: text, given code, each function, the check and its sketch, with descriptive ids."""
    assert IDS == list(student)


def test_it_is_the_same_every_time(unit_course: Path) -> None:
    """A notebook has no random ids and no date, and its keys are sorted."""
    assert plan(unit_course) == plan(unit_course)
    assert source(unit_course) == source(unit_course)


def test_students_see_stubs_and_never_an_answer(student: dict[str, dict[str, Any]], unit_course: Path) -> None:
    """A stub replaces each answer between the markers, and the check is one line."""
    assert student["double-double"]["source"] == (
        f'def double(x: np.ndarray, *, times: int = 1) -> np.ndarray:\n    """Say it."""\n    {STUB}'
    )
    assert student["double-check"]["source"] == 'check("double")'
    text = plan(unit_course)[NOTEBOOK]
    assert not [word for word in ("return 2 * x", "return 0.5 * x", "SOLUTION", "HIDDEN") if word in text]


def test_the_source_holds_answers_and_cells_that_grade(unit_course: Path) -> None:
    """The source notebook adds the import of `grade` above the students' check, which is unchanged."""
    made = cells(source(unit_course))
    assert "    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION" in made["double-double"]["source"]
    assert made["double-check"]["source"] == (
        "### BEGIN HIDDEN TESTS\nfrom autograder.frontends.notebook import grade as check\n### END HIDDEN TESTS\n"
        'check("double")'
    )
    assert IDS == list(made)


def test_the_first_cell_to_run_imports_what_the_unit_needs(student: dict[str, dict[str, Any]]) -> None:
    """All imports are in the first code cell, once each and sorted as ruff does; the exercises' cells have none."""
    assert student["setup"]["source"] == "import math\n\nimport numpy as np\n\nfrom autograder import check, plots"
    assert not [name for name, cell in student.items() if name != "setup" and cell["source"].startswith("import")]


def test_pictures_come_along(student: dict[str, dict[str, Any]]) -> None:
    """The page shows an SVG; the notebook contains the PNG beside it, because JupyterLab shows no attached SVG."""
    cell = student["section-Why"]
    assert "![A long line and a short one, side by side](attachment:lines.png)" in cell["source"]
    assert b"\x89PNG picture" == base64.b64decode(cell["attachments"]["lines.png"]["image/png"])


def test_a_picture_without_png_is_named(unit_course: Path) -> None:
    """A picture without a PNG is an error with its repair."""
    (unit_course / "solutions/01_doubling/pictures/lines.png").unlink()
    with pytest.raises(ValueError, match=r"01_doubling/README.md: pictures/lines.svg has no PNG .* Draw lines.png"):
        plan(unit_course)


def test_a_sketch_of_no_exercise_is_named(unit_course: Path) -> None:
    """A sketch of an unknown exercise is an error."""
    (unit_course / "solutions/01_doubling/sketches.py").write_text("# %% treble\nplots.curves([1])\n")
    with pytest.raises(ValueError, match="`# %% treble` names no exercise of the unit"):
        plan(unit_course)


def test_the_headings_say_what_is_asked_and_for_how_much(student: dict[str, dict[str, Any]]) -> None:
    """The exercise's name is the heading that the contents link to, with title and points."""
    assert student["double-given-text"]["source"].startswith("### double\n\n**Double** · 4 points\n\nIt is Double.")
    assert student["contents"]["source"] == (
        "**In this unit** – 2 exercises, 8 points\n\n"
        "1. [double](#double) – twice as much.\n2. [half](#half) – and back."
    )


def test_running_all_cells_goes_on_behind_a_sketch(student: dict[str, dict[str, Any]]) -> None:
    """A sketch is tagged as failing, so that Jupyter runs the cells after it."""
    assert ["raises-exception"] == student["double-plot-1"]["metadata"]["tags"]


def test_nbgrader_s_facts() -> None:
    """Metadata has schema 3: solutions are writable, checks are graded and locked, text and sketches have none."""
    check = metadata(Cell("double-check", "check", 'check("double")', 4.0), released=False)["nbgrader"]
    assert check == {
        "schema_version": 3, "grade_id": "double-check", "grade": True, "solution": False, "locked": True,
        "task": False, "points": 4.0,
    }  # fmt: skip
    solution = metadata(Cell("double-double", "solution", "def double(x): ..."), released=True)
    assert solution["deletable"] is False and "editable" not in solution
    assert "points" not in solution["nbgrader"] and solution["nbgrader"]["locked"] is False
    assert {} == metadata(Cell("title", "text", "# T"), released=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("conv2d", "conv2d_forward"), "conv2d-conv2d_forward"), (("section", "Why? 1 + 1"), "section-Why-1-1")],
)
def test_ids_are_legible(words: tuple[str, ...], expected: str) -> None:
    """Ids consist of letters, digits, hyphens and underscores."""
    assert expected == cell_id(*words)


def test_a_long_id_is_cut_and_stays_its_own() -> None:
    """A long id is cut to 64 characters, the limit of the format, and stays unique."""
    one, other = (cell_id("very" * 20, f"function_{letter}") for letter in "ab")
    assert len(one) == len(other) == 64
    assert one != other


def test_drift_of_a_notebook_is_named_and_repaired(unit_course: Path) -> None:
    """A notebook is outdated also where only the page has changed."""
    write(unit_course)
    page = unit_course / "solutions/01_doubling/README.md"
    page.write_text(page.read_text().replace("Two are more", "Three are more"))
    assert compare(unit_course) == [
        f"{NOTEBOOK.as_posix()} differs from its unit's page and solutions; run: handgrad build"
    ]
    assert [NOTEBOOK] == write(unit_course)
    assert [] == compare(unit_course)


def test_a_notebook_of_a_unit_that_is_gone_is_removed(unit_course: Path) -> None:
    """A notebook that was written by hand or renamed stays."""
    write(unit_course)
    built = (unit_course / NOTEBOOK).read_text()
    (unit_course / NOTEBOOK.with_name("mine.ipynb")).write_text(built)
    (unit_course / NOTEBOOK.with_name("broken.ipynb")).write_text("no json")
    (unit_course / "solutions/01_doubling/README.md").unlink()
    assert [f"{NOTEBOOK.as_posix()} has no solution any more; run: handgrad build"] == compare(unit_course)
    assert [NOTEBOOK] == write(unit_course)
    assert {"mine.ipynb", "broken.ipynb"} <= {path.name for path in (unit_course / NOTEBOOK).parent.iterdir()}


def test_a_notebook_is_valid(unit_course: Path) -> None:
    """Both notebooks are valid by nbformat, which writes them as they are."""
    nbformat = pytest.importorskip("nbformat")
    for text in (plan(unit_course)[NOTEBOOK], source(unit_course)):
        book = nbformat.reads(text, as_version=4)
        nbformat.validate(book)
        assert text == nbformat.writes(book) + "\n"


def test_a_page_that_does_not_fit_is_the_author_s_error(unit_course, capsys) -> None:
    """An invalid page gives exit code 2 and the file's name, without a traceback."""
    page = unit_course / "solutions/01_doubling/README.md"
    page.write_text(page.read_text().replace("exercises: double", "exercises: treble"))
    assert 2 == main(["build", "--course", str(unit_course)])
    assert "README.md: <!-- exercises: treble -->: the unit has no such exercise" in capsys.readouterr().err


def test_the_course_s_notebooks_hold_every_exercise() -> None:
    """Each exercise has its points, a stub for each function and a check, and no answer."""
    course = Course(ROOT)
    for unit in sorted({folder.parent.name for folder in course.folders.values()}):
        text = (ROOT / "assignments" / unit / f"{unit}.ipynb").read_text(encoding="utf-8")
        found = cells(text)
        for exercise in course.exercises(course.pick([unit])):
            assert found[f"{exercise.name}-check"]["metadata"]["nbgrader"]["points"] == exercise.max_score
            stubs = [found[f"{exercise.name}-{function.name}"]["source"] for function in exercise.functions]
            assert all(STUB in stub for stub in stubs)
        assert "SOLUTION" not in text


def test_gradients_are_compared_before_the_check() -> None:
    """In the course's notebooks each exercise with gradients, and no other, has a gradcheck right before its check."""
    course = Course(ROOT)
    for exercise in course.exercises():
        path = ROOT / "assignments" / exercise.unit / f"{exercise.unit}.ipynb"
        sources = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        place = sources.index(f'check("{exercise.name}")')
        assert (sources[place - 1] == f'gradcheck("{exercise.name}")') is bool(exercise.gradients)
