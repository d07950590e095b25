"""The command line as a user meets it: real processes, their words and exit codes."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.forked import run

TINY = Path(__file__).parents[1] / "tiny"
RIGHT = """
def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, (dout * x).sum(0)
"""
WRONG = RIGHT.replace("return x * w", "return x + w")


def grades(results: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((results / "grades.csv").read_text(encoding="utf-8-sig").splitlines()))


@pytest.fixture
def students(tmp_path: Path) -> Path:
    for name, text in {"ada": RIGHT, "bob": WRONG}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "scale.py").write_text(text, encoding="utf-8")
    return tmp_path / "class"


def test_help_teaches() -> None:
    """Examples and exit codes stand in --help."""
    done = run("--help")
    assert 0 == done.returncode
    assert "handgrad check conv2d" in done.stdout and "exit codes" in done.stdout


def test_an_unknown_command_meets_a_suggestion() -> None:
    """The nearest command, all commands, and exit code 2."""
    done = run("chek")
    assert 2 == done.returncode
    assert "there is no command chek. Did you mean `handgrad check`?" in done.stderr


def test_an_unknown_exercise_meets_a_suggestion() -> None:
    """The nearest exercise and how to see all."""
    done = run("check", "scal", "--course", TINY, "--path", TINY)
    assert 2 == done.returncode
    assert "there is no exercise or unit named scal. Did you mean scale?" in done.stderr


def test_check_of_a_right_answer(students: Path) -> None:
    """Exit code 0, full points, and the word that it is no grade."""
    done = run("check", "scale", "--course", TINY, "--path", students / "ada")
    assert 0 == done.returncode, done.stderr
    assert "8.5/8.5" in done.stdout and "feedback, not a grade" in done.stdout


def test_check_of_a_wrong_answer_says_what_is_wrong_and_on_request_why(students: Path) -> None:
    """Exit code 1, the place, got and expected; the hint and the mistake's name come with `hint`, or -v."""
    words = ("scale", "--course", TINY, "--path", students / "bob")
    done = run("check", *words)
    assert 1 == done.returncode
    assert "smallest input that fails" in done.stdout and "→ handgrad hint scale   for the next step" in done.stdout
    assert "adds" not in done.stdout and "w is added" not in done.stdout
    for shown in (run("hint", *words), run("check", "-v", *words)):
        assert "adds" in shown.stdout and "w is added." in shown.stdout


def test_check_of_several_ends_with_what_is_left(tmp_path: Path) -> None:
    """What is done, the points, and what to go on with; exercises that are not begun are one line."""
    shutil.copy(Path(TINY) / "solutions" / "01_tiny" / "scale" / "solution.py", tmp_path / "scale.py")
    done = run("check", "1", "--course", TINY, "--path", tmp_path, COLUMNS="60")
    *_, total, count, tier = done.stdout.splitlines()
    assert (total[:10], tier) == ("Total  8.5", "feedback, not a grade")
    assert count.startswith("1 of 6 done   next: handgrad check ")
    (idle,) = [line for line in done.stdout.splitlines() if "not handed in" in line]
    assert idle.startswith("… 5 not handed in: ") and len(idle) < 60


def test_check_prints_the_record(students: Path) -> None:
    """--json is the record of docs/report-schema.md and nothing else."""
    done = run("check", "--json", "--course", TINY, "--path", students / "bob")
    record = json.loads(done.stdout)
    assert ("handgrad/report/4", "local", ["scale"]) == (
        record["schema"], record["tier"], [exercise["name"] for exercise in record["exercises"]],
    )  # fmt: skip


def test_check_of_nothing_is_wrong_usage(tmp_path: Path) -> None:
    """An empty folder: what was looked for, exit code 2."""
    done = run("check", "--course", TINY, "--path", tmp_path)
    assert 2 == done.returncode
    assert "nothing to check in" in done.stderr and "Name each file after its exercise" in done.stderr


def test_check_outside_a_course_says_how_to_name_one(tmp_path: Path) -> None:
    """The fact and the option."""
    done = run("check", cwd=tmp_path)
    assert 2 == done.returncode
    assert "lies in no course" in done.stderr and "--course" in done.stderr


def test_grading_a_class(students: Path, tmp_path: Path) -> None:
    """A table, a row for everybody, a record and a feedback each; exit code 1 as bob failed."""
    done = run("grade", students, "-o", tmp_path / "results", "--course", TINY, "--only", "scale", processes=True)
    assert 1 == done.returncode, done.stderr
    rows = grades(tmp_path / "results")
    assert [("ada", "8.5", "passed"), ("bob", "5.5", "failed")] == [
        (row["student"], row["score"], row["status"]) for row in rows
    ]
    assert "adds" in (tmp_path / "results" / "feedback" / "bob.txt").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "results" / "reports" / "ada.json").read_text())["tier"] in ("sealed", "guarded")


def test_a_class_in_which_all_pass_ends_with_zero(students: Path, tmp_path: Path) -> None:
    """Exit code 0, with one grader and with speed left out."""
    shutil.rmtree(students / "bob")
    words = ("--course", TINY, "--only", "scale", "--jobs", "1", "--skip", "speed")
    done = run("grade", students, "-o", tmp_path / "results", *words)
    assert 0 == done.returncode, done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere", "-o", "out"), "nowhere is no folder and no zip archive. Give the one with the submissions."),
        (("class", "-o", "class/out"), "class/out lies inside the submissions and would be graded next time."),
        (("empty", "-o", "out"), "empty holds no submission"),
        (("class", "-o", "out", "--official", "--tier", "local"), "an official grade needs"),
        (("class", "-o", "out", "--jobs", "0"), "0 is no number of processes; give 1 or more"),
    ],
)
def test_wrong_usage_of_grade(words: tuple[str, ...], message: str, students: Path) -> None:
    """Nothing is written, the repair is said, exit code 2."""
    (students.parent / "empty").mkdir()
    done = run("grade", *words, "--course", TINY, cwd=students.parent)
    assert 2 == done.returncode
    assert message in done.stderr
    assert not (students.parent / "out").exists()


def test_list_for_machines() -> None:
    """Names, functions and points of every exercise."""
    done = run("list", "--json", "--course", TINY)
    listed = {entry["name"]: entry for entry in json.loads(done.stdout)}
    assert ["scale_forward", "scale_backward"] == listed["scale"]["functions"]
    assert 8.5 == listed["scale"]["points"]


def test_audit_of_the_tiny_course() -> None:
    """All cells right, exit code 0, and the closing line says the counts."""
    done = run("audit", "--seeds", "2", "--jobs", "1", "--course", TINY)
    assert 0 == done.returncode, done.stdout
    assert "0 cells wrong" in done.stdout


def test_audit_finds_a_cell_that_is_wrong(tmp_path: Path) -> None:
    """A mistake that is none: exit code 1 and the row that is wrong."""
    shutil.copytree(TINY, tmp_path / "course")
    path = next((tmp_path / "course").glob("solutions/*/scale/mistakes.py"))
    text = path.read_text(encoding="utf-8").replace("return x + w", "return x * w")
    path.write_text(text, encoding="utf-8")
    done = run("audit", "scale", "--seeds", "1", "--jobs", "1", "--course", tmp_path / "course", processes=True)
    assert 1 == done.returncode
    assert "mistake adds is not rejected: add a case in which it differs" in done.stdout


def test_build_writes_and_compares(tmp_path: Path) -> None:
    """--check says what is missing, build writes it, and then all is in step."""
    shutil.copytree(TINY / "solutions", tmp_path / "solutions")
    assert (1, True) == ((done := run("build", "--check", cwd=tmp_path)).returncode, "is missing" in done.stderr)
    assert 0 == run("build", cwd=tmp_path).returncode
    assert 0 == run("build", "--check", cwd=tmp_path).returncode
    assert "NotImplementedError" in (tmp_path / "assignments" / "01_tiny" / "scale.py").read_text(encoding="utf-8")


def test_a_fault_of_the_grader_is_said_to_be_one(tmp_path: Path, students: Path) -> None:
    """A course whose reference fails: exit code 3, broken in the grades, and no zero."""
    shutil.copytree(TINY, tmp_path / "course")
    oracle = tmp_path / "course" / "tiny_oracle.py"
    oracle.write_text(oracle.read_text(encoding="utf-8").replace("return x * w", "return 1 / 0"), encoding="utf-8")
    words = ("--course", tmp_path / "course", "--only", "scale", "--jobs", "1")
    done = run("grade", students, "-o", tmp_path / "results", *words)
    assert 3 == done.returncode, done.stderr
    rows = grades(tmp_path / "results")
    assert {("broken", "broken")} == {(row["status"], row["score"]) for row in rows}
