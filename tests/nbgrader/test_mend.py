"""Tests of the repair of a submission's cells."""

from __future__ import annotations

import copy
from typing import Any


def mend(*given: Any) -> Any:
    """Mend a submission; the plugin is imported here, because importing nbgrader takes a second."""
    from autograder.frontends.nbgrader.plugin import mend as asked

    return asked(*given)


def cell(name: str, source: str = "", **facts) -> dict:
    """Return a code cell with nbgrader's metadata."""
    marks = {"schema_version": 3, "grade": False, "solution": False, "locked": True, "grade_id": name, **facts}
    return {"cell_type": "code", "id": name, "metadata": {"nbgrader": marks}, "source": source or name}


def own(source: str) -> dict:
    """Return a cell of the student's."""
    return {"cell_type": "code", "id": "own", "metadata": {}, "source": source}


GIVEN = {
    each["id"]: each
    for each in (
        cell("setup"),
        cell("relu-relu_forward", solution=True, locked=False),
        cell("relu-check", '### HIDDEN\ncheck("relu")', grade=True, points=10.0),
        cell("tanh-tanh_forward", solution=True, locked=False),
        cell("tanh-check", 'check("tanh")', grade=True, points=10.0),
    )
}
SHOWN = cell("relu-check", 'check("relu")', grade=True, points=10.0)
WHOLE = [SHOWN if name == "relu-check" else each for name, each in GIVEN.items()]


def ids(cells: list[dict]) -> list[str]:
    """Return the grade ids of the cells, in order; "" for a cell without one."""
    return [each["metadata"].get("nbgrader", {}).get("grade_id", "") for each in cells]


def test_what_is_whole_is_left_alone() -> None:
    """An intact notebook gives no message and no change, and the given list is not modified."""
    before = copy.deepcopy(WHOLE)
    assert (WHOLE, []) == mend(WHOLE, GIVEN)
    assert before == WHOLE


def test_of_copies_the_last_counts() -> None:
    """All copies but the last become ordinary cells with their source."""
    mended, said = mend([WHOLE[2], *WHOLE], GIVEN)
    assert ["", *GIVEN] == ids(mended)
    assert ["relu-check is there twice; the last one counts."] == said
    assert mended[0]["source"] == 'check("relu")'


def test_a_deleted_check_comes_back_behind_its_exercise() -> None:
    """A deleted check is restored after its exercise, or at the end where the exercise is gone too."""
    mended, said = mend([*WHOLE[:2], own("x")], GIVEN)
    assert ["setup", "relu-relu_forward", "relu-check", "", "tanh-check"] == ids(mended)
    assert mended[2] == GIVEN["relu-check"]
    assert ["relu-check was missing and is put back.", "tanh-check was missing and is put back."] == said


def test_stripped_cells_are_recognised_by_their_ids() -> None:
    """Cells without metadata are recognised by their ids."""
    bare = [{**each, "metadata": {}} for each in WHOLE]
    mended, said = mend(bare, GIVEN)
    assert list(GIVEN) == ids(mended)
    assert len(said) == len(GIVEN) and said[0] == "setup had lost its metadata and is recognised."


def test_without_ids_a_check_is_recognised_by_its_line() -> None:
    """A check is recognised by its last line, also where the source is a list; answers need no metadata."""
    sources = [[f"{line}\n" for line in each["source"].split("\n")] for each in WHOLE]
    mended, _ = mend([{"cell_type": "code", "metadata": {}, "source": source} for source in sources], GIVEN)
    assert ["", "", "relu-check", "", "tanh-check"] == ids(mended)


def test_foreign_metadata_is_nobody_s() -> None:
    """Metadata of another assignment, without a schema or of another type is removed."""
    strange = [{**own("x"), "metadata": {"nbgrader": facts}} for facts in ({}, 3)]
    mended, _ = mend([cell("other-check"), *strange, *WHOLE], GIVEN)
    assert ["", "", "", *GIVEN] == ids(mended)


def test_a_check_names_its_exercise() -> None:
    """A check's id contains its exercise; other ids give ""."""
    from autograder.frontends.nbgrader.plugin import exercise_of

    assert ("conv2d", "", "") == (exercise_of("conv2d-check"), exercise_of("conv2d"), exercise_of("check"))
