"""Tests of the build: assignments/ follows solutions/, and each drift is reported with its repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.build.course import compare, plan, write

SOLUTION = '"""The {name} layer."""\n\n\ndef {name}(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n'
DENSE, RELU = Path("assignments/02_layers/dense.py"), Path("assignments/02_layers/relu.py")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Create a course of two exercises in one unit; nothing is built yet."""
    for name in ("relu", "dense"):
        folder = tmp_path / "solutions" / "02_layers" / name
        folder.mkdir(parents=True)
        (folder / "solution.py").write_text(SOLUTION.format(name=name))
        (folder / "spec.py").write_text("secret = 1")
    return tmp_path


def test_the_plan_has_one_stub_for_each_exercise(course: Path) -> None:
    """Unit folders keep their names, and each stub contains the command that checks it."""
    wanted = plan(course)

    assert list(wanted) == [DENSE, RELU]
    assert wanted[RELU] == (
        '"""The relu layer."""\n\n# Check it:  handgrad check relu\n\n\n'
        'def relu(x):\n    raise NotImplementedError("write relu")\n'
    )


def test_building_twice_changes_nothing_the_second_time(course: Path) -> None:
    """The first build writes everything that is planned, and the second writes nothing."""
    assert write(course) == [DENSE, RELU]
    assert {path: (course / path).read_text() for path in (DENSE, RELU)} == plan(course)
    assert write(course) == []
    assert compare(course) == []


def test_drift_is_named_with_its_repair_and_repaired_by_it(course: Path) -> None:
    """Missing, different and stray files are each reported in a sentence, and a build repairs all of them."""
    write(course)
    (course / DENSE).unlink()
    (course / RELU).write_text((course / RELU).read_text().replace("\n", "\r\n"), newline="")
    stray = Path("assignments/02_layers/pool.py")
    (course / stray).write_text("# Check it:  handgrad check pool\n")

    assert compare(course) == [
        "assignments/02_layers/dense.py is missing; run: handgrad build",
        "assignments/02_layers/relu.py differs from its solution; run: handgrad build",
        "assignments/02_layers/pool.py has no solution any more; run: handgrad build",
    ]
    assert write(course) == [DENSE, RELU, stray]
    assert compare(course) == []


def test_comparing_changes_nothing(course: Path) -> None:
    """`build --check` leaves the checkout unchanged."""
    before = sorted(course.rglob("*"))

    assert len(compare(course)) == 2
    assert sorted(course.rglob("*")) == before


def test_files_written_by_hand_are_left_alone(course: Path) -> None:
    """The build removes only files with the check line of their own name, directly in a unit's folder."""
    write(course)
    kept = {
        "assignments/02_layers/notes.py": "x = 1\n",
        "assignments/02_layers/talk.py": "# Check it:  handgrad check other\n",
        "assignments/02_layers/deep/pool.py": "# Check it:  handgrad check pool\n",
        "assignments/02_layers/pool.md": "# Check it:  handgrad check pool\n",
        "assignments/pool.py": "# Check it:  handgrad check pool\n",
    }
    for name, text in kept.items():
        (course / name).parent.mkdir(exist_ok=True)
        (course / name).write_text(text)

    assert compare(course) == []
    assert write(course) == []
    assert {name: (course / name).read_text() for name in kept} == kept


def test_a_bad_solution_is_named_and_nothing_is_written(course: Path) -> None:
    """An unmarked answer stops the build before any file is written."""
    (course / "solutions/02_layers/relu/solution.py").write_text("def relu(x):\n    return x\n")

    with pytest.raises(ValueError, match=r"^solutions/02_layers/relu/solution\.py: line 1: there is no '# BEGIN"):
        write(course)
    assert not (course / "assignments").exists()
