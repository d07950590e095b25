"""A whole assignment as an instructor runs it: class list, late answers, adjustments, regrade, export, verify."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks.term import Term, exported, records, run_term, seen
from tests.cli.test_commands import TINY

pytestmark = pytest.mark.slow
EXERCISES = ("scale", "ramp", "mean_square")


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Term:
    """Ten students of the tiny course, of whom two handed in nothing."""
    folder = tmp_path_factory.mktemp("term")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDGRAD_KEY", "key")
        patch.chdir(folder)
        made = Term(folder, 10, EXERCISES, course=Path(TINY))
        run_term(made)
    return made


def test_every_number_that_a_student_sees_is_the_exported_one(term: Term) -> None:
    """In the feedback, in grades.jsonl, in the report and in the column for Canvas; nobody is left out."""
    points, lines, told = exported(term), seen(term), records(term)
    assert set(points) == set(lines) == set(told) == set(term.names)
    for name, value in points.items():
        mark = json.loads((term.folder / "results" / "reports" / f"{name}.json").read_text(encoding="utf-8"))["mark"]
        assert told[name]["mark"] == mark["score"]
        assert value == pytest.approx(mark["score"], abs=0.00501)
        assert float(lines[name].split()[1].partition("/")[0]) == pytest.approx(mark["score"], abs=0.00501)
    assert "10 of 10 results are as they were graded." in term.said["verify"]


def test_rules_and_decisions_reach_the_student(term: Term) -> None:
    """The assignment's points, lateness and its cost, points by hand and an excuse, each with its reason."""
    feedback = {name: (term.folder / "results" / "feedback" / f"{name}.txt").read_text("utf-8") for name in term.names}
    assert "Problem set 1 counts 50 points" in " ".join(feedback["s0004"].split())
    assert "handed in 6 days late: 40 % off" in " ".join(feedback["s0005"].split())
    assert "set to 2.5 by hand: read again by a tutor" in " ".join(feedback["s0001"].split())
    assert "excused: ill" in " ".join(feedback["s0002"].split())
    assert "Nothing was handed in." in feedback["s0009"]


def test_grades_csv_and_the_page_say_what_to_look_at(term: Term) -> None:
    """Name and section, the time, who is late, who got nothing and why, and what was decided by hand."""
    with (term.folder / "results" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert len(rows) == 10 and (rows["s0001"]["name"], rows["s0001"]["section"]) == ("Student 0001", "B")
    assert rows["s0000"]["graded_at"].endswith("Z")
    assert rows["s0009"]["look_at"] == "no points: Nothing was handed in."
    assert "by hand: scale: set to 2.5 by hand: read again by a tutor" in rows["s0001"]["look_at"]
    assert "late: 6 days late, which costs" in rows["s0005"]["look_at"] and float(rows["s0005"]["late_cost"]) > 0
    page = (term.folder / "results" / "index.html").read_text(encoding="utf-8")
    assert "Look at first" in page and "read again by a tutor" in page and "graded 20" in page


def test_one_exercise_more_drops_nothing(term: Term) -> None:
    """Grading a single exercise again leaves the others in the results, and says so."""
    assert set(records(term)["s0004"]["exercises"]) == set(EXERCISES)  # type: ignore[call-overload]
    assert "2 exercises of earlier runs kept in" in term.said["grade one exercise"]
    assert "Give the folder" not in term.said["regrade --apply"] and "is written" in term.said["regrade --apply"]


def test_two_assignments_are_not_mixed(term: Term) -> None:
    """Because a student's time of handing in is that of one of them."""
    with (term.folder / "course" / "course.toml").open("a", encoding="utf-8") as rules:
        rules.write('\n[assignments.ps2]\nexercises = ["softplus"]\n')
    where = ("grade", term.folder / "class", "-o", term.folder / "results", "--course", term.folder / "course")
    assert term.run("other", *where, "--assignment", "ps2", "--skip", "speed") == 2
    assert "holds ps1. Grade ps2 into another folder." in term.said["other"]
    assert term.run("unknown", *where, "--assignment", "ps3") == 2
    assert "has no assignment 'ps3'; there is: ps2, ps1" in term.said["unknown"]
