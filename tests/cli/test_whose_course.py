"""A course comes from --course or from the folder that a command is typed in, never from what is graded.

Eve hands in a course of her own beside her answer; each of its modules leaves a mark when it is imported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platforms.test_ci_command import RIGHT, TINY

pytestmark = pytest.mark.slow


@pytest.fixture
def eve(tmp_path: Path) -> Path:
    """Her hand-in in a class of one: a right answer to scale, and a course that would run."""
    folder = tmp_path / "class" / "eve"
    shutil.copytree(TINY / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "assignments" / "01_tiny").mkdir(parents=True)
    (folder / "assignments" / "01_tiny" / "scale.py").write_text(RIGHT, encoding="utf-8")
    for path in [*folder.glob("solutions/*/*/*.py"), folder / "tiny_oracle.py", folder / "reference.py"]:
        path.write_text(f"open({str(tmp_path / 'mark')!r}, 'w').close()\nraise SystemExit('hers')\n", encoding="utf-8")
    return folder


def run(words: tuple[str | Path, ...], where: Path, eve: Path, module: str = "autograder") -> tuple[int, str]:
    """Exit code and output of a command typed in `where`, which runs nothing of Eve's course."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "HANDGRAD"))}
    done = subprocess.run(
        [sys.executable, "-P", "-m", module, *map(str, words)], cwd=where, env={**clean, "NO_COLOR": "1"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert not (eve.parents[1] / "mark").exists(), "her course was run"
    return done.returncode, done.stdout + done.stderr


COMMANDS = [
    ("ci", "scale", "--path", "{eve}"),
    ("check", "scale", "--path", "{eve}"),
    ("hint", "scale", "--path", "{eve}"),
    ("list", "scale", "--path", "{eve}"),
    ("validate", "{eve}", "scale"),
    ("watch", "scale", "--path", "{eve}"),
    ("grade", "{eve}/..", "-o", "{eve}/../../out", "--only", "scale"),
]


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[0] != "watch"], ids=lambda words: words[0])
def test_the_course_of_the_working_folder_is_taken(eve: Path, words: tuple[str, ...]) -> None:
    """Typed in the course, with Eve's folder as what is graded: the exercises are the course's. `watch` never ends."""
    code, said = run(tuple(word.format(eve=eve) for word in words), TINY, eve)
    assert code in (0, 1) and "scale" in said, said


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_elsewhere_no_course_is_found(eve: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    """Typed in a folder without a course: one has to be named."""
    code, said = run(tuple(word.format(eve=eve) for word in words), tmp_path, eve)
    assert code == 2 and "Name one with --course" in said, said


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_course_inside_of_what_is_graded_is_refused(eve: Path, words: tuple[str, ...]) -> None:
    """Typed in Eve's folder, which is graded: her specs are code of hers."""
    code, said = run(tuple(word.format(eve="." if word == "{eve}" else eve) for word in words), eve, eve)
    assert code == 2 and "which is graded: its spec.py files would be run. Name your course with --course." in said


def test_explain_regrade_and_verify(eve: Path, tmp_path: Path) -> None:
    """What reads results afterwards takes the course of the working folder too."""
    out = tmp_path / "out"
    run(("grade", eve.parent, "-o", out, "--only", "scale"), TINY, eve)
    code, said = run(("explain", out, "eve", "scale"), TINY, eve)
    assert code in (0, 1) and "eve, scale" in said
    code, said = run(("regrade", out), TINY, eve)
    assert code in (0, 1) and "would move" in said


def test_the_notebook_s_server(eve: Path) -> None:
    """It is told where the course is, apart from where the answers are."""
    question = {"path": str(eve), "names": ["scale"], "tier": None, "course": str(TINY)}
    command = [sys.executable, "-P", "-m", "autograder.frontends.notebook.server"]
    done = subprocess.run(command, input=json.dumps(question) + "\n", capture_output=True, text=True, timeout=300)
    assert json.loads(done.stdout)["report"]["exercises"][0]["name"] == "scale"
    assert not (eve.parents[1] / "mark").exists()


def test_the_pytest_plugin(eve: Path) -> None:
    """A file of another folder has no exercises but those of its release."""
    code, said = run((eve / "assignments" / "01_tiny" / "scale.py", "-p", "no:cacheprovider"), TINY, eve, "pytest")
    assert code in (4, 5), said


def test_a_release_is_taken_from_the_working_folder(eve: Path, tmp_path: Path) -> None:
    """A student's record/ is data: `check --path .` works there."""
    code, said = run(("release", tmp_path / "mine"), TINY, eve)
    assert code == 0, said
    shutil.copy(eve / "assignments" / "01_tiny" / "scale.py", tmp_path / "mine" / "assignments" / "01_tiny")
    code, said = run(("check", "scale", "--path", "."), tmp_path / "mine", eve)
    assert "known mistake" not in said and "scale" in said and code in (0, 1)
