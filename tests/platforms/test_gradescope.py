"""Gradescope: the documented results, and the zip in folders like those of its machine, without a network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.platforms.gradescope import (
    VISIBILITIES,
    Settings,
    read_metadata,
    read_settings,
    requirements,
    to_results,
)
from autograder.report.json import stamp
from autograder.report.report import Report
from tests.cli.forked import run
from tests.cli.test_hostile_checkout import hostile
from tests.platforms.cases import CASES, exercise, report, reports
from tests.platforms.conftest import Run

TINY = Path(__file__).parents[1] / "tiny"
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["visible", "hidden", "after_due_date", "after_published"]}
NUMBER = {"type": "number"}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": NUMBER, "execution_time": NUMBER, "output": {"type": "string"}, "output_format": FORMAT,
        "test_output_format": FORMAT, "test_name_format": FORMAT, "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY, "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "dependentRequired": {"score": ["max_score"], "max_score": ["score"]},
                "properties": {
                    "score": NUMBER, "max_score": NUMBER, "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"}, "name_format": FORMAT, "output": {"type": "string"},
                    "number": {"type": "string", "pattern": r"^\d+(\.\d+)*$"}, "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}}, "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}  # fmt: skip


def read(text: str) -> dict[str, Any]:
    """Valid by the documented format."""
    result: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    return result


def results(report: Report, **settings: Any) -> dict[str, Any]:
    """The finished results."""
    return read(to_results(report, Settings(**settings), 1.2))


def total(result: dict[str, Any]) -> float:
    """What Gradescope shows as the score: the tests' sum, as there is no score above them."""
    assert "score" not in result
    return float(sum(test.get("score", 0) for test in result["tests"]))


@pytest.mark.parametrize("case", [name for name in CASES if name != "broken"])
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_every_case_is_valid(case: str, visibility: str) -> None:
    """Fractions, zero points, skipped, 300 exercises, any text; the total is ours."""
    result = results(CASES[case], visibility=visibility)
    assert sum(exercise.score for exercise in CASES[case].exercises) == pytest.approx(total(result))
    assert len(CASES[case].exercises) == len(result["tests"]) - 1


@given(reports())
def test_any_report_is_valid(report: Report) -> None:
    """The total is ours."""
    assert report.score == pytest.approx(total(results(report)), abs=1e-5)


@pytest.mark.parametrize("visibility", VISIBILITIES[1:])
def test_hidden_points_hide_no_more_than_points(visibility: str) -> None:
    """What was read is always shown; whatever tells how good the answers are is not, in any other place either."""
    first, *tests = (result := results(CASES["partly right"], visibility=visibility))["tests"]
    assert ("What was read", "visible", True) == (first["name"], first["visibility"], "score" not in first)
    assert {visibility} == {test["visibility"] for test in tests}
    assert "visible" == result["visibility"]
    open_text = json.dumps([result["output"], result["extra_data"], first])
    assert not any(word in open_text for word in ("12.5", "dx is empty", "failed"))


def test_what_the_grader_prints_is_for_the_instructor() -> None:
    """Always."""
    assert "hidden" == results(CASES["all right"])["stdout_visibility"]


def test_what_was_read_is_said() -> None:
    """From which file, what was not handed in, what was refused, and the notes."""
    link = exercise("dense", "error", 0.0, 1.0, message="is a link.")
    found = [
        exercise("relu", "passed", 1.0, 1.0),
        replace(link, source=None),
        replace(link, name="conv2d", source=None, status="skipped"),
    ]
    first = results(report("a", *found, notes=("Not read: helper.py.",)))["tests"][0]
    assert "failed" == first["status"]
    lines = ["read: relu from relu.py", "not read: dense: is a link.", "not handed in: conv2d", "Not read: helper.py."]
    assert lines == first["output"].splitlines()


def test_numbers_are_units_and_places() -> None:
    """1.1, 1.2 in the first unit that is there."""
    assert [None, "1.1", "1.2"] == [test.get("number") for test in results(CASES["all right"])["tests"]]


METADATA = {
    "id": 123456, "created_at": "2026-10-05T14:22:32.365935-07:00",
    "assignment": {"due_date": "2026-10-31T23:00:00.000000-07:00", "group_size": None, "group_submission": False,
                   "id": 25828, "course_id": 1234, "late_due_date": None, "title": "Layers", "total_points": "60.0"},
    "submission_method": "upload",
    "users": [{"email": "ada@uni.example", "id": 1, "name": "Ada"}],
    "previous_submissions": [],
}  # fmt: skip


def test_metadata_as_documented(tmp_path: Path) -> None:
    """Who handed in, and when, in UTC: the instant that no regrade changes."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps(METADATA), encoding="utf-8")
    assert ("ada@uni.example", datetime(2026, 10, 5, 21, 22, 32, tzinfo=UTC)) == read_metadata(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(METADATA)), inner, max_size=4),
)


@given(st.one_of(JSON.map(json.dumps), st.text(max_size=40)))
def test_any_metadata_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Missing and invalid metadata is unknown, and no grade depends on it."""
    path = tmp_path_factory.getbasetemp() / "metadata.json"
    path.write_text(text, encoding="utf-8", errors="replace")
    assert read_metadata(path)[0]
    assert ("submission", None) == read_metadata(path.with_name("nowhere.json"))


@pytest.mark.parametrize(
    ("record", "name"),
    [({"id": 1, "users": [{"email": "b@x"}, {"email": "a@x"}]}, "a@x+b@x"), ({"id": 9}, "submission 9"),
     ({}, "submission")],
)  # fmt: skip
def test_a_group_is_named_by_all_of_it(tmp_path: Path, record: dict[str, Any], name: str) -> None:
    """In one order; without names the submission's number is its name."""
    (tmp_path / "m.json").write_text(json.dumps(record), encoding="utf-8")
    assert (name, None) == read_metadata(tmp_path / "m.json")


RIGHT = """
def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, (dout * x).sum(0)
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of the tiny course, made by the command."""
    path = tmp_path_factory.mktemp("gradescope") / "autograder.zip"
    run("export", "gradescope", path, "--course", TINY, "--only", "scale", HANDGRAD_KEY="secret").check_returncode()
    return path


def harness(root: Path, package: Path) -> Path:
    """/autograder as Gradescope builds it: the zip extracted in source/, the scripts run from there.

    Its Python is this one: nothing is downloaded in a test.
    """
    shutil.unpack_archive(package, root / "source")
    for script in ("setup.sh", "run_autograder"):
        (root / "source" / script).chmod(0o755)  # shutil forgets it; unzip does not
    (root / "venv" / "bin").mkdir(parents=True)
    python = root / "venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    done = subprocess.run(
        ["bash", root / "source" / "setup.sh"], env=machine(root), capture_output=True, text=True, timeout=120
    )
    assert 0 == done.returncode, done.stderr
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    (root / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    (root / "submission").mkdir()
    return root


def machine(root: Path) -> dict[str, str]:
    """The environment of the image."""
    return {"PATH": os.environ["PATH"], "HOME": str(root), "LANG": "C.UTF-8", "HANDGRAD_ROOT": str(root)}


def offline() -> list[str]:
    """A prefix that takes the network away, where this machine lets us."""
    prefix = ["unshare", "--net"]
    possible = shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
    return prefix if possible else []


def grade(root: Path, where: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A submission is graded, as Gradescope starts it: in the folder `where`, /autograder without one."""
    return subprocess.run(
        [*offline(), root / "run_autograder"], cwd=where or root, env=machine(root),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def root(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine, made once."""
    return harness(tmp_path_factory.mktemp("machine") / "autograder", package)


@pytest.fixture
def submission(root: Path) -> Iterator[Path]:
    """An empty upload."""
    shutil.rmtree(root / "submission")
    (root / "submission").mkdir()
    yield root / "submission"
    shutil.rmtree(root / "results")
    (root / "results").mkdir()


def test_a_submission_in_the_harness(root: Path, submission: Path) -> None:
    """Setup, a right answer, no network: full points, the hidden tests' code, the hash of what was graded."""
    (submission / "scale.py").write_text(RIGHT, encoding="utf-8")
    done = grade(root)
    assert 0 == done.returncode, done.stderr
    result = read((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert 8.5 == total(result) and "passed" == result["tests"][1]["status"], result
    assert result["extra_data"]["tier"] in ("sealed", "guarded") and 64 == len(result["extra_data"]["mac"])
    assert "2026-10-05T21:22:32Z" == result["extra_data"]["created_at"]


def test_the_same_upload_again_gets_the_same(root: Path, submission: Path) -> None:
    """Byte for byte but for the time it took and what was measured."""
    (submission / "scale.py").write_text(RIGHT.replace("x * w", "x + w"), encoding="utf-8")
    found = []
    for _ in range(2):
        assert 0 == grade(root).returncode
        result = read((root / "results" / "results.json").read_text(encoding="utf-8"))
        found.append([(test["name"], test.get("score"), test["output"]) for test in result["tests"]])
    assert found[0] == found[1]
    assert "known mistake: adds" in found[0][1][2]


HOSTILE = """
import os
for path in ("{root}/results/results.json", "{root}/source/handgrad.json", "{root}/source/course/tiny_oracle.py"):
    try:
        print(open(path).read())
        open(path, "w").write('{{"score": 100}}')
    except Exception as error:
        print(type(error).__name__)
def scale_forward(x, w):
    os._exit(0)
"""


def test_a_hostile_upload(root: Path, submission: Path) -> None:
    """Nothing earned, nothing read, nothing written, no output of its own shown; the results are ours."""
    (submission / "scale.py").write_text(HOSTILE.format(root=root), encoding="utf-8")
    assert 0 == grade(root).returncode
    text = (root / "results" / "results.json").read_text(encoding="utf-8")
    assert 0.0 == total(read(text))
    assert "secret" not in text and "secret" in (root / "source" / "handgrad.json").read_text(encoding="utf-8")


def test_an_upload_is_not_imported(root: Path, submission: Path, tmp_path: Path) -> None:
    """Started inside an upload with a file for every module, the script imports none of them."""
    hostile(submission, tmp_path / "mark")
    (submission / "scale.py").write_text(RIGHT, encoding="utf-8")
    done = grade(root, submission)
    assert 0 == done.returncode and not (tmp_path / "mark").exists(), done.stderr
    assert 8.0 <= total(read((root / "results" / "results.json").read_text(encoding="utf-8")))


def test_an_empty_upload(root: Path, submission: Path) -> None:
    """No points, and the reason in words."""
    assert 0 == grade(root).returncode
    result = read((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert 0.0 == total(result) and "failed" == result["tests"][0]["status"]
    assert "not handed in: scale" in result["tests"][0]["output"]


def test_where_the_grader_fails_there_are_no_results(root: Path, submission: Path, tmp_path: Path) -> None:
    """Gradescope then says that the autograder failed; older results are gone; the instructor reads why."""
    (submission / "scale.py").write_text(RIGHT, encoding="utf-8")
    oracle = root / "source" / "course" / "tiny_oracle.py"
    kept = oracle.read_text(encoding="utf-8")
    oracle.write_text(kept.replace("return x * w", "return 1 / 0"), encoding="utf-8")
    try:
        done = grade(root)
    finally:
        oracle.write_text(kept, encoding="utf-8")
    assert 3 == done.returncode and "scale: The grader failed, not the answer: " in done.stderr
    assert not (root / "results" / "results.json").exists()


def test_the_zip_holds_what_grading_needs(package: Path) -> None:
    """The scripts at its root, executable; the course without assignments; the engine; versions; the settings."""
    with zipfile.ZipFile(package) as archive:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
        settings = json.loads(archive.read("handgrad.json"))
        wanted = archive.read("requirements.txt").decode()
    assert 0o755 == modes["setup.sh"] == modes["run_autograder"] and 0o600 == modes["handgrad.json"]
    assert {"course/tiny_oracle.py", "course/solutions/01_tiny/scale/spec.py", "engine/autograder/cli/main.py"} <= set(
        modes
    )
    assert not [name for name in modes if "__pycache__" in name or name.startswith(("/", "course/assignments"))]
    assert (["scale"], "secret") == (settings["only"], settings["key"])
    assert wanted == requirements() and "numpy==" in wanted


def test_the_zip_is_the_same_each_time(run: Run, tmp_path: Path) -> None:
    """So that a changed zip means a changed course."""
    for name in ("a.zip", "b.zip"):
        done = run("export", "gradescope", tmp_path / name, "--course", TINY)
        assert 0 == done.code and "no key: hidden inputs can be computed by anybody" in done.err
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_an_assignment_is_packed_as_its_exercises(run: Run, tmp_path: Path) -> None:
    """Those of [assignments.ps1], or of a unit, beside those of --only; an unknown name is wrong usage."""
    words = ("export", "gradescope", tmp_path / "a.zip", "--course", TINY, "--assignment")
    assert 0 == run(*words, "01_tiny", "--only", "scale").code
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        only = json.loads(archive.read("handgrad.json"))["only"]
    assert "scale" == only[0] and {"mean_square", "softplus"} <= {*only}
    assert "course.toml has no assignment 'ps1'" in run(*words, "ps1").err


def test_only_a_course_is_packed(run: Run, tmp_path: Path) -> None:
    """Wrong usage elsewhere, and nothing is written."""
    done = run("export", "gradescope", tmp_path / "a.zip", "--course", tmp_path)
    assert 2 == done.code and "is no course: it has no solutions/" in done.err and not list(tmp_path.iterdir())


def test_settings_come_back(tmp_path: Path) -> None:
    """As they went."""
    settings = Settings(("relu", "layers"), "hidden", True, "ключ")
    (tmp_path / "handgrad.json").write_text(json.dumps(asdict(settings)), encoding="utf-8")
    assert settings == read_settings(tmp_path)


def test_a_machine_without_a_sandbox_grades_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the instructor has said that it should."""
    (tmp_path / "source").mkdir()
    monkeypatch.setattr("autograder.sandbox.doctor.best_tier", lambda: "local")
    (tmp_path / "source" / "handgrad.json").write_text('{"only": []}', encoding="utf-8")
    done = run("gradescope", "--root", tmp_path, "--ready")
    assert 2 == done.code and "this machine has no sandbox, so nothing is graded" in done.err
    (tmp_path / "source" / "handgrad.json").write_text('{"only": [], "allow_local": true}', encoding="utf-8")
    assert "ready, in the tier local" in run("gradescope", "--root", tmp_path, "--ready").out


def test_what_is_broken_is_no_result() -> None:
    """Not even by a caller's mistake."""
    with pytest.raises(AssertionError, match="has no results"):
        to_results(CASES["broken"], Settings(), 0.0)
    assert stamp(CASES["broken"], "key").mac
