"""Tests of `handgrad nbgrader init`: its files, what it does not overwrite, and its messages."""

from __future__ import annotations

from pathlib import Path

from autograder.cli.main import main
from tests.nbgrader.conftest import UNIT


def run(folder: Path, course, *words: str) -> int:
    """Return the command's exit code."""
    return main(["nbgrader", "init", str(folder), *words, "--course", str(course.root)])


def test_it_writes_a_course_and_says_what_comes_next(tiny_course, tmp_path: Path, capsys) -> None:
    """The command writes a notebook for each unit, and settings with a relative path to the course."""
    assert run(tmp_path / "ng", tiny_course) == 0
    said = capsys.readouterr().out
    assert f"wrote {tmp_path}/ng/source/{UNIT}/{UNIT}.ipynb" in said
    assert f"nbgrader autograde {UNIT}" in said
    settings = (tmp_path / "ng" / "nbgrader_config.py").read_text()
    assert "kernel=False" in settings and str(tiny_course.root) not in settings
    assert "import" in settings and compile(settings, "nbgrader_config.py", "exec")


def test_an_assignment_names_its_units(tiny_course, tmp_path: Path, capsys) -> None:
    """A unit's name will do; what is no assignment is wrong usage, and nothing is written."""
    assert run(tmp_path / "none", tiny_course, "--assignment", "ps1") == 2
    assert "course.toml has no assignment 'ps1'" in capsys.readouterr().err and not (tmp_path / "none").exists()
    assert run(tmp_path / "ng", tiny_course, "--assignment", UNIT) == 0
    assert (tmp_path / "ng" / "source" / UNIT / f"{UNIT}.ipynb").is_file()


def test_a_second_time_nothing_changes(tiny_course, tmp_path: Path, capsys) -> None:
    """A second run changes nothing, and keeps nbgrader's files."""
    run(tmp_path, tiny_course)
    (tmp_path / "gradebook.db").write_text("theirs")
    capsys.readouterr()
    assert run(tmp_path, tiny_course) == 0
    assert "all was in step already." in capsys.readouterr().out
    assert (tmp_path / "gradebook.db").read_text() == "theirs"


def test_settings_of_somebody_else_are_not_overwritten(tiny_course, tmp_path: Path, capsys) -> None:
    """Foreign settings are an error that names a way to keep them."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    assert run(tmp_path, tiny_course) == 2
    said = capsys.readouterr().err
    assert "was not written by this command. Rename it to nbgrader_local.py, which is read last." in said
    assert not (tmp_path / "source").exists()


def test_one_s_own_settings_are_read_last(tiny_course, tmp_path: Path) -> None:
    """nbgrader_local.py overrides the generated settings."""
    from tests.nbgrader.conftest import load

    run(tmp_path, tiny_course, "--kernel")
    (tmp_path / "nbgrader_local.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "mine"\n')
    config = load(tmp_path, UNIT).config
    assert config.CourseDirectory.course_id == "mine"
    assert "autograde_preprocessors" not in config.Autograde


def test_a_unit_without_a_page_is_named(tiny_course, tmp_path: Path, capsys) -> None:
    """A unit without a page is an error, because it has no notebook."""
    page = tiny_course.root / "solutions" / UNIT / "README.md"
    text = page.read_text()
    page.unlink()
    try:
        assert run(tmp_path, tiny_course, "tiny") == 2
    finally:
        page.write_text(text)
    assert f"{UNIT} has no page, and so no notebook: write solutions/<unit>/README.md." in capsys.readouterr().err
