"""Tests of the round trip: generate, release, submit, and grade by nbgrader and by us, with equal scores."""

from __future__ import annotations

import copy
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.authoring.build.course import plan
from autograder.cli.main import main
from autograder.frontends.nbgrader.course import init
from tests.nbgrader.conftest import UNIT, Notebook, Released, grades, load, released, with_cell, with_new

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def stripped(notebook: Notebook) -> Notebook:
    """Remove all metadata and ids, as some editors do."""
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return {**changed, "nbformat_minor": 4}


def without_checks(notebook: Notebook) -> Notebook:
    """Remove every check."""
    return {**notebook, "cells": [cell for cell in notebook["cells"] if not cell["id"].endswith("-check")]}


def students(course: Released) -> Iterator[tuple[str, Notebook]]:
    """Return the submissions of a class: right, empty, mistaken, careless and hostile."""
    right = course.right
    yield "right", right
    yield "stub", course.stub
    yield "mistake", with_cell(right, "scale-scale_forward", lambda code: code.replace("x * w", "x + w"))
    yield "endless", with_cell(right, "softplus-softplus", lambda _: "def softplus(x):\n    while True:\n        pass")
    leave = "def mean_square(x, y):\n    import os\n    os._exit(0)"
    yield "exit", with_cell(right, "mean_square-mean_square", lambda _: leave)
    claim = "from autograder.frontends import notebook\nnotebook.grade = lambda name: 99.0"
    yield "claims", with_new(course.stub, claim)
    yield "stripped", stripped(right)
    yield "deleted", without_checks(right)
    place = next(number for number, cell in enumerate(right["cells"]) if cell["id"] == "scale-check")
    yield "twice", with_new(right, "def scale_forward(x, w):\n    return x + w", place)


@pytest.fixture(scope="module")
def graded(ours: Released) -> Released:
    """Submit the class, and grade it with nbgrader."""
    for student, notebook in students(ours):
        ours.submit(student, notebook)
        done = ours.autograde(student)
        assert done["success"], done["log"]
    return ours


@pytest.fixture(scope="module")
def results(graded: Released, tiny_course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the class with our grader, into a separate gradebook."""
    folder = tmp_path_factory.mktemp("results")
    course = ("--course", str(tiny_course.root))
    code = main(["grade", str(graded.folder / "submitted"), "-o", str(folder / "ours"), "--jobs", "1", *course])
    assert code == 1, (folder / "ours" / "grades.csv").read_text(encoding="utf-8")
    assert main(["export", "nbgrader", str(folder / "ours"), "--db", str(folder / "ours.db")]) == 0
    return folder


def test_what_students_receive_is_what_the_build_writes(ours: Released, tiny_course) -> None:
    """nbgrader generates from the source the bytes that `handgrad build` writes into assignments/."""
    released = (ours.folder / "release" / UNIT / f"{UNIT}.ipynb").read_text(encoding="utf-8")
    assert plan(tiny_course.root)[Path("assignments", UNIT, f"{UNIT}.ipynb")] == released


def test_both_gradebooks_say_the_same(graded: Released, results: Path) -> None:
    """Every student's score is equal in both exports."""
    from nbgrader.plugins import CsvExportPlugin

    graded.export(CsvExportPlugin, results / "theirs.csv")
    theirs = {name: row for name, row in grades(results / "theirs.csv").items() if name in dict(students(graded))}
    graded.export(CsvExportPlugin, results / "ours.csv", f"sqlite:///{results / 'ours.db'}")
    ours = {name: row for name, row in grades(results / "ours.csv").items() if name in theirs}
    assert len(theirs) == 9 and ours == theirs


def test_our_scores_arrive_in_the_gradebook_that_released_the_assignment(tiny_course, tmp_path: Path) -> None:
    """Released by nbgrader, submitted as files, graded by us by the assignment's name, exported into its gradebook:
    `nbgrader export` writes the points of our grades.csv, and formgrader has nothing left to grade."""
    init(tiny_course, tmp_path / "course")
    course = released(load(tmp_path / "course", UNIT))
    course.submit("ann", course.right)
    course.submit("bob", with_cell(course.right, "scale-scale_forward", lambda code: code.replace("x * w", "x + w")))
    where = ("--course", str(tiny_course.root), "--assignment", UNIT)
    assert main(["grade", str(course.folder), "-o", str(tmp_path / "results"), "--jobs", "1", *where]) == 1
    db = str(course.folder / "gradebook.db")
    assert main(["export", "nbgrader", str(tmp_path / "results"), "--db", db, *where]) == 0
    lines = (tmp_path / "results" / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    ours = {row["student"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(lines)}
    course.command("export")
    assert grades(course.folder / "grades.csv") == ours and {17.0} == {most for _, most in ours.values()}
    assert ours["ann"][0] > ours["bob"][0] > 0
    from nbgrader.api import Gradebook

    with Gradebook(course.url) as book:
        rows = book.submission_dicts(UNIT)
        assert {row["student"]: row["needs_manual_grade"] for row in rows} == {"ann": False, "bob": False}
        (assignment,) = book.assignments
        assert [notebook.name for notebook in assignment.notebooks] == [UNIT]


def test_the_class_gets_what_it_deserves(graded: Released) -> None:
    """Right answers get full points whatever happened to the metadata; forged points get none."""
    full, found = 17.0, {name: sum(graded.scores(name).values()) for name, _ in students(graded)}
    assert {"right": full, "stripped": full, "deleted": full, "stub": 0.0, "claims": 0.0, "mistake": full - 3.0} == {
        name: found[name] for name in ("right", "stripped", "deleted", "stub", "claims", "mistake")
    }
    assert found["endless"] == full - 3.0
    assert 0 < found["exit"] < full
    assert found["twice"] == found["mistake"]


def test_a_score_is_a_plain_float_below_its_reasons(graded: Released) -> None:
    """The cell outputs the explanation as text and HTML, then a float, and nothing on stderr."""
    cells = {cell["id"]: cell for cell in graded.read("autograded", "mistake")["cells"]}
    shown, result = cells["scale-check"]["outputs"]
    assert "5.5" == "".join(result["data"]["text/plain"])
    assert "w is added. To scale is another operation." in "".join(shown["data"]["text/plain"])
    assert 'class="hg hg-failed"' in "".join(shown["data"]["text/html"])
    assert "w is added. To scale is another operation." in graded.feedback("mistake")


def test_a_kernel_gives_the_same_points(ours_in_a_kernel: Released, graded: Released) -> None:
    """With --kernel the notebook runs, and the cells' floats equal those of the sandbox."""
    course = ours_in_a_kernel
    course.submit("mistake", dict(students(course))["mistake"])  # one check of three is wrong
    assert course.autograde("mistake")["success"]
    assert graded.scores("mistake") == course.scores("mistake")
    cells = course.read("autograded", "mistake")["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert any("w is added" in "".join(output.get("text", "")) for output in outputs if output.get("name") == "stdout")


def test_a_test_of_the_instructor_s_own_is_not_guessed(ours: Released) -> None:
    """Without a kernel an instructor's own test cannot run, so the submission is refused."""
    from nbformat import from_dict

    from autograder.errors import UsageError
    from autograder.frontends.nbgrader.plugin import GradeInSandbox

    book = from_dict(with_cell(ours.stub, "", str))
    book.cells[-1].metadata["nbgrader"] = {"grade": True, "solution": False, "grade_id": "mine", "points": 2}
    with pytest.raises(UsageError, match="mine is a test of your own, which only a kernel can run"):
        GradeInSandbox().preprocess(book, {"nbgrader": {"student": "right", "assignment": UNIT}})


def test_a_fault_of_the_grader_is_no_score(ours: Released, monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader reports the submission as failed, and its cells stay without a number."""
    from autograder.frontends.notebook.checking import SERVICE

    ours.submit("unlucky", ours.right)
    monkeypatch.setattr(SERVICE, "_try", lambda request: {"fault": "Traceback: it broke"})
    done = ours.autograde("unlucky")
    assert not done["success"] and "the grader failed, not the answer" in done["log"]
    assert {None} == set(ours.scores("unlucky").values())
