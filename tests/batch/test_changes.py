"""Tests of grade changes after a change of the course: which grades, by how much, why, and what is graded again."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.batch.journal import Journal
from autograder.batch.standings import GradeChange, Standing, last_run
from tests.batch.conftest import RIGHT, WRONG, TinyClass
from tests.cli.forked import run
from tests.cli.test_commands import grades

SLOPPY = RIGHT.replace("return x * w", "return x * w + 1e-6 * x")
SPEC = "solutions/01_tiny/scale/spec.py"


def changed(tiny_class: TinyClass) -> list[GradeChange]:
    """Grade what has changed, and compare, without letting it stand."""
    tiny_class.grade(posted=False)
    return tiny_class.changes


def test_no_grade_changes_where_the_course_is_unchanged(full: TinyClass) -> None:
    """An unchanged course gives no grade changes, and nothing is graded."""
    full.grade()
    assert changed(full) == [] and full.graded == []


def test_which_grades_would_change_and_why(full: TinyClass) -> None:
    """Doubled points of one output change all grades of that exercise by what the output earned."""
    full.grade()
    full.change(SPEC, '{"out": 2}', '{"out": 4}')
    found = changed(full)
    assert [(change.student, change.exercise, change.by) for change in found] == [
        ("ada", "scale", 2.0), ("bob", "scale", 2.0), ("cy", "scale", 0.0), ("dee", "scale", 2.0),
    ]  # fmt: skip
    assert found[0] == GradeChange(
        "ada", "scale", Standing("passed", 8.0, 8.0), Standing("passed", 10.0, 10.0),
        ("values scale_forward out: passed 2/2 → passed 4/4",), (SPEC,),
    )  # fmt: skip
    assert found[2].findings[0] == "values scale_forward out: failed 0/2 → failed 0/4"


def test_a_changed_tolerance_reruns_its_exercise_once_for_each_program(full: TinyClass) -> None:
    """Each program of the changed exercise is graded once, and only grades near the tolerance change."""
    full.hand_in("eve", scale=SLOPPY)
    full.hand_in("fay", scale=f"# fay\n{SLOPPY}", ramp=full.course.solution("ramp"))
    full.grade()
    full.change(SPEC, "    speed=Speed(", "    tolerance=Tolerance(1e-3, 1e-3),\n    speed=Speed(")
    full.change(SPEC, "Speed,", "Speed, Tolerance,")
    found = changed(full)
    programs = 4  # ada's and bob's, cy's, dee's, eve's and fay's
    assert [report.name for report in full.graded] == ["scale"] * programs
    assert [(change.student, change.before.status, change.after.status) for change in found] == [
        ("eve", "failed", "passed"), ("fay", "failed", "passed"),
    ]  # fmt: skip


def test_a_reference_that_two_use_reruns_both(full: TinyClass) -> None:
    """Both exercises are graded again, and the cause is the reference's file."""
    full.grade()
    full.change("tiny_oracle.py", "return x * w", "return x * w * 2")
    found = changed(full)
    assert {report.name for report in full.graded} == {"scale", "mean_square"}
    assert {change.causes for change in found} == {("tiny_oracle.py",)}


def test_looking_changes_nothing_that_stands(full: TinyClass) -> None:
    """The standing grades stay until the new ones are posted; then the journal keeps the old ones."""
    before = full.grade()
    full.change(SPEC, '{"out": 2}', '{"out": 4}')
    full.grade(posted=False)
    assert full.standing() == before
    after = full.grade()
    assert full.graded == [] and full.standing() == after != before
    with Journal(full.results) as journal:
        words = "SELECT score FROM grade WHERE student = 'ada' AND exercise = 'scale' ORDER BY id"
        assert journal.sql.execute(words).fetchall() == [(8.0,), (10.0,)]


def test_a_change_that_is_taken_back_costs_nothing(full: TinyClass) -> None:
    """The verdicts under the first terms are still in the journal."""
    full.grade()
    full.change(SPEC, '{"out": 2}', '{"out": 4}')
    full.grade()
    full.change(SPEC, '{"out": 4}', '{"out": 2}')
    assert [change.by for change in changed(full)] == [-2.0, -2.0, 0.0, -2.0] and full.graded == []


def test_another_answer_is_another_reason(full: TinyClass) -> None:
    """A new submission is the cause of its grade change."""
    full.grade()
    full.hand_in("ada", scale=WRONG)
    (change,) = changed(full)
    assert change.causes == ("another answer",) and change.by == -2.5


def test_the_last_run_is_remembered(full: TinyClass) -> None:
    """The journal stores the exercises and options of the last run, and only a code of the key."""
    full.grade()
    with Journal(full.results) as journal:
        last = last_run(journal)
        assert "k" not in (last.key, *journal.sql.execute("SELECT * FROM run").fetchone())
    assert (last.exercises, last.skip) == (("scale", "mean_square"), frozenset({"speed"}))


def results(tiny_class: TinyClass) -> Path:
    """Grade the class with the command."""
    words = ("--course", tiny_class.course.root, "--only", "scale,mean_square", "--skip", "speed")
    assert run("grade", tiny_class.folder / "class", "-o", tiny_class.results, *words, HANDGRAD_KEY="k").returncode == 1
    return tiny_class.results


def test_regrade_shows_and_then_applies(full: TinyClass) -> None:
    """`regrade` lists the changes with exit code 1 and changes nothing; `--json` lists them too; `--apply` posts them.
    """
    words = ("regrade", results(full), "--course", full.course.root)
    before = (full.results / "grades.csv").read_bytes()
    assert run(*words, HANDGRAD_KEY="k").returncode == 0
    full.change(SPEC, '{"out": 2}', '{"out": 4}')
    shown = run(*words, "--diff", HANDGRAD_KEY="k", processes=True)
    assert (1, before) == (shown.returncode, (full.results / "grades.csv").read_bytes())
    assert (
        "ada  scale  passed 8/8 → passed 10/10  (+2)\n"
        "    values scale_forward out: passed 2/2 → passed 4/4\n"
        "    changed: solutions/01_tiny/scale/spec.py\n"
    ) in shown.stdout
    assert "6 answers, 4 different programs; 3 graded now." in shown.stderr
    assert "4 grades would change. `--apply` changes them." in shown.stderr
    listed = [json.loads(line) for line in run(*words, "--json", HANDGRAD_KEY="k").stdout.splitlines()]
    assert [("ada", 2.0), ("bob", 2.0), ("cy", 0.0), ("dee", 2.0)] == [(each["student"], each["by"]) for each in listed]
    applied = run(*words, "--apply", HANDGRAD_KEY="k")
    assert 0 == applied.returncode and "0 graded now" in applied.stderr, applied.stderr
    assert "4 grades changed;" in applied.stderr
    assert ["15.5", "15.5", "5.5", "10"] == [row["score"] for row in grades(full.results)]


def test_regrade_applies_nothing_that_could_not_be_graded(full: TinyClass) -> None:
    """A failing reference gives exit code 3, and the grades stand."""
    words = ("regrade", results(full), "--course", full.course.root, "--apply")
    before = (full.results / "grades.csv").read_bytes()
    full.change("tiny_oracle.py", "return x * w", "return 1 / 0")
    done = run(*words, HANDGRAD_KEY="k")
    assert (3, before) == (done.returncode, (full.results / "grades.csv").read_bytes())
    assert "Nothing was applied, because not everything could be graded." in done.stderr


def test_wrong_usage_of_regrade(full: TinyClass) -> None:
    """Missing results, another key and a removed exercise give exit code 2, the fact and the repair."""
    words = ("regrade", results(full), "--course", full.course.root)
    for done, message in (
        (run("regrade", full.folder), "holds no journal.sqlite. Give the folder that `handgrad grade` has written."),
        (run(*words, HANDGRAD_KEY="other"), "was written without this key: by another one, or by none."),
        (run(*words[:3], Path(__file__).parents[2]), "scale, mean_square was graded and is not in"),
        (run(*words, "--diff", "--apply"), "not allowed with argument"),
    ):
        assert (2, True) == (done.returncode, message in done.stderr), done.stderr


def test_regrade_of_one_assignment_leaves_the_others_alone(full: TinyClass) -> None:
    """Both exercises have changed; only the one of the assignment is graded again, and both stay in the results."""
    rules = '[assignments.ps1]\nexercises = ["scale"]\n'
    (full.course.root / "course.toml").write_text(rules, encoding="utf-8")
    words = ("regrade", results(full), "--course", full.course.root, "--assignment")
    before = {row["student"]: row["mean_square"] for row in grades(full.results)}
    full.change(SPEC, '{"out": 2}', '{"out": 4}')
    full.change("solutions/01_tiny/mean_square/spec.py", '"loss": 2', '"loss": 5')
    assert "ps2" in run(*words, "ps2", HANDGRAD_KEY="k").stderr
    done = run(*words, "ps1", "--apply", HANDGRAD_KEY="k")
    assert done.returncode == 0 and "scale" in done.stdout and "mean_square" not in done.stdout
    after = {row["student"]: row for row in grades(full.results)}
    assert after["ada"]["scale"] == "10" and {name: row["mean_square"] for name, row in after.items()} == before
