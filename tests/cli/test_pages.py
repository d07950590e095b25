"""Feedback as a page, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.forked import run
from tests.cli.test_commands import TINY, WRONG


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A student's folder with a wrong answer in it."""
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "scale.py").write_text(WRONG, encoding="utf-8")
    return tmp_path / "ann"


def test_a_check_is_written_as_a_page_too(files: Path) -> None:
    """Beside what is printed; with the smallest failing case, the formula and the case for paper."""
    done = run("check", "scale", "--course", TINY, "--path", files, "--html", files / "made" / "page.html")
    assert done.returncode == 1, done.stderr
    assert "smallest input that fails" in done.stdout
    assert done.stderr == f"wrote {files / 'made' / 'page.html'}\n"
    page = (files / "made" / "page.html").read_text(encoding="utf-8")
    for words in ("<title>Feedback for ann</title>", "The smallest input that fails", "<math ", "A case for paper"):
        assert words in page
    assert "return x * w" not in page


def test_a_page_is_a_file(files: Path) -> None:
    """A folder is refused before anything is checked."""
    done = run("check", "scale", "--course", TINY, "--path", files, "--html", files)
    assert done.returncode == 2
    assert f"{files} is a folder. Name a file, such as {files / 'feedback.html'}." in done.stderr


def test_a_class_gets_a_page_each(files: Path) -> None:
    """Where only hidden inputs fail, no number of theirs is on it."""
    hidden = "def scale_forward(x, w):\n    return x * w if len(w) == 3 else x + w\n"
    (files / "scale.py").write_text(hidden, encoding="utf-8")
    words = ("--course", TINY, "--only", "scale", "--skip", "speed", "--jobs", "1")
    done = run("grade", files.parent, "-o", files.parent.parent / f"{files.parent.name}_out", *words)
    assert done.returncode == 1, done.stderr
    page = (files.parent.parent / f"{files.parent.name}_out" / "feedback" / "ann.html").read_text(encoding="utf-8")
    assert "out has wrong values. Case “batch of one” (2 of 3 cases fail)." in page
    assert "The smallest input" not in page and "<summary>The formula" not in page
