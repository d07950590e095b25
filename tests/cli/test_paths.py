"""Every path that a command takes: where it cannot be read or written, the sentence says why, with exit code 2."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from autograder.cli import COMMANDS, arguments, main
from autograder.cli.arguments import path_fault
from autograder.platforms import NAMES, load
from autograder.platforms.gradebook import TABLES
from tests.cli.test_commands import RIGHT, TINY

SCALE = ("--course", "{tiny}", "scale")
READ, WRITTEN = ("missing", "below", "long", "link", "loop"), ("below", "long", "locked", "file")
FILE = WRITTEN[:2]
COMMAND_LINES: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("check", "path"): (("check", "--path", "{}", *SCALE), READ),
    ("check", "html"): (("check", "--path", "{mine}", "--html", "{}", *SCALE), FILE),
    ("gradcheck", "path"): (("gradcheck", "--path", "{}", *SCALE), READ),
    ("gradcheck", "input"): (("gradcheck", "--path", "{mine}", "--input", "{}", *SCALE), READ),
    ("hint", "path"): (("hint", "--path", "{}", *SCALE), READ),
    ("watch", "path"): (("watch", "--path", "{}", *SCALE), READ),
    ("list", "path"): (("list", "--path", "{}", *SCALE), READ),
    ("validate", "path"): (("validate", "{}", "scale", *SCALE[:2]), READ),
    ("grade", "submissions"): (("grade", "{}", "-o", "{new}", "--course", "{tiny}"), READ),
    ("grade", "output"): (("grade", "{class}", "-o", "{}", "--course", "{tiny}"), (*WRITTEN, "link")),
    ("regrade", "results"): (("regrade", "{}", "--course", "{tiny}"), READ),
    ("explain", "results"): (("explain", "{}", "ada", "--course", "{tiny}"), READ),
    ("verify", "results"): (("verify", "{}", "--course", "{tiny}"), READ),
    ("verify", "submissions"): (("verify", "{results}", "--submissions", "{}", "--course", "{tiny}"), READ),
    ("ci", "path"): (("ci", "--path", "{}", *SCALE), READ),
    ("ci", "output"): (("ci", "--path", "{mine}", "-o", "{}", *SCALE), WRITTEN),
    ("gradescope", "root"): (("gradescope", "--root", "{}"), READ),
    ("nbgrader", "folder"): (("nbgrader", "init", "{}", "--course", "{course}"), WRITTEN),
    ("release", "out"): (("release", "{}", "--course", "{tiny}"), ("below", "file")),
    ("reveal", "verify"): (("reveal", "--verify", "{}", "--course", "{release}"), READ),
    ("reveal", "report"): (("reveal", "--verify", "{keys}", "--report", "{}", "--course", "{release}"), READ),
    ("reveal", "submission"): (
        ("reveal", "--verify", "{keys}", "--report", "{report}", "--submission", "{}", "--course", "{release}"), READ),
    ("canvas", "template"): (("export", "canvas", "{results}", "{}", "-o", "{new}"), READ),
    ("canvas", "students"): (("export", "canvas", "{results}", "{table}", "--students", "{}", "-o", "{new}"), READ),
    ("canvas", "output"): (("export", "canvas", "{results}", "{table}", "--column", "Layers", "-o", "{}"), FILE),
    ("moodle", "template"): (("export", "moodle", "{results}", "{}", "-o", "{new}"), READ),
    ("moodle", "students"): (("export", "moodle", "{results}", "{sheet}", "--students", "{}", "-o", "{new}"), READ),
    ("moodle", "output"): (("export", "moodle", "{results}", "{sheet}", "-o", "{}"), FILE),
    ("blackboard", "template"): (("export", "blackboard", "{results}", "{}", "-o", "{new}"), READ),
    ("blackboard", "students"): (
        ("export", "blackboard", "{results}", "{board}", "--students", "{}", "-o", "{new}"), READ),
    ("blackboard", "output"): (("export", "blackboard", "{results}", "{board}", "-o", "{}"), FILE),
    ("brightspace", "template"): (("export", "brightspace", "{results}", "{}", "-o", "{new}"), READ),
    ("brightspace", "students"): (
        ("export", "brightspace", "{results}", "{space}", "--students", "{}", "-o", "{new}"), READ),
    ("brightspace", "output"): (("export", "brightspace", "{results}", "{space}", "-o", "{}"), FILE),
    ("gradescope zip", "output"): (("export", "gradescope", "{}", "--course", "{tiny}"), FILE),
}  # fmt: skip


def taken() -> Iterator[tuple[str, str]]:
    """(command or platform, argument) of every path that a command takes, but --course, which all of them share.

    `start` needs an installed course: tests/release/test_start.py.
    """
    for name in (name for name in COMMANDS if name != "start"):
        yield from ((name, action.dest) for action in main.parser_of(name)._actions if _is_path(action))
    for name in NAMES:
        parser = argparse.ArgumentParser()
        load(name).configure(parser)
        known = {"results", *(() if name in ("canvas", "moodle", "gradescope", *TABLES) else ("output",))}
        word = "gradescope zip" if name == "gradescope" else name
        yield from ((word, action.dest) for action in parser._actions if _is_path(action) and action.dest not in known)


def _is_path(action: argparse.Action) -> bool:
    return action.type in (arguments.path, Path) and action.dest != "course"


def test_every_path_is_in_the_table() -> None:
    """A path that a new command takes is tried too; results and outputs of single files are `export`'s own below."""
    assert sorted(taken()) == sorted(COMMAND_LINES)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Good paths by their names in the table, and bad ones."""
    root = tmp_path_factory.mktemp("places")
    (root / "class" / "ada").mkdir(parents=True)
    (root / "class" / "ada" / "scale.py").write_text(RIGHT, encoding="utf-8")
    (root / "file").write_text("text", encoding="utf-8")
    (root / "link").symlink_to(root / "nowhere")
    (root / "loop").symlink_to(root / "loop")
    (root / "table.csv").write_text("Student,ID,SIS User ID,SIS Login ID,Section,Layers (11)\nada,1,1,ada,A,\n")
    (root / "sheet.csv").write_text("Identifier,Full name,Grade,Maximum Grade\nParticipant 1,ada,,8.00\n")
    (root / "board.csv").write_text("Username,Layers [Total Pts: 8 Score] |1\nada,\n")
    (root / "space.csv").write_text("Username,Layers Points Grade <Numeric MaxPoints:8>\n#ada,\n")
    shutil.copytree(TINY, root / "course")
    page = "# 1 · Tiny\n\nText.\n\n## One\n\n<!-- exercises: scale -->\n"
    (root / "course" / "solutions" / "01_tiny" / "README.md").write_text(page, encoding="utf-8")
    good = {"tiny": TINY, "course": root / "course", "mine": root / "class" / "ada", "class": root / "class",
            "new": root / "new", "results": root / "results", "table": root / "table.csv", "sheet": root / "sheet.csv",
            "board": root / "board.csv", "space": root / "space.csv",
            "release": root / "release", "keys": root / "keys.json",
            "report": root / "results" / "reports" / "ada.json"}  # fmt: skip
    bad = {"missing": root / "missing", "below": root / "file" / "x", "long": root / ("x" * 300),
           "link": root / "link", "loop": root / "loop", "locked": Path("/sys/handgrad/new"), "file": root / "file"}
    return {name: str(path) for name, path in {**good, **bad}.items()}


@pytest.fixture(scope="module")
def filled(places: dict[str, str]) -> Iterator[dict[str, str]]:
    """The places, with results of a class, a release, and the keys that it was published with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDGRAD_KEY", "a key of sixteen characters and more")
        quick = ["--course", places["tiny"], "--only", "scale", "--skip", "speed", "--jobs", "1"]
        assert main.main(["grade", places["class"], "-o", places["results"], *quick]) == 0
        assert main.main(["release", places["release"], "--course", places["tiny"]]) == 0
        with open(places["keys"], "w", encoding="utf-8") as keys, redirect_stdout(keys):
            assert main.main(["reveal", "--course", places["tiny"]]) == 0
        yield places


@pytest.mark.parametrize("name", COMMAND_LINES, ids="-".join)
def test_a_bad_path_is_wrong_usage(
    filled: dict[str, str], name: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and a sentence with the path that is no traceback and asks for no room."""
    words, bad = COMMAND_LINES[name]
    capsys.readouterr()
    for kind in bad:
        code = main.main([filled[kind] if word == "{}" else word.format(**filled) for word in words])
        said = capsys.readouterr().err.splitlines()[-1]
        assert code == 2, (kind, code, said)
        assert os.path.dirname(filled[kind]) in said and said.endswith(".") and "room" not in said, (kind, said)


@pytest.mark.parametrize("name", sorted({*COMMANDS} - {"doctor", "export", "gradescope", "start"}))
def test_a_course_that_is_none(filled: dict[str, str], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For every command: exit code 2 and the path."""
    needed = {"hint": ["scale"], "validate": [filled["mine"]], "grade": [filled["class"], "-o", filled["new"]],
              "regrade": [filled["results"]], "explain": [filled["results"], "ada", "scale"],
              "verify": [filled["results"]], "nbgrader": ["init", filled["new"]], "release": [filled["new"]],
              "new": ["01_tiny/maxout"]}  # fmt: skip
    for kind in ("missing", "below", "long", "link", "loop"):
        code = main.main([name, *needed.get(name, []), "--course", filled[kind]])
        said = capsys.readouterr().err.splitlines()[-1]
        assert code == 2 and filled[kind] in said, (kind, said)


FAULTS = {
    "EACCES": "may not be read or written by this user. Change its permissions",
    "EPERM": "may not be changed by this user", "EROFS": "lies on a disk that can only be read",
    "ENAMETOOLONG": "is too long for a path", "ENOSPC": "cannot be written: the disk is full. Make room.",
    "EDQUOT": "cannot be written: this user may use no more of the disk", "ELOOP": "is a link that leads to itself",
    "EFBIG": "a file may not be that large here", "ENOENT": "does not exist", "ENOTDIR": "lies below a file",
    "EISDIR": "is a folder, and a file is needed", "EEXIST": "is there and is no folder",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_each_fault_has_its_words_in_each_command(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Whatever the kernel says of a path while a command runs; of other things it stays a defect of ours."""
    for fault, words in FAULTS.items():
        assert raising(monkeypatch, name, OSError(getattr(errno, fault), os.strerror(1), str(tmp_path / "x"))) == 2
        assert f"handgrad: {tmp_path / 'x'} " in (said := capsys.readouterr().err) and words in said
    assert raising(monkeypatch, name, OSError(errno.EMFILE, "Too many open files")) == 3
    assert raising(monkeypatch, name, PermissionError(errno.EPERM, "unshare")) == 3


def raising(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> int:
    """Exit code of a command whose work raises this."""

    class Command:
        __doc__ = ""

        @staticmethod
        def configure(parser: argparse.ArgumentParser) -> None: ...

        @staticmethod
        def run(args: argparse.Namespace) -> int:
            raise error

    monkeypatch.setattr(main, "load", lambda name: Command)
    return main.main([name])


def test_what_sqlite_says_of_a_full_disk(tmp_path: Path) -> None:
    """SQLite names no path; the sentence does."""
    sql = sqlite3.connect(tmp_path / "x.sqlite")
    sql.execute("PRAGMA max_page_count = 2")
    sql.execute("CREATE TABLE t (x)")
    with pytest.raises(sqlite3.Error) as caught:
        sql.execute("INSERT INTO t VALUES (zeroblob(100000))")
    sql.close()
    assert path_fault(caught.value, "results") == "results cannot be written: the disk is full. Make room."
    assert path_fault(sqlite3.IntegrityError("UNIQUE")) == path_fault(ValueError()) == ""
