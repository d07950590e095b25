"""`handgrad export`: what it lists, what it refuses, and where the files go."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.platforms import NAMES, load
from autograder.report.json import stamp
from tests.platforms.cases import CASES
from tests.platforms.conftest import Run, Write

DOCS = Path(__file__).parents[2] / "docs"
EACH = {
    "autolab": ".txt", "junit": ".xml", "markdown": ".md", "prairielearn": ".json",
}  # fmt: skip


def test_every_platform_is_listed(run: Run) -> None:
    """A line each, in order; without a word the same."""
    done = run("export", "--list")
    assert list(NAMES) == [line.split()[0] for line in done.out.splitlines()] == sorted(NAMES)
    assert all(load(name).HELP in done.out for name in NAMES)
    assert done == run("export")


@pytest.mark.parametrize("name", NAMES)
def test_every_platform_explains_itself(run: Run, name: str) -> None:
    """`handgrad export NAME --help` shows the platform's own arguments; a page of docs/ names it."""
    done = run("export", name, "--help")
    assert 0 == done.code and f"usage: handgrad export {name}" in done.out
    pages = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    assert re.search(rf"handgrad export {name}\b|\| `{name}` \|", pages)


def test_an_unknown_platform_meets_a_suggestion(run: Run) -> None:
    """The nearest, all of them, exit code 2."""
    done = run("export", "canvs")
    said = "there is no platform canvs. Did you mean canvas? Platforms: autolab, blackboard"
    assert 2 == done.code and said in done.err


@pytest.mark.parametrize("name", EACH)
def test_a_file_for_every_submission(run: Run, results: Write, tmp_path: Path, name: str) -> None:
    """In a folder, under the name that the report has; from one report, printed, or in a file."""
    folder, out = results([CASES["all right"], CASES["hostile"]]), tmp_path / "out"
    assert 0 == run("export", name, folder, "-o", out).code
    reports = sorted(path.stem for path in (folder / "reports").iterdir())
    assert reports == sorted(path.name.removesuffix(EACH[name]) for path in out.iterdir())
    done = run("export", name, folder / "reports" / "alice.json")
    assert (0, (out / f"alice{EACH[name]}").read_text(encoding="utf-8")) == (done.code, done.out)
    assert 0 == run("export", name, folder / "reports" / "alice.json", "-o", tmp_path / "one").code
    assert done.out == (tmp_path / "one").read_text(encoding="utf-8")


def test_many_files_need_a_folder(run: Run, results: Write) -> None:
    """They are not printed one after the other."""
    done = run("export", "junit", results([CASES["all right"]]))
    assert 2 == done.code and "these are many files: name a folder for them with -o." in done.err


def test_classroom50_writes_nothing_for_what_is_broken(
    run: Run, results: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are written, the broken one is named, exit code 1."""
    for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"):
        monkeypatch.setenv(name, "submit/x")
    done = run("export", "classroom50", results([CASES["all right"], CASES["broken"]]), "-o", tmp_path / "out")
    assert 1 == done.code and "kim: the grader failed in a part of it" in done.err
    assert ["alice.json"] == [path.name for path in (tmp_path / "out").iterdir()]


def test_feedback_is_no_grade(run: Run, results: Write, tmp_path: Path) -> None:
    """Results of the local tier are refused, unless it is said that feedback is wanted."""
    folder, out = results([CASES["feedback"], CASES["all right"]]), tmp_path / "out"
    done = run("export", "junit", folder, "-o", out)
    assert 2 == done.code and not out.exists()
    assert "1 of 2 results are feedback and no grades, because nothing confined the code: quinn." in done.err
    assert 0 == run("export", "junit", folder, "-o", out, "--unofficial").code


def test_with_a_key_only_what_nobody_changed(
    run: Run, results: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed grade, and one that bears no code, stop the export before anything is written."""
    folder, out = results([stamp(CASES["all right"], "key")]), tmp_path / "out"
    monkeypatch.setenv("HANDGRAD_KEY", "key")
    assert 0 == run("export", "junit", folder, "-o", out).code
    for other in (replace(CASES["all right"], score=17.0), stamp(CASES["all right"], "another")):
        done = run("export", "junit", results([other]), "-o", tmp_path / "none")
        assert 2 == done.code and not (tmp_path / "none").exists()
        assert re.search(r"alice\.json: (bears no code|does not fit its code).*Grade it again\.", done.err)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "other/1"}, "schema is 'other/1'"),
        ({"exercises": [1]}, "not a handgrad/report/4 record"),
    ],
)
def test_a_damaged_report_stops_everything(
    run: Run, results: Write, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    """It is named, with what is wrong; nothing is written."""
    folder = results([CASES["all right"]])
    path = folder / "reports" / "alice.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    done = run("export", "junit", folder, "-o", tmp_path / "out")
    assert 2 == done.code and f"alice.json: {message}" in done.err and not (tmp_path / "out").exists()


IMPOSSIBLE: dict[str, tuple[tuple[str | int, ...], object]] = {
    "text": (("score",), "17"), "negative": (("max_score",), -1), "infinite": (("score",), 1e999),
    "no number": (("exercises", 0, "score"), float("nan")), "truth": (("exercises", 0, "score"), True),
    "huge": (("score",), 1e308), "a huge integer": (("exercises", 1, "max_score"), 10**400),
    "above the maximum": (("exercises", 0, "findings", 0, "score"), 7.5), "total": (("score",), 16.0),
    "maximum": (("max_score",), 20.0), "an exercise's total": (("exercises", 0, "score"), 6.0),
    "one exercise twice": (("exercises", 1, "name"), "relu"),
    "a mark above its maximum": (("exercises", 0, "mark"), {"score": 8.0, "max_score": 7.0, "why": [], "notes": []}),
    "a mark without end": (("mark",), {"score": 1e999, "max_score": 17.0, "why": [], "notes": []}),
}  # fmt: skip
TEMPLATES = {
    "blackboard": "Last Name,First Name,Username,Layers [Total Pts: 17 Score] |5\nA,Al,alice,\n",
    "brightspace": "OrgDefinedId,Layers Points Grade <Numeric MaxPoints:17>,End-of-Line Indicator\n#alice,,#\n",
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Layers (11)\nPoints Possible,,,,,17\nalice,1,1,alice,A,\n",
    "moodle": "Identifier,Full name,Status,Grade,Maximum Grade,Grade can be changed\nParticipant 1,alice,,,17.00,Yes\n",
}


@pytest.mark.parametrize("name", sorted({*NAMES} - {"gradescope"}))  # which reads no results
def test_no_platform_gets_an_impossible_score(run: Run, results: Write, tmp_path: Path, name: str) -> None:
    """Impossible numbers, sums that do not add up, an exercise or a student twice: nothing is written."""
    folder, out = results([CASES["all right"]]), tmp_path / "out"
    (tmp_path / "template.csv").write_text(TEMPLATES.get(name, ""), encoding="utf-8")
    more = ["--column", "Layers"] if name == "canvas" else []
    words: list[str | Path] = [folder, tmp_path / "template.csv"] if name in TEMPLATES else [folder]
    words += ["--db", out] if name == "nbgrader" else ["-o", out]
    path = folder / "reports" / "alice.json"
    text = path.read_text(encoding="utf-8")
    for what, (way, value) in IMPOSSIBLE.items():
        record = inner = json.loads(text)
        for key in way[:-1]:
            inner = inner[key]
        inner[way[-1]] = value
        path.write_text(json.dumps(record), encoding="utf-8")
        done = run("export", name, *words, *more)
        assert (2, False) == (done.code, out.exists()), what
        assert "alice.json: " in done.err and done.err.endswith("Grade it again.\n"), (what, done.err)
    path.write_text(text, encoding="utf-8")
    (folder / "reports" / "alice_old.json").write_text(text, encoding="utf-8")
    done = run("export", name, *words, *more)
    assert (2, False) == (done.code, out.exists()) and "holds two results of alice. Keep one of each." in done.err


def test_an_assignment_alone(run: Run, results: Write, tmp_path: Path) -> None:
    """Its exercises, their sum, and the points that the assignment counts; the rest of the results is not exported."""
    for name in ("relu", "dense"):
        (tmp_path / "course" / "solutions" / "02_layers" / name).mkdir(parents=True)
        (tmp_path / "course" / "solutions" / "02_layers" / name / "spec.py").touch()
    rules = '[assignments.ps1]\nexercises = ["relu"]\npoints = 14\n'
    (tmp_path / "course" / "course.toml").write_text(rules, encoding="utf-8")
    folder, template, out = results([CASES["all right"]]), tmp_path / "export.csv", tmp_path / "import.csv"
    template.write_text(TEMPLATES["canvas"].replace("17", "14"), encoding="utf-8")
    words = (folder, template, "-o", out, "--course", tmp_path / "course", "--assignment")
    assert 0 == (done := run("export", "canvas", *words, "ps1")).code, done.err
    assert "alice,1,1,alice,A,14.00" in out.read_text(encoding="utf-8")
    template.write_text(TEMPLATES["canvas"].replace("17", "24"), encoding="utf-8")
    assert 0 == run("export", "canvas", *words, "02_layers").code
    assert "alice,1,1,alice,A,24.00" in out.read_text(encoding="utf-8")
    one = (folder / "reports" / "alice.json", "--course", tmp_path / "course", "--assignment", "ps1")
    assert "dense" not in run("export", "markdown", *one).out
    done = run("export", "canvas", *words, "ps2")
    assert 2 == done.code and "course.toml has no assignment 'ps2'; there is: ps1" in done.err


def test_a_folder_without_reports_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    """What to give instead."""
    done = run("export", "junit", tmp_path, "-o", tmp_path / "out")
    assert 2 == done.code and "holds no report. Give a folder that `handgrad grade` wrote" in done.err
