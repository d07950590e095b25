"""Of a folder with a stub and a notebook every command reads the same file."""

from __future__ import annotations

import json
import shutil
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.build.stub import make_stub
from autograder.cli import verify
from autograder.cli.main import main
from autograder.course.catalog import Course
from autograder.frontends.notebook.server import examine_folder
from autograder.frontends.pytest_plugin.items import Bench
from autograder.report.json import from_dict
from autograder.sandbox.sandbox import Sandbox
from autograder.submission import folder as intake
from autograder.submission.choice import Choice
from tests.cli.test_commands import TINY
from tests.submission.papers import notebook

CELLS = "def extremes(x):\n    return x.max(), x.min()", "def halves(x):\n    return x"
UNIT = Path("assignments") / "01_tiny"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose student has the stub of `spread` and, in the unit's notebook, two of its three functions, whose
    names do not tell the exercise."""
    made = Course(Path(shutil.copytree(TINY, tmp_path / "course")))
    (made.root / UNIT).mkdir(parents=True)
    (made.root / UNIT / "spread.py").write_text(make_stub(made.solution("spread")), encoding="utf-8")
    (made.root / UNIT / "01_tiny.ipynb").write_bytes(notebook(*CELLS))
    return made


def _command(*words: str) -> Callable[[Course], object]:
    return lambda course: main([*words, "--course", str(course.root)])


def _folder(course: Course) -> str:
    return str(course.root / UNIT)


def _notebook(course: Course) -> None:
    with Sandbox("local") as sandbox:
        examine_folder(course.root / UNIT, ["spread"], course, sandbox)


COMMANDS: dict[str, Callable[[Course], object]] = {
    "check": lambda course: _command("check", "spread", "--path", _folder(course))(course),
    "hint": lambda course: _command("hint", "spread", "--path", _folder(course))(course),
    "watch": lambda course: _command("watch", "spread", "--path", _folder(course))(course),
    "ci": lambda course: _command("ci", "spread", "--tier", "local", "--path", _folder(course))(course),
    "list": lambda course: (COMMANDS["check"](course), _command("list")(course)),
    "validate": lambda course: _command("validate", _folder(course), "spread")(course),
    "notebook": _notebook,
    "pytest": lambda course: Bench(course).submission,
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_reads_the_notebook(
    course: Course, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The notebook in which more is written than in the stub, and nothing else."""
    origins = set()
    choose = intake.choose

    def seen(*args: Any) -> Choice:
        choice = choose(*args)
        source = choice.sources.get("spread") or choice.module
        origins.add(source.origin.rpartition("/")[2] if source else None)
        return choice

    monkeypatch.setattr(intake, "choose", seen)
    monkeypatch.setattr("autograder.frontends.watch.session.loop", lambda *args: None)
    monkeypatch.chdir(course.root / UNIT)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    COMMANDS[command](course)
    assert {"01_tiny.ipynb"} == origins


def test_grade_reads_the_notebook(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its own processes, as the others do; and `verify` finds the same bytes where no course is at hand."""
    words = ("--course", str(course.root), "--only", "spread", "--skip", "speed", "--jobs", "1", "--tier", "local")
    assert 1 == main(["grade", str(course.root / "assignments"), "-o", str(tmp_path / "out"), *words])
    (path,) = (tmp_path / "out" / "reports").glob("*.json")
    report = from_dict(json.loads(path.read_text(encoding="utf-8")))
    assert [("01_tiny.ipynb", "failed")] == [(exercise.path, exercise.status) for exercise in report.exercises]
    monkeypatch.chdir(tmp_path)
    assert [] == list(verify._differences(report, Namespace(submissions=course.root / "assignments", course=None)))


def test_the_choice_is_told_alike(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check`, `validate` and `grade` say in one sentence that a file counts, and what a notebook defines too."""
    told = "spread.py counts; 01_tiny.ipynb defines extremes, halves too and does not."
    file = course.root / UNIT / "spread.py"
    file.write_text("\n".join((CELLS[0], "def halves(x):\n    return x / 2")), encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "200")
    for command in ("check", "validate"):
        COMMANDS[command](course)
        assert told in capsys.readouterr().out
    words = ("--course", str(course.root), "--only", "spread", "--skip", "speed", "--jobs", "1", "--tier", "local")
    main(["grade", str(course.root / "assignments"), "-o", str(tmp_path / "out"), *words])
    (path,) = (tmp_path / "out" / "reports").glob("*.json")
    assert told in from_dict(json.loads(path.read_text(encoding="utf-8"))).notes
