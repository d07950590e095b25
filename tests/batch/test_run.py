"""A batch: each program once, nothing twice, nothing lost, and nobody's zero where there is no verdict."""

from __future__ import annotations

import multiprocessing
import os
from contextlib import suppress
from dataclasses import replace

import psutil
import pytest

from autograder.batch.graded_runs import graded_runs
from autograder.batch.journal import Journal
from autograder.batch.pool import WorkerPool
from autograder.grading.pipeline import Options
from autograder.report.report import Report
from tests.batch.conftest import RAISES, RIGHT, WRONG, Room
from tests.house.sources import ROOT


def marks(report: Report) -> dict[str, tuple[str, float]]:
    return {each.name: (each.status, each.score) for each in report.exercises}


def test_a_class_is_graded(full: Room) -> None:
    """Everybody has what is theirs, with their own file's hash and name."""
    found = full.grade()
    assert marks(found["ada"]) == marks(found["bob"]) == {"scale": ("passed", 8.0), "mean_square": ("passed", 5.5)}
    assert marks(found["cy"]) == {"scale": ("failed", 5.5), "mean_square": ("skipped", 0.0)}
    assert marks(found["dee"])["scale"] == ("passed", 8.0)
    ada, bob = (found[name].exercises[0] for name in ("ada", "bob"))
    assert ada.source != bob.source and ada.path == bob.path == "scale.py"
    assert replace(ada, source="") == replace(bob, source="")


def test_the_same_program_is_graded_once(full: Room) -> None:
    """Ada's and Bob's differ in a comment; Dee's is another program."""
    full.grade()
    assert sorted(report.name for report in full.graded) == ["mean_square", "scale", "scale", "scale"]
    assert (full.tally.answers, full.tally.programs, full.tally.missing) == (6, 4, 0)


def test_what_is_graded_is_not_graded_again(full: Room) -> None:
    """The second run finds everything, and the same of it."""
    first = full.grade()
    assert full.grade() == first and full.graded == []


def test_a_run_that_ended_early_is_gone_on_with(full: Room) -> None:
    """What was not graded is broken and never zero; the next run grades the rest, and all is as if in one go."""
    early = full.grade(stop_after=2)
    assert full.tally.missing
    pending = [each for report in early.values() for each in report.exercises if each.status == "broken"]
    assert {each.findings[0].message for each in pending} == {"Not graded yet. Run the same command again."}
    whole = full.grade()
    assert len(full.graded) == 2
    assert whole == replace_room(full).grade()


def replace_room(full: Room) -> Room:
    """The same class, graded into another folder in one go."""
    fresh = replace(full, folder=full.folder / "again")
    (fresh.folder).mkdir()
    (fresh.folder / "class").symlink_to(full.folder / "class")
    return fresh


def test_a_student_s_new_answer_is_graded_and_the_old_grade_is_kept(full: Room) -> None:
    """Only what is new is graded; the journal remembers what stood."""
    full.grade()
    full.hand_in("cy", scale=RIGHT)
    found = full.grade()
    assert marks(found["cy"])["scale"] == ("passed", 8.0)
    assert full.graded == [] and full.changed == 1  # somebody else had handed in this program
    with Journal(full.results) as journal:
        words = "SELECT status, score FROM grade WHERE student = 'cy' AND exercise = 'scale' ORDER BY id"
        assert journal.sql.execute(words).fetchall() == [("failed", 5.5), ("passed", 8.0)]


def test_one_exercise_s_change_reruns_that_exercise(full: Room) -> None:
    """Once for each of its programs; the other exercise's verdicts stay."""
    full.grade()
    full.change("solutions/01_tiny/scale/spec.py", "purity=0.5, speed=0.5", "purity=1.5, speed=0.5")
    found = full.grade()
    assert [report.name for report in full.graded] == ["scale"] * 3
    assert marks(found["ada"])["scale"] == ("passed", 9.0) and full.changed == 4


def test_another_key_is_another_class_of_verdicts(full: Room) -> None:
    """And going back to the first key finds the first ones."""
    full.grade()
    other = replace(full, options=Options("other", full.options.skip))
    other.grade()
    assert len(other.graded) == 4
    full.grade()
    assert full.graded == []


def test_a_verdict_that_speaks_of_a_line_is_for_that_text_alone(room: Room) -> None:
    """The same program in another layout is graded by itself, on the same paper, and reads of its own line."""
    room.hand_in("ada", scale=RAISES)
    room.hand_in("bob", scale=f"\n\n\n{RAISES}")
    room.hand_in("cy", scale=RAISES)
    found = room.grade()
    assert len(room.graded) == 2
    said = {name: " ".join(f.message for f in found[name].exercises[0].findings) for name in found}
    assert "at line 2" in said["ada"] and said["ada"] == said["cy"] == said["bob"].replace("line 5", "line 2")
    assert len({run.seed for name in found for run in graded_runs(room.results, name)}) == 1
    room.grade()
    assert room.graded == []


def test_only_some_students(full: Room) -> None:
    """The others keep what stands, and who has nothing has no report: neither broken nor zero."""
    found = full.grade(only=["cy"])
    assert marks(found["cy"])["scale"] == ("failed", 5.5)
    assert set(found) == {"cy"}
    whole = full.grade()
    full.hand_in("ada", scale=WRONG)
    assert full.grade(only=["dee"]) == whole


def test_a_run_that_stops_early_leaves_what_stood(full: Room) -> None:
    """What was to be graded under other terms, and was not reached, keeps its grade."""
    whole = full.grade()
    full.options = replace(full.options, key="other")
    found = full.grade(stop_after=1)
    assert full.tally.missing > 0
    assert {name: marks(report) for name, report in found.items()} == {
        name: marks(report) for name, report in whole.items()
    }


def test_who_has_left_is_not_listed(full: Room) -> None:
    """Whose folder is gone has no row any more; the journal keeps the grades."""
    full.grade()
    (full.folder / "class" / "cy" / "scale.py").unlink()
    (full.folder / "class" / "cy").rmdir()
    assert list(full.grade()) == ["ada", "bob", "dee"]


def test_a_refused_file_says_why(full: Room) -> None:
    """An error with the reader's reason, also when it was something else before."""
    full.grade()
    (full.folder / "class" / "cy" / "scale.py").write_bytes(b"# \xfc\n")
    found = full.grade()["cy"].exercises[0]
    assert (found.status, found.score, found.max_score) == ("error", 0, 8)
    assert "scale.py is not UTF-8" in found.findings[0].message


def test_one_module_serves_all_exercises(room: Room) -> None:
    """Its text is kept once."""
    room.hand_in("ada", homework=RIGHT + room.course.solution("mean_square"))
    assert marks(room.grade()["ada"]) == {"scale": ("passed", 8.0), "mean_square": ("passed", 5.5)}
    with Journal(room.results) as journal:
        assert journal.sql.execute("SELECT COUNT(*) FROM source").fetchone() == (1,)


def test_a_fault_of_ours_is_kept_apart_and_tried_again(full: Room) -> None:
    """A reference that fails breaks its exercise for everybody; repaired, the next run grades it."""
    full.change("tiny_oracle.py", "return x * w", "return 1 / 0")
    found = full.grade()
    assert {marks(report)["scale"] for report in found.values()} == {("broken", 0.0)}
    assert "the reference scale_forward failed" in found["ada"].exercises[0].findings[0].message
    assert len(full.graded) == 4 and full.tally.missing == 4
    full.grade()
    assert len(full.graded) == 3, "what is broken is tried again by every run"
    full.change("tiny_oracle.py", "return 1 / 0", "return x * w")
    assert marks(full.grade()["ada"])["scale"] == ("passed", 8.0)


def test_killed_graders_cost_nothing(full: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGKILL to every process below this one, after every verdict: the grades are the same."""
    whole = replace_room(full).grade()
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


def test_a_course_that_changes_under_way_gives_no_verdict(full: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grader that sees another course than the batch began with says so; nothing is graded by two standards."""
    under = full.terms()
    full.change("tiny_oracle.py", "return x * w", "return w * x")
    monkeypatch.setattr(Room, "terms", lambda self: under)
    found = full.grade()
    assert {status for report in found.values() for status, _ in marks(report).values()} <= {"broken", "skipped"}
    assert "is not the one that the batch began with" in found["ada"].exercises[0].findings[0].message


def test_another_numpy_gives_no_verdict(full: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker with another environment than the one who asks says what it has and what is expected."""
    under = replace(full.terms(), environment={"numpy": "0.1"})
    monkeypatch.setattr(Room, "terms", lambda self: under)
    message = full.grade()["ada"].exercises[0].findings[0].message
    assert "expected numpy 0.1. Install the same." in message


def test_a_text_that_kills_its_reader_is_graded_all_the_same(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again without parsing: the text is then its own program."""
    room.hand_in("ada", scale=RIGHT)
    monkeypatch.setattr("autograder.batch.run.read", dies)
    assert marks(room.grade(executor=WorkerPool(1))["ada"])["scale"] == ("passed", 8.0)
    with Journal(room.results) as journal:
        assert journal.sql.execute("SELECT sha256 = identity FROM source").fetchone() == (1,)


def dies(*args: object) -> None:
    os._exit(11)


def test_the_questions_of_the_document_have_answers(full: Room) -> None:
    """Every query in docs/journal.md runs, and the first one adds up to what everybody has."""
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
