"""Tests of a batch: each program is graded once, no verdict is lost, and a missing verdict is never a zero."""

from __future__ import annotations

import multiprocessing
import os
from contextlib import suppress
from dataclasses import replace

import psutil
import pytest

from autograder.batch.journal import Journal
from autograder.batch.pool import WorkerPool
from autograder.batch.standings import graded_runs
from autograder.grading.pipeline import Options
from autograder.report.report import Report
from tests.batch.conftest import RAISES, RIGHT, WRONG, TinyClass
from tests.house.sources import ROOT


def marks(report: Report) -> dict[str, tuple[str, float]]:
    return {each.name: (each.status, each.score) for each in report.exercises}


def test_a_class_is_graded(full: TinyClass) -> None:
    """Every student has the right grades, with the hash and the name of the student's own file."""
    found = full.grade()
    assert marks(found["ada"]) == marks(found["bob"]) == {"scale": ("passed", 8.0), "mean_square": ("passed", 5.5)}
    assert marks(found["cy"]) == {"scale": ("failed", 5.5), "mean_square": ("skipped", 0.0)}
    assert marks(found["dee"])["scale"] == ("passed", 8.0)
    ada, bob = (found[name].exercises[0] for name in ("ada", "bob"))
    assert ada.source != bob.source and ada.path == bob.path == "scale.py"
    assert replace(ada, source="") == replace(bob, source="")


def test_the_same_program_is_graded_once(full: TinyClass) -> None:
    """Programs that differ in a comment are graded once; another program is graded by itself."""
    full.grade()
    assert sorted(report.name for report in full.graded) == ["mean_square", "scale", "scale", "scale"]
    assert (full.tally.answers, full.tally.programs, full.tally.missing) == (6, 4, 0)


def test_what_is_graded_is_not_graded_again(full: TinyClass) -> None:
    """A second run grades nothing and gives equal reports."""
    first = full.grade()
    assert full.grade() == first and full.graded == []


def test_a_run_that_ended_early_is_gone_on_with(full: TinyClass) -> None:
    """Answers that were not graded are broken, never zero; the next run grades them, and the results equal those of one
    run."""
    early = full.grade(stop_after=2)
    assert full.tally.missing
    pending = [each for report in early.values() for each in report.exercises if each.status == "broken"]
    assert {each.state for each in pending} == {"not reached"}
    whole = full.grade()
    assert len(full.graded) == 2
    assert whole == other_results(full).grade()


def other_results(full: TinyClass) -> TinyClass:
    """Return the class with another results folder."""
    fresh = replace(full, folder=full.folder / "again")
    (fresh.folder).mkdir()
    (fresh.folder / "class").symlink_to(full.folder / "class")
    return fresh


def test_a_student_s_new_answer_is_graded_and_the_old_grade_is_kept(full: TinyClass) -> None:
    """Only the new answer is graded; the journal keeps the old grade."""
    full.grade()
    full.hand_in("cy", scale=RIGHT)
    found = full.grade()
    assert marks(found["cy"])["scale"] == ("passed", 8.0)
    assert full.graded == [] and full.changed == 1  # somebody else had submitted this program
    with Journal(full.results) as journal:
        words = "SELECT status, score FROM grade WHERE student = 'cy' AND exercise = 'scale' ORDER BY id"
        assert journal.sql.execute(words).fetchall() == [("failed", 5.5), ("passed", 8.0)]


def test_one_exercise_s_change_reruns_that_exercise(full: TinyClass) -> None:
    """Each program of the changed exercise is graded once; the other exercise's verdicts stay."""
    full.grade()
    full.change("solutions/01_tiny/scale/spec.py", "purity=0.5, speed=0.5", "purity=1.5, speed=0.5")
    found = full.grade()
    assert [report.name for report in full.graded] == ["scale"] * 3
    assert marks(found["ada"])["scale"] == ("passed", 9.0) and full.changed == 4


def test_another_key_is_another_class_of_verdicts(full: TinyClass) -> None:
    """A journal serves one key: with another one every program is graded again, and so it is with the first."""
    full.grade()
    other = replace(full, options=Options("other", full.options.skip))
    other.grade()
    assert len(other.graded) == 4
    full.grade()
    assert len(full.graded) == 4


def test_a_verdict_that_speaks_of_a_line_is_for_that_text_alone(tiny_class: TinyClass) -> None:
    """A program in another layout is graded by itself, with the same variant, where the verdict mentions a line."""
    tiny_class.hand_in("ada", scale=RAISES)
    tiny_class.hand_in("bob", scale=f"\n\n\n{RAISES}")
    tiny_class.hand_in("cy", scale=RAISES)
    found = tiny_class.grade()
    assert len(tiny_class.graded) == 2
    said = {name: " ".join(f.message for f in found[name].exercises[0].findings) for name in found}
    assert "at line 2" in said["ada"] and said["ada"] == said["cy"] == said["bob"].replace("line 5", "line 2")
    assert len({run.seed for name in found for run in graded_runs(tiny_class.results, name)}) == 1
    tiny_class.grade()
    assert tiny_class.graded == []


def test_only_some_students(full: TinyClass) -> None:
    """Other students keep their standing grades; a student without a grade has no report."""
    found = full.grade(only=["cy"])
    assert marks(found["cy"])["scale"] == ("failed", 5.5)
    assert set(found) == {"cy"}
    whole = full.grade()
    full.hand_in("ada", scale=WRONG)
    assert full.grade(only=["dee"]) == whole


def test_a_run_that_stops_early_leaves_what_stood(full: TinyClass) -> None:
    """An answer that was not graded under the new terms keeps its grade."""
    whole = full.grade()
    full.change("solutions/01_tiny/scale/spec.py", "purity=0.5, speed=0.5", "speed=0.5, purity=0.5")
    found = full.grade(stop_after=1)
    assert full.tally.missing > 0
    assert {name: marks(report) for name, report in found.items()} == {
        name: marks(report) for name, report in whole.items()
    }


def test_who_has_left_is_not_listed(full: TinyClass) -> None:
    """A student whose folder is removed has no row; the journal keeps the grades."""
    full.grade()
    (full.folder / "class" / "cy" / "scale.py").unlink()
    (full.folder / "class" / "cy").rmdir()
    assert list(full.grade()) == ["ada", "bob", "dee"]


def test_a_refused_file_says_why(full: TinyClass) -> None:
    """A refused file is an error with the reader's reason, also where an earlier file was accepted."""
    full.grade()
    (full.folder / "class" / "cy" / "scale.py").write_bytes(b"# \xfc\n")
    found = full.grade()["cy"].exercises[0]
    assert (found.status, found.score, found.max_score) == ("error", 0, 8)
    assert "scale.py is not UTF-8" in found.findings[0].message


def test_one_module_serves_all_exercises(tiny_class: TinyClass) -> None:
    """The text of a single module is stored once for all exercises."""
    tiny_class.hand_in("ada", homework=RIGHT + tiny_class.course.solution("mean_square"))
    assert marks(tiny_class.grade()["ada"]) == {"scale": ("passed", 8.0), "mean_square": ("passed", 5.5)}
    with Journal(tiny_class.results) as journal:
        assert journal.sql.execute("SELECT COUNT(*) FROM source").fetchone() == (1,)


def test_a_fault_of_ours_is_kept_apart_and_tried_again(full: TinyClass) -> None:
    """A failing reference breaks its exercise for everybody; once repaired, the next run grades it."""
    full.change("tiny_oracle.py", "return x * w", "return 1 / 0")
    found = full.grade()
    assert {marks(report)["scale"] for report in found.values()} == {("broken", 0.0)}
    assert "the reference scale_forward failed" in found["ada"].exercises[0].findings[0].message
    assert len(full.graded) == 4 and full.tally.missing == 4
    full.grade()
    assert len(full.graded) == 3, "what is broken is tried again by every run"
    full.change("tiny_oracle.py", "return 1 / 0", "return x * w")
    assert marks(full.grade()["ada"])["scale"] == ("passed", 8.0)


def test_killed_workers_cost_nothing(full: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGKILL to every process below this one, after every verdict, does not change the grades."""
    whole = other_results(full).grade()
    add = Journal.add

    def kill_all(*args: object) -> None:
        add(*args)  # type: ignore[arg-type]
        for child in multiprocessing.active_children():
            with suppress(psutil.NoSuchProcess):
                for process in psutil.Process(child.pid).children(recursive=True):
                    process.kill()
            child.kill()

    monkeypatch.setattr(Journal, "add", kill_all)
    assert full.grade(executor=WorkerPool(1)) == whole


def test_a_course_that_changes_under_way_gives_no_verdict(full: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose course differs from the batch's gives a fault and no verdict."""
    under = full.terms()
    full.change("tiny_oracle.py", "return x * w", "return w * x")
    monkeypatch.setattr(TinyClass, "terms", lambda self: under)
    found = full.grade()
    assert {status for report in found.values() for status, _ in marks(report).values()} <= {"broken", "skipped"}
    assert "is not the one that the batch began with" in found["ada"].exercises[0].findings[0].message


def test_another_numpy_gives_no_verdict(full: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker with another environment reports the found and the expected one."""
    under = replace(full.terms(), environment={"numpy": "0.1"})
    monkeypatch.setattr(TinyClass, "terms", lambda self: under)
    message = full.grade()["ada"].exercises[0].findings[0].message
    assert "expected numpy 0.1. Install the same." in message


def test_a_text_that_kills_its_reader_is_still_graded(tiny_class: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that kills its reader is read again without parsing, and its identity is that of the text."""
    tiny_class.hand_in("ada", scale=RIGHT)
    monkeypatch.setattr("autograder.batch.plan.read", dies)
    assert marks(tiny_class.grade(executor=WorkerPool(1))["ada"])["scale"] == ("passed", 8.0)
    with Journal(tiny_class.results) as journal:
        assert journal.sql.execute("SELECT sha256 = identity FROM source").fetchone() == (1,)


def dies(*args: object) -> None:
    os._exit(11)


def test_the_questions_of_the_document_have_answers(full: TinyClass) -> None:
    """Every query in docs/journal.md runs, and the first one gives the sum of all points."""
    text = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    queries = [query for query in text.partition("```sql\n")[2].partition("```")[0].split(";") if query.strip()]
    found = full.grade()
    full.hand_in("cy", scale=RIGHT)
    full.grade()
    with Journal(full.results) as journal:
        answers = [journal.sql.execute(query).fetchall() for query in queries]
    assert answers[0][0] == ("ada", found["ada"].score, found["ada"].max_score)
    assert ("adds", 1) not in answers[1] and ("scale", 1.0, 1.0) in answers[2]
    assert answers[3] == [("cy", "scale", "5.5 → 8.0")]
