"""Tests of the detection of saved files."""

from __future__ import annotations

import os

import pytest

from autograder.frontends.watch.inputs import Files


@pytest.fixture
def work(tmp_path):
    """Create a folder with one exercise in a unit."""
    (tmp_path / "unit").mkdir()
    write(tmp_path / "unit" / "relu.py", "x", 1)
    return tmp_path


def write(path, text, second):
    """Save the file with this second as its modification time."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (second, second))


def test_a_saved_file_counts_when_it_has_come_to_rest(work):
    """A saved file counts once, at the second look, because at the first it may be incomplete."""
    files = Files(work)
    write(work / "unit" / "relu.py", "xy", 2)
    assert [files.changed(), files.changed(), files.changed()] == [[], ["unit/relu.py"], []]


def test_a_file_that_is_still_being_written_waits(work):
    """A file that differs at each look does not count."""
    files = Files(work)
    for second in (2, 3, 4):
        write(work / "unit" / "relu.py", "x" * second, second)
        assert files.changed() == []
    assert files.changed() == ["unit/relu.py"]


def test_the_latest_comes_last(work):
    """Of two saved files the newer one comes last."""
    files = Files(work)
    write(work / "dense.py", "new", 9)
    write(work / "unit" / "relu.py", "xy", 5)
    files.changed()
    assert files.changed() == ["unit/relu.py", "dense.py"]


def test_other_files_are_nobody_s_business(work):
    """Files of other kinds and in hidden folders are ignored; a notebook is not."""
    files = Files(work)
    (work / ".git").mkdir()
    write(work / ".git" / "relu.py", "x", 5)
    write(work / "notes.txt", "x", 5)
    files.changed()
    assert files.changed() == []
    write(work / "unit" / "02_layers.ipynb", "{}", 6)
    files.changed()
    assert files.changed() == ["unit/02_layers.ipynb"]


def test_a_file_that_goes_away_is_no_save(work):
    """A deleted file does not count, and counts when it is back."""
    files = Files(work)
    (work / "unit" / "relu.py").unlink()
    assert [files.changed(), files.changed()] == [[], []]
    write(work / "unit" / "relu.py", "again", 7)
    files.changed()
    assert files.changed() == ["unit/relu.py"]
