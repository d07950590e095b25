"""The whole way, rehearsed: release, clone, push, feedback, the instructor's night, the gradebook."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.report.json import read_intact
from autograder.report.report import Report
from tests.platforms.gradebooks import canvas_import
from tests.platforms.rehearsal import KEY, ROOT, TINY, Stage, rehearse
from tests.platforms.test_actions import run as obeyed

pytestmark = pytest.mark.slow
PEOPLE = {"ada": 11, "bob": 12, "carla": 13, "dora": 14}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """What it left behind."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("the rehearsal clones with git, and is made from a checkout")
    return rehearse(tmp_path_factory.mktemp("rehearsal"), TINY)


def pushed(stage: Stage, student: str, number: int = 0) -> str:
    """What a student's push showed: the first, or another one."""
    starts = [i for i, text in enumerate(stage.log) if text == f"\n{student}$ git push --quiet"]
    return re.sub(r"^remote: ?| +$", "", stage.log[starts[number] + 1], flags=re.MULTILINE)


def reports(stage: Stage) -> dict[str, Report]:
    """The night's results, each as it was graded."""
    paths = (stage.folder / "results" / "reports").glob("*.json")
    return {path.stem: read_intact(path.read_text(encoding="utf-8"), KEY) for path in paths}


def test_a_push_shows_feedback(stage: Stage) -> None:
    """On the student's line, with the mistake's name; a right answer has no annotation and the workflow succeeds."""
    log = pushed(stage, "bob")
    kind, properties, message = obeyed(log)[0]
    assert ("error", "assignments/01_tiny/scale.py") == (kind, properties["file"])
    lines = (stage.folder / "bob" / properties["file"]).read_text(encoding="utf-8").splitlines()
    assert lines[int(properties["line"]) - 1].startswith("def scale_forward")
    assert "known mistake: adds" in message and "── the workflow failed" in log
    assert not [each for each in obeyed(pushed(stage, "ada")) if "scale" in each[1]["title"]]
    assert [] == obeyed(pushed(stage, "carla")) and "── the workflow succeeded" in pushed(stage, "carla")


def test_a_second_push_is_answered_from_what_is_known(stage: Stage) -> None:
    """Only what was wrong is checked again, and still is; a checker that was kept says its version."""
    first, second = pushed(stage, "bob"), pushed(stage, "bob", 1)
    assert "Everything is checked: no earlier run is known." in first
    assert re.search("Changed since [0-9a-f]{40}, or wrong then: scale. All else was right then, or not begun.", second)
    assert obeyed(first) == obeyed(second) and "── the workflow failed" in second
    kept = re.compile(r"^handgrad [0-9.]+$", re.MULTILINE)
    assert (kept.search(first), bool(kept.search(second))) == (None, True)
    assert kept.search(pushed(stage, "ada"))


def test_a_student_s_result_is_feedback(stage: Stage) -> None:
    """The artifact of the push: no tier that grades, no code, and it says so."""
    (path,) = (stage.folder / "runner" / "course-2026" / "hw1-ada").glob("*/artifacts/handgrad/report.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    assert ("local", "") == (record["tier"], record["mac"]) and "feedback, not a grade" in record["notes"][0]


def test_the_night_grades_what_was_pushed(stage: Stage) -> None:
    """In a tier that grades, verified; who cannot be fetched is left out and has no zero."""
    found = reports(stage)
    assert set(PEOPLE) == set(found)
    assert {True} == {report.tier in ("sealed", "guarded") for report in found.values()}
    assert ["passed", "failed", "passed", "skipped"] == [found[name].status for name in PEOPLE]
    assert "left out: gone" in "\n".join(stage.log)


def test_the_second_night_goes_on_with_the_first(stage: Stage) -> None:
    """It fetches everything anew and grades nothing again."""
    assert re.findall(r"different programs; (\d+) graded now", "\n".join(stage.log)) == ["3", "0"]


def test_only_the_result_is_published(stage: Stage) -> None:
    """The branch holds reports, feedback, grades and the class page: no token, nothing of the course."""
    listed = subprocess.run(
        ["git", "-C", stage.folder / "results", "ls-files"], capture_output=True, text=True, check=True
    ).stdout.split()
    published = {"grades.csv", "grades.jsonl", "index.html", "reports", "feedback"}
    assert published == {name.split("/")[0] for name in listed}
    assert {".csv", ".html", ".json", ".jsonl", ".txt"} == {Path(name).suffix for name in listed}
    assert "x-access-token" not in "\n".join(stage.log)


def test_feedback_returns_into_the_repositories(stage: Stage) -> None:
    """Each graded student finds the summary on a branch of its own, and nothing else there."""
    for name in PEOPLE:
        show = ["git", "-C", str(next(stage.server.glob(f"*/hw1-{name}"))), "show"]
        names = [*show, "--name-only", "--format=%s", "feedback"]
        listed = subprocess.run(names, capture_output=True, text=True, check=True)
        assert listed.stdout.split() == ["Feedback", "FEEDBACK.md"]
        text = subprocess.run([*show, "feedback:FEEDBACK.md"], capture_output=True, text=True, check=True).stdout
        assert name in text or "points" in text


def test_canvas_reads_the_same_grades(stage: Stage) -> None:
    """The imported file, by Canvas's rules, is what was graded."""
    logins = ("alovelace", "bbuilder", "ccortes", "ddoe")
    people = [{"id": number, "login": login} for number, login in zip(PEOPLE.values(), logins, strict=True)]
    text = (stage.folder / "import.csv").read_text(encoding="utf-8")
    read = canvas_import(text, people, {102: "Homework 1"})
    scores = {(PEOPLE[name], 102): report.score for name, report in reports(stage).items()}
    assert scores == {key: float(value) for key, value in read.items()}
    assert scores[11, 102] > scores[12, 102] > scores[14, 102] == 0.0


def test_a_failing_step_fails_the_job(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The runner of this rehearsal is no yes-man: later steps wait, but for those that run always."""
    from tests.platforms.runner import Job, Machine

    machine = Machine(server=str(tmp_path), work=str(tmp_path), path="/usr/bin:/bin")
    job = Job(machine, "org/repository", "c0ffee00", {}, "job")
    steps = [{"run": "false | true"}, {"run": "echo never"}, {"run": "echo always", "if": "always()"}]
    assert 1 == job.steps(steps, {})
    assert ("always" in (out := capfd.readouterr().out), "never" in out) == (True, False)
