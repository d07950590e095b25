"""The command `release`, and the commands of a student in a release, as real processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli import forked
from tests.release.conftest import KEY, TINY

BOOK = """def softly(x, beta):
    return np.where(x * beta > 20, x, np.log1p(np.exp(np.minimum(x * beta, 20))) / beta)
"""


def run(*words: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command."""
    return forked.run(*words, cwd=cwd, **{"COLUMNS": "120", "HANDGRAD_KEY": "", **environment})


def test_the_command_writes_a_repository_and_says_what_is_in_it(tmp_path):
    """The output says the size, that no secret was found, and the consequence of a missing key."""
    done = run("release", tmp_path / "out", "--course", TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "out: 6 exercises, 22 files, " in done.stdout
    assert "No secret was found in any of them." in done.stdout
    assert "nothing is committed to: set HANDGRAD_KEY" in done.stderr
    assert (tmp_path / "out" / "README.md").is_file()


def test_renewing_an_unchanged_release_changes_no_byte(tmp_path):
    """A second run of the command over a release, in another process, leaves every file as it is: stubs, notebooks,
    records, index and wheel."""
    course = shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    page = "# 1 · Tiny\n\nHow it begins.\n\n## All of it\n\nIn words.\n"
    (course / "solutions" / "01_tiny" / "README.md").write_text(page, encoding="utf-8")

    def released(seed: str) -> dict[str, bytes]:
        words = ("release", "out", "--course", str(course), "--files", "--notebooks", "--vendor")
        environment = {**os.environ, "HANDGRAD_KEY": "", "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words], capture_output=True, text=True, cwd=tmp_path, env=environment
        )
        assert done.returncode == 0, done.stderr
        paths = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
        return {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in paths}

    before = released("1")
    assert {".py", ".ipynb", ".npz", ".json", ".whl"} <= {Path(path).suffix for path in before}
    after = released("2")
    assert [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)] == []


def test_an_assignment_is_released_with_its_dates(tmp_path):
    """Its exercises alone, the README's table, the index that --assignment reads; hints from their time on."""
    course = shutil.copytree(TINY, tmp_path / "course")
    rules = '[assignments.ps1]\nexercises = ["scale", "ramp"]\n'
    rules += "due = 2090-01-01T12:00:00Z\nhints = 2090-01-01T10:00:00Z\n"
    (course / "course.toml").write_text(rules, encoding="utf-8")
    out = tmp_path / "out"
    assert run("release", "out", "--course", course, "--assignment", "ps1", cwd=tmp_path).returncode == 0
    assert sorted(path.stem for path in (out / "assignments").rglob("*.py")) == ["ramp", "scale"]
    dated = "| `ps1` | ramp, scale | 12 | 2090-01-01 12:00 UTC |  | 2090-01-01 10:00 UTC |"
    assert dated in (out / "README.md").read_text(encoding="utf-8")
    listed = run("list", "--assignment", "ps1", "--json", cwd=out)
    assert [each["name"] for each in json.loads(listed.stdout)] == ["ramp", "scale"]
    (out / "assignments" / "01_tiny" / "scale.py").write_text("def scale_forward(x, w):\n    return x + w\n")
    checked = run("check", "--assignment", "ps1", "--json", cwd=out)
    report = json.loads(checked.stdout)
    assert "Hints are shown from 2090-01-01 10:00 UTC." in report["notes"]
    findings = [finding for each in report["exercises"] for finding in each["findings"]]
    assert not any(finding["hint"] or finding["ladder"] for finding in findings)
    assert "Hints on scale are shown from 2090-01-01 10:00 UTC." in run("hint", "scale", cwd=out).stderr
    assert "has no assignment 'ps2'; there is: ps1" in run("check", "--assignment", "ps2", cwd=out).stderr


def test_units_and_exercises_are_released(tmp_path):
    """`--unit` takes a unit or an exercise, and a name that is neither is refused."""
    for number, (word, stubs) in enumerate({"tiny": 6, "scale": 1}.items()):
        done = run("release", str(number), "--course", TINY, "--unit", word, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert len(list((tmp_path / str(number) / "assignments").rglob("*.py"))) == stubs
    done = run("release", "more", "--course", TINY, "--unit", "scal", cwd=tmp_path)
    assert done.returncode == 2 and "there is no exercise or unit named scal. Did you mean scale?" in done.stderr


def test_a_secret_in_the_statement_is_not_released(course, tmp_path):
    """The reference's code in a statement stops the release: exit code 1, file and place, and no folder."""
    (course / "reference").mkdir()
    (course / "reference" / "book.py").write_text(BOOK, encoding="utf-8")
    solution = course / "solutions" / "01_tiny" / "scale" / "solution.py"
    solution.write_text(solution.read_text(encoding="utf-8") + "\n\n" + BOOK, encoding="utf-8")
    done = run("release", tmp_path / "out", "--course", course, "--unit", "scale", cwd=tmp_path)
    assert done.returncode == 1
    assert "not released, because students would hold a secret:\n" in done.stderr
    assert "  assignments/01_tiny/scale.py holds code of reference/book.py:2" in done.stderr
    assert not (tmp_path / "out").exists()


def test_check_names_the_mistake_without_its_code(release, answer):
    """The feedback equals that in the course: hint, name and smallest example."""
    answer("scale", "return x * w", "return x + w")
    done = run("check", cwd=release)
    assert done.returncode == 1, done.stderr
    assert "known mistake: added instead of multiplied" in done.stdout or "→" in done.stdout
    assert "not started: " in done.stdout and "feedback, not a grade" in done.stdout


def test_right_answers_pass(release, answer, tiny):
    """All right answers pass by their records; checks that need the course are skipped."""
    for name in tiny.names:
        answer(name)
    done = run("check", "--json", cwd=release / "assignments" / "01_tiny")
    report = json.loads(done.stdout)
    assert {exercise["status"] for exercise in report["exercises"]} <= {"passed", "skipped"}
    assert all(exercise["suite"] and exercise["variant"] is None for exercise in report["exercises"])


def test_list_shows_the_exercises(release):
    """The list has functions and points."""
    done = run("list", cwd=release)
    assert done.returncode == 0 and "heavy_step" in done.stdout


def test_what_needs_the_course_says_so_and_touches_nothing(release, answer):
    """Commands that need the course are refused in a release, and change no file."""
    path = answer("scale")
    text = path.read_text(encoding="utf-8")
    for words in (["build"], ["audit"], ["grade", ".", "-o", "../out"], ["new", "01_tiny/x"], ["release", "out"]):
        done = run(*words, cwd=release)
        assert done.returncode == 2, words
        assert "is a student's release, and this needs the course itself, which holds solutions/" in done.stderr
    assert path.read_text(encoding="utf-8") == text


def graded(release: Path, results: Path) -> Path:
    """Return the report on the student's files, graded by the course with its key."""
    done = run("grade", release.parent, "-o", results, "--course", TINY, "--tier", "local", cwd=TINY, HANDGRAD_KEY=KEY)
    assert done.returncode == 1, done.stderr
    return results / "reports" / f"{release.name}.json"


def test_commit_and_reveal(release, answer, tmp_path_factory):
    """Students verify the revealed keys, and that their hidden inputs were those of the keys."""
    answer("scale"), answer("ramp")
    results = tmp_path_factory.mktemp("results")
    report = graded(release, results)
    shown = run("reveal", "--course", TINY, cwd=TINY, HANDGRAD_KEY=KEY)
    assert shown.returncode == 0 and KEY not in shown.stdout
    keys = results / "keys.json"
    keys.write_text(shown.stdout, encoding="utf-8")
    done = run("reveal", "--verify", keys, "--report", report, cwd=release)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✔ scale: is the key that was committed to" in done.stdout
    assert "✔ scale: the inputs are those of the key" in done.stdout

    text = json.loads(report.read_text(encoding="utf-8"))
    for exercise in text["exercises"]:
        exercise["variant"] = exercise["variant"] and exercise["variant"][::-1]
    report.write_text(json.dumps(text), encoding="utf-8")
    done = run("reveal", "--verify", keys, "--report", report, cwd=release)
    assert done.returncode == 1 and "✘ scale: the inputs are NOT those of the key" in done.stdout

    keys.write_text(run("reveal", "--course", TINY, cwd=TINY, HANDGRAD_KEY=KEY + "!").stdout, encoding="utf-8")
    done = run("reveal", "--verify", keys, cwd=release)
    assert done.returncode == 1 and "✘ scale: is NOT the key that was committed to" in done.stdout


def test_reveal_needs_a_key_and_verify_a_release(release, tmp_path):
    """The error says that a key or a release is missing."""
    assert "there is no key to reveal anything of" in run("reveal", "--course", TINY, cwd=tmp_path).stderr
    keys = tmp_path / "keys.json"
    keys.write_text("{}", encoding="utf-8")
    done = run("reveal", "--verify", keys, cwd=release)
    assert "holds no keys: expected what `handgrad reveal` prints" in done.stderr
    counterfactuals = run("reveal", "--verify", keys, "--course", TINY, cwd=tmp_path)
    assert counterfactuals.returncode == 2 and "this is no student's release" in counterfactuals.stderr
    keys.write_text('{"schema": "handgrad/reveal/1", "keys": {"other": "k"}}', encoding="utf-8")
    done = run("reveal", "--verify", keys, cwd=release)
    assert done.returncode == 1 and "✘ other: was not committed to" in done.stdout
