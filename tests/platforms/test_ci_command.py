"""`handgrad ci` as a runner calls it: real processes, the files that a workflow names, and honest exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import jsonschema
import pytest

from tests.cli.forked import run
from tests.platforms.test_actions import run as obeyed
from tests.platforms.test_classroom50 import ENVIRONMENT, SCHEMA

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "tiny"
RIGHT = """import numpy as np


def scale_forward(x, w):
    print("::error::printed by the student")
    return x * w


def scale_backward(dout, x, w):
    return dout * w, (dout * x).sum(0)
"""
WRONG = RIGHT.replace("return x * w", "return x + w")
Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A student's repository with a wrong answer in assignments/."""
    folder = tmp_path / "repository" / "assignments" / "01_tiny"
    folder.mkdir(parents=True)
    (folder / "scale.py").write_text(WRONG, encoding="utf-8")
    return tmp_path / "repository"


@pytest.fixture
def call(repository: Path) -> Call:
    """The command in the repository, in a clean environment with the given variables."""

    def command(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: None for name in os.environ if name.startswith(("GITHUB_", "HANDGRAD"))}
        return run("ci", "--course", TINY, *words, cwd=repository, **{**clean, **environment})

    return command


def test_in_a_workflow(call: Call, repository: Path, tmp_path: Path) -> None:
    """Everything at once: log, annotations, summary, outputs, files, exit code 1."""
    done = call(
        "scale", "-o", "out", GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(repository),
        GITHUB_REPOSITORY="org/layers-ada", GITHUB_OUTPUT=str(tmp_path / "outputs"),
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
    )  # fmt: skip
    assert 1 == done.returncode, done.stderr
    commands = obeyed(done.stdout)
    assert ["error"] == [kind for kind, _, _ in commands]
    _, properties, message = commands[0]
    assert ("assignments/01_tiny/scale.py", "4") == (properties["file"], properties["line"])
    assert "known mistake: adds" in message
    values = dict(line.split("=", 1) for line in (tmp_path / "outputs").read_text(encoding="utf-8").splitlines())
    assert {"verdict": "failed", "max_score": "8.5"}.items() <= values.items()
    assert 0 < float(values["score"]) < 8.5
    assert "known mistake: adds" in (tmp_path / "summary").read_text(encoding="utf-8")
    record = json.loads((repository / "out" / "report.json").read_text(encoding="utf-8"))
    assert ("org/layers-ada", "local", "") == (record["submission"], record["tier"], record["mac"])
    assert "feedback, not a grade" in record["notes"][0]
    assert fromstring((repository / "out" / "junit.xml").read_text(encoding="utf-8")).get("failures") != "0"
    files = {"feedback.txt", "junit.xml", "report.json", "summary.md"}
    assert files == set(os.listdir(repository / "out"))


def test_outside_of_a_service(call: Call) -> None:
    """Plain feedback without commands, no files, the same exit code."""
    done = call("scale")
    assert 1 == done.returncode
    assert "known mistake: adds" in done.stdout and "::" not in done.stdout


def test_a_right_answer(call: Call, repository: Path) -> None:
    """Exit code 0 and no annotation; what the student printed is nowhere."""
    (repository / "assignments" / "01_tiny" / "scale.py").write_text(RIGHT, encoding="utf-8")
    done = call("scale", GITHUB_ACTIONS="true")
    assert 0 == done.returncode, done.stdout
    assert [] == obeyed(done.stdout) and "printed by the student" not in done.stdout


def test_without_names_all_is_asked_for(call: Call) -> None:
    """What is not handed in counts in the maximum: a deleted file makes nobody better."""
    done = call(GITHUB_ACTIONS="true")
    assert 1 == done.returncode
    assert "not handed in: " in done.stdout


def test_no_files_is_wrong_usage(call: Call) -> None:
    """Exit code 2, and the option that names them."""
    done = call("--path", "nowhere")
    assert 2 == done.returncode and "nowhere does not exist. Name the folder of the student's files" in done.stderr


def test_under_classroom50(call: Call, repository: Path, tmp_path: Path) -> None:
    """A result.json that the contract takes, its Markdown, and exit code 0: the grade is in the file."""
    git = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    dated = {**os.environ, "GIT_COMMITTER_DATE": "2026-11-20T12:00:00+02:00"}
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "x"], check=True, env=dated)
    done = call("scale", "--scale", "2", **ENVIRONMENT, GITHUB_OUTPUT=str(tmp_path / "outputs"))
    assert 0 == done.returncode, done.stderr
    result = json.loads((repository / "result.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    assert ("2026-11-20T10:00:00Z", 17) == (result["datetime"], result["max-score"])
    assert (repository / "release-body.md").read_text(encoding="utf-8").startswith("## handgrad: ")
    assert "status=failure\nsummary=handgrad: " in (tmp_path / "outputs").read_text(encoding="utf-8")


def test_a_fault_of_the_grader_is_no_result(call: Call, repository: Path, tmp_path: Path) -> None:
    """Exit code 3, no numbers anywhere, and a result.json that a student put there is gone."""
    shutil.copytree(TINY, tmp_path / "course")
    oracle = tmp_path / "course" / "tiny_oracle.py"
    oracle.write_text(oracle.read_text(encoding="utf-8").replace("return x * w", "return 1 / 0"), encoding="utf-8")
    (repository / "result.json").write_text('{"score": 100}', encoding="utf-8")
    done = call("scale", "--course", tmp_path / "course", **ENVIRONMENT, GITHUB_OUTPUT=str(tmp_path / "outputs"))
    assert 3 == done.returncode
    assert "no result.json: the grader failed in a part of it" in done.stderr
    assert not (repository / "result.json").exists()
    text = (tmp_path / "outputs").read_text(encoding="utf-8")
    assert "score=" not in text and "status=error" in text


def test_the_entry_point_for_classroom50(repository: Path, tmp_path: Path) -> None:
    """The example is run as its runner runs it: by path, in the checkout, the course beside it."""
    shutil.copytree(TINY, tmp_path / "bundle")
    shutil.copy(ROOT / "examples" / "classroom50" / "autograder.py", tmp_path / "bundle")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    done = subprocess.run(
        [sys.executable, tmp_path / "bundle" / "autograder.py"], cwd=repository, env={**clean, **ENVIRONMENT},
        capture_output=True, text=True, timeout=90,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    result = json.loads((repository / "result.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    assert "layers" == result["assignment"] and result["score"] < result["max-score"]
