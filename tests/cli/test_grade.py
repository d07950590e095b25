"""`handgrad grade` on a class, as an instructor meets it: resumed, interrupted, narrowed down, out of room."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from autograder.batch import pool
from autograder.cli import batch_run
from autograder.cli.main import main
from tests.cli.forked import run
from tests.cli.test_commands import RIGHT, TINY, WRONG, grades

QUICK = ("--course", TINY, "--only", "scale", "--skip", "speed")
ENDLESS = "while True:\n    pass\n"


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """ada right, bob wrong, cy like ada in another layout."""
    for name, text in {"ada": RIGHT, "bob": WRONG, "cy": f"# cy\n\n{RIGHT}"}.items():
        hand_in(tmp_path / "class", name, text)
    return tmp_path / "class"


@pytest.fixture(autouse=True)
def course_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade with a key."""
    monkeypatch.setenv("HANDGRAD_KEY", "key")


def test_without_a_key_it_is_said_and_nothing_is_official(
    students: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line with the repair; --official refuses before anything is written; a key in a file will do."""
    course = shutil.copytree(TINY, students.parent / "course")
    (course / "course.toml").write_text('[key]\nenv = "OUR_KEY"\n', encoding="utf-8")
    words = ["grade", str(students), "-o", str(students.parent / "results"), "--course", str(course), *QUICK[2:]]
    words += ["--jobs", "1", "--student", "ada"]
    assert main([*words, "--official"]) == 2 and not (students.parent / "results").exists()
    assert "an official grade needs the course's key. There is no key: hidden inputs can be" in capsys.readouterr().err
    assert main(words) == 0
    said = capsys.readouterr().err
    assert said.startswith("handgrad: no key: hidden inputs can be computed by anybody who has the course")
    assert "Set OUR_KEY to a long random text, or name its file in course.toml" in said and said.count("\n") == 1
    (course / "course.toml").write_text('[key]\nfile = "key.txt"\n', encoding="utf-8")
    (course / "key.txt").write_text("key\n", encoding="utf-8")
    monkeypatch.delenv("HANDGRAD_KEY")
    assert main([*words, "--official"]) == 0
    assert "written without this key: by another one, or by none" in capsys.readouterr().err


def hand_in(folder: Path, student: str, text: str) -> None:
    (folder / student).mkdir(parents=True, exist_ok=True)
    (folder / student / "scale.py").write_text(text, encoding="utf-8")


def grade(students: Path, *words: str | Path, processes: bool = False) -> subprocess.CompletedProcess[str]:
    """Grade in the command's own process, or in others, one unless the words give another number."""
    places = students, "-o", students.parent / "results"
    return run("grade", *places, *QUICK, "--jobs", "1", *words, processes=processes)


def test_every_run_goes_on_where_the_last_one_was(students: Path) -> None:
    """The first grades each program once, with no bar where nobody watches; the second has nothing to do and leaves the
    same grades; the third finds Bob's new answer graded, and says that his grade moved."""
    first = grade(students, "--jobs", "2", processes=True)
    assert (1, "") == (first.returncode, first.stderr) and "\x1b" not in first.stdout
    assert "3 answers, 2 different programs; 2 graded now." in first.stdout
    before = (students.parent / "results" / "grades.csv").read_bytes()
    assert "3 answers, 2 different programs; 0 graded now." in grade(students).stdout
    assert before == (students.parent / "results" / "grades.csv").read_bytes()
    hand_in(students, "bob", RIGHT)
    third = grade(students)
    assert "3 answers, 1 different program; 0 graded now. Changed: 1 grade." in third.stdout
    assert 0 == third.returncode


def test_only_some_students(students: Path) -> None:
    """The table shows them, the exit code is theirs, and who was never graded is counted and in no list."""
    done = grade(students, "--student", "[ac]*")
    assert 0 == done.returncode and "bob" not in done.stdout
    assert "1 student not graded yet: repeat without --student and --fail-fast." in done.stdout
    rows = {row["student"]: row["score"] for row in grades(students.parent / "results")}
    assert {"ada": "8", "cy": "8"} == rows
    assert {"ada", "cy"} == {path.stem for path in (students.parent / "results" / "feedback").iterdir()}


@pytest.mark.parametrize("words", [(), ("--skip", "purity"), ("--only", "mean_square"), ("--tier", "local")])
def test_the_others_stay_as_they_were(students: Path, words: tuple[str, ...]) -> None:
    """A run about one student writes nobody else as broken, and takes away no file, under any other options either."""
    assert 1 == grade(students).returncode
    results = students.parent / "results"
    before, table = files(results, "bob"), {row["student"]: row for row in grades(results)}
    hand_in(students, "ada", f"# again\n{RIGHT}")
    grade(students, "--student", "ada", *words)
    after = {row["student"]: row for row in grades(results)}
    assert "broken" not in {row["status"] for row in after.values()}
    assert files(results, "bob") == before
    if words[:1] != ("--only",):
        assert (after["bob"], after["cy"]) == (table["bob"], table["cy"])


def files(results: Path, student: str) -> dict[str, bytes]:
    """What was written for one student."""
    return {name: (results / name).read_bytes() for name in (f"reports/{student}.json", f"feedback/{student}.html")}


def test_a_student_whom_nobody_knows(students: Path) -> None:
    """Wrong usage, with the name of one who is there."""
    done = grade(students, "--student", "zoe")
    assert 2 == done.returncode
    assert "no student is called zoe. The first is ada." in done.stderr


def test_fail_fast_stops_at_the_first_failure(students: Path) -> None:
    """What comes after it is not graded, and says so; it is in no list, and what was graded before stays."""
    for number in range(4):
        hand_in(students, f"later{number}", f"n{number} = 1\n{WRONG}")
    done = grade(students, "--fail-fast", processes=True)
    assert 1 == done.returncode
    assert " left: the same command grades them." in done.stdout
    assert "later3" not in {row["student"] for row in grades(students.parent / "results")}
    assert "broken" not in (students.parent / "results" / "grades.csv").read_text(encoding="utf-8")
    assert 1 == grade(students).returncode
    hand_in(students, "ada", f"a = 1\n{WRONG}")
    hand_in(students, "later3", f"b = 1\n{WRONG}")
    assert 1 == grade(students, "--fail-fast").returncode
    assert "5.5" in {row["score"] for row in grades(students.parent / "results") if row["student"] == "later3"}


def test_ctrl_c_leaves_a_state_to_go_on_from(students: Path) -> None:
    """Exit code 130 and how to go on; no process is left; the next run grades the rest."""
    hand_in(students, "dee", ENDLESS)
    command = [sys.executable, "-m", "autograder", "grade", students, "-o", students.parent / "results", *QUICK]
    with subprocess.Popen(list(map(str, command)), stderr=-1, stdout=-1, text=True, preexec_fn=_heed) as process:
        while not _graded(students.parent / "results"):
            assert process.poll() is None, process.communicate()
            sleep(0.02)
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
    """Exit code 2 and what to do; with room again the run goes on."""
    command = [sys.executable, "-m", "autograder", "grade", students, "-o", students.parent / "results", *QUICK]

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, preexec_fn=little_room, timeout=120)
    assert 2 == done.returncode, done.stderr
    assert "results cannot be written: " in done.stderr and "What is graded is kept" in done.stderr
    assert "Make room" in done.stderr or "Raise the limit" in done.stderr or "Look at its health" in done.stderr
    assert 1 == grade(students).returncode
    assert ["8", "5.5", "8"] == [row["score"] for row in grades(students.parent / "results")]


@pytest.mark.parametrize("what", ["results", "results/journal.sqlite"])
def test_results_that_are_removed_during_the_run(
    students: Path, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and a sentence, and not results that look whole; the next run grades all of them."""
    words = ["grade", str(students), "-o", str(students.parent / "results"), *map(str, QUICK), "--jobs", "1"]

    def remove_and_grade(*args: Any) -> int:
        path = students.parent / what
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        return grade_rest(*args)

    grade_rest = batch_run.grade_rest
    monkeypatch.setattr(batch_run, "grade_rest", remove_and_grade)
    monkeypatch.setattr(pool, "WorkerPool", ThreadPoolExecutor)
    assert main(words) == 2
    assert "journal.sqlite was removed or replaced during the run, and what was graded" in capsys.readouterr().err
    assert not (students.parent / "results" / "grades.csv").exists()
    monkeypatch.setattr(batch_run, "grade_rest", grade_rest)
    assert main(words) == 1


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
