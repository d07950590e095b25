"""`autograder grade` on a class, as an instructor meets it: resumed, interrupted, narrowed down, out of room."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import RIGHT, TINY, WRONG, grades, run

QUICK = ("--course", TINY, "--only", "scale", "--skip", "speed")
ENDLESS = "while True:\n    pass\n"


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """ada right, bob wrong, cy like ada in another layout."""
    for name, text in {"ada": RIGHT, "bob": WRONG, "cy": f"# cy\n\n{RIGHT}"}.items():
        hand_in(tmp_path / "class", name, text)
    return tmp_path / "class"


def hand_in(folder: Path, student: str, text: str) -> None:
    (folder / student).mkdir(parents=True, exist_ok=True)
    (folder / student / "scale.py").write_text(text, encoding="utf-8")


def grade(students: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return run("grade", students, "-o", students.parent / "results", *QUICK, *words)


def test_every_run_goes_on_where_the_last_one_was(students: Path) -> None:
    """The first grades each program once, with no bar where nobody watches; the second has nothing to do and leaves the
    same grades; the third finds Bob's new answer graded, and says that his grade moved."""
    first = grade(students)
    assert (1, "") == (first.returncode, first.stderr) and "\x1b" not in first.stdout
    assert "3 answers, 2 programs; 2 graded now, 0 not." in first.stdout
    before = (students.parent / "results" / "grades.csv").read_bytes()
    assert "3 answers, 2 programs; 0 graded now, 0 not." in grade(students).stdout
    assert before == (students.parent / "results" / "grades.csv").read_bytes()
    hand_in(students, "bob", RIGHT)
    third = grade(students)
    assert "3 answers, 1 programs; 0 graded now, 0 not. 1 grades have moved." in third.stdout
    assert 0 == third.returncode


def test_only_some_students(students: Path) -> None:
    """The table shows them, the exit code is theirs, and the others are in the list without a number."""
    done = grade(students, "--student", "[ac]*")
    assert 0 == done.returncode and "bob" not in done.stdout
    rows = {row["student"]: row["score"] for row in grades(students.parent / "results")}
    assert {"ada": "8", "bob": "broken", "cy": "8"} == rows


def test_a_student_whom_nobody_knows(students: Path) -> None:
    """Wrong usage, with the name of one who is there."""
    done = grade(students, "--student", "zoe")
    assert 2 == done.returncode
    assert "no student is called zoe. The first is ada." in done.stderr


def test_fail_fast_stops_at_the_first_failure(students: Path) -> None:
    """What comes after it is not graded, and says so."""
    for number in range(4):
        hand_in(students, f"later{number}", f"n{number} = 1\n{WRONG}")
    done = grade(students, "--fail-fast", "--jobs", "1")
    assert 1 == done.returncode
    assert " not: the same command goes on with them." in done.stdout
    assert "broken" in {row["score"] for row in grades(students.parent / "results")}


def test_ctrl_c_leaves_a_state_to_go_on_from(students: Path) -> None:
    """Exit code 130 and how to go on; no process is left; the next run grades the rest."""
    hand_in(students, "dee", ENDLESS)
    command = [sys.executable, "-m", "autograder.cli", "grade", students, "-o", students.parent / "results", *QUICK]
    with subprocess.Popen(list(map(str, command)), stderr=-1, stdout=-1, text=True, preexec_fn=_heed) as process:
        while not _graded(students.parent / "results"):
            assert process.poll() is None, process.communicate()
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=60)
    assert (130, 1) == (process.returncode, words.count("\n")), words
    assert "interrupted. What is graded is kept: run the same command again to go on." in words
    hand_in(students, "dee", RIGHT)
    assert 1 == grade(students).returncode
    assert 4 == len(grades(students.parent / "results"))


def _heed() -> None:
    """Ctrl-C is heard, also where these tests run in a shell's background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _graded(results: Path) -> int:
    import sqlite3

    try:
        sql = sqlite3.connect(f"file:{results / 'journal.sqlite'}?mode=ro", uri=True)
        try:
            return int(sql.execute("SELECT COUNT(*) FROM record").fetchone()[0])
        finally:
            sql.close()
    except sqlite3.Error:
        return 0


def test_a_full_disk_loses_nothing(students: Path) -> None:
    """Exit code 3 and what to do; with room again the run goes on."""
    command = [sys.executable, "-m", "autograder.cli", "grade", students, "-o", students.parent / "results", *QUICK]

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, preexec_fn=little_room, timeout=120)
    assert 3 == done.returncode, done.stderr
    assert "results cannot be written: " in done.stderr and "Make room. What is graded is kept" in done.stderr
    assert 1 == grade(students).returncode
    assert ["8", "5.5", "8"] == [row["score"] for row in grades(students.parent / "results")]


def test_a_large_class_is_told_in_a_line(tmp_path: Path) -> None:
    """Beyond a hundred students the table is in the file."""
    for number in range(101):
        hand_in(tmp_path / "class", f"s{number:03}", RIGHT)
    done = grade(tmp_path / "class")
    assert "101 submissions: 101 passed" in done.stdout and "s000" not in done.stdout
    assert 101 == len(grades(tmp_path / "results"))


def test_two_at_once_are_one_too_many(students: Path) -> None:
    """The second is told to wait, with exit code 2, and the first's results are its own."""
    from autograder.batch.journal import Journal

    with Journal(students.parent / "results"):
        done = grade(students)
    assert 2 == done.returncode and "is being written by another autograder" in done.stderr
