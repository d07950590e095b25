"""Which files were saved since the last look."""

from __future__ import annotations

import os

import pytest

from autograder.frontends.watch.files import Files


@pytest.fixture
def work(tmp_path):
    """A folder with one exercise in a unit."""
    (tmp_path / "unit").mkdir()
    write(tmp_path / "unit" / "relu.py", "x", 1)
    return tmp_path


def write(path, text, second):
    """Save the file as if at that second."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (second, second))


def test_a_saved_file_counts_when_it_has_come_to_rest(work):
    """Not at the first look, in which it may be half written; then once."""
    files = Files(work, ["relu"])
    write(work / "unit" / "relu.py", "xy", 2)
    assert [files.changed(), files.changed(), files.changed()] == [[], ["relu"], []]


def test_a_file_that_is_still_being_written_waits(work):
    """As long as each look finds another state."""
    files = Files(work, ["relu"])
    for second in (2, 3, 4):
        write(work / "unit" / "relu.py", "x" * second, second)
        assert files.changed() == []
    assert files.changed() == ["relu"]


def test_the_latest_comes_last(work):
    """Where two were saved, the newer one is what the student looks at."""
    files = Files(work, ["relu", "dense"])
    write(work / "dense.py", "new", 9)
    write(work / "unit" / "relu.py", "xy", 5)
    files.changed()
    assert files.changed() == ["relu", "dense"]


def test_other_files_are_nobody_s_business(work):
    """Names that are no exercise, and what lies in hidden folders."""
    files = Files(work, ["relu"])
    (work / ".git").mkdir()
    write(work / ".git" / "relu.py", "x", 5)
    write(work / "notes.py", "x", 5)
    files.changed()
    assert files.changed() == []


def test_a_file_that_goes_away_is_no_save(work):
    """It is one when it comes back."""
    files = Files(work, ["relu"])
    (work / "unit" / "relu.py").unlink()
    assert [files.changed(), files.changed()] == [[], []]
    write(work / "unit" / "relu.py", "again", 7)
    files.changed()
    assert files.changed() == ["relu"]
