"""Canvas: the filled file, read by its importer's rules, gives the marks and changes nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.policy.policy import Late, Policy, mark
from autograder.report.report import Report
from tests.platforms.cases import CASES, exercise, report
from tests.platforms.conftest import Run, Write
from tests.platforms.gradebooks import canvas_import

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Essay (101),Layers (102),Current Score,Final Score"
POSSIBLE = "    Points Possible,,,,,50.00,17.00,(read only),(read only)"
ROWS = [
    '"Liddell, Alice",11,S-1,alice,Block 1,40.00,,80.00,80.00',
    '"Baker, Bob",12,S-2,bob,Block 1,,3.00,,',
    '"Müller, Ida",13,S-3,ida@uni.example,Block 2,,EX,,',
    '"Kim, Kim",14,S-4,kim,Block 2,,,,',
    '"Noone, Nia",15,S-5,nia,Block 2,30.00,12.00,,',
    '"Student, Test",16,,test,Block 1,,,,',
]
PEOPLE = [
    {"id": 11, "name": "Alice Liddell", "sortable": "Liddell, Alice", "sis": "S-1", "login": "alice"},
    {"id": 12, "name": "Bob Baker", "sortable": "Baker, Bob", "sis": "S-2", "login": "bob"},
    {"id": 13, "name": "Ida Müller", "sortable": "Müller, Ida", "sis": "S-3", "login": "ida@uni.example"},
    {"id": 14, "name": "Kim Kim", "sortable": "Kim, Kim", "sis": "S-4", "login": "kim"},
    {"id": 15, "name": "Nia Noone", "sortable": "Noone, Nia", "sis": "S-5", "login": "nia"},
    {"id": 16, "name": "Test Student", "sortable": "Student, Test", "login": "test"},
]
ASSIGNMENTS = {101: "Essay", 102: "Layers"}


def template(tmp_path: Path, *lines: str, newline: str = "\n", mark: str = "") -> Path:
    """The exported gradebook."""
    path = tmp_path / "export.csv"
    path.write_text(mark + newline.join(lines) + newline, encoding="utf-8", newline="")
    return path


def named(name: str, case: str = "partly right") -> Report:
    """A result of 12.5 of 17 points under this name."""
    return replace(CASES[case], submission=name)


def imported(path: Path) -> dict[tuple[int, int], str]:
    """What Canvas makes of the file."""
    return canvas_import(path.read_bytes().decode("utf-8"), PEOPLE, ASSIGNMENTS)


def test_a_column_is_filled(run: Run, results: Write, tmp_path: Path) -> None:
    """Only our grades are in the file: who has none is left out, so that no older cell overwrites anything."""
    path = template(tmp_path, HEADER, POSSIBLE, *ROWS)
    out = tmp_path / "import.csv"
    given = results([named("alice"), named("nia", "all right")])
    done = run("export", "canvas", given, path, "-o", out, "--column", "102")
    assert (0, "") == (done.code, done.err)
    assert {(11, 102): "12.50", (15, 102): "17.00"} == imported(out)
    assert "import.csv: 2 grades." in done.out and "3 of the platform's students have no result" in done.out
    head = ["Student,ID,SIS User ID,SIS Login ID,Section,Layers (102)", "    Points Possible,,,,,17.00"]
    assert head == out.read_text(encoding="utf-8").splitlines()[:2]


@pytest.mark.parametrize("column", ["102", "Layers", "layers (102)"])
@pytest.mark.parametrize("name", ["12", "S-2", "bob", "BOB", "Baker, Bob", "Bob Baker", "bob  baker"])
def test_a_student_is_known_by_any_identifier(run: Run, results: Write, tmp_path: Path, name: str, column: str) -> None:
    """Id, SIS id, login, name in both orders; the column by id, title or header."""
    path, out = template(tmp_path, HEADER, POSSIBLE, *ROWS), tmp_path / "import.csv"
    assert 0 == run("export", "canvas", results([named(name)]), path, "-o", out, "--column", column).code
    assert {(12, 102): "12.50"} == imported(out)


def test_ids_come_before_names(run: Run, results: Write, tmp_path: Path) -> None:
    """In Canvas's order: a submission called 11 is student 11, whoever else has 11 for a login."""
    path = template(tmp_path, HEADER, POSSIBLE, *ROWS, '"Eleven, Eli",17,S-9,11,Block 1,,,,')
    out = tmp_path / "import.csv"
    run("export", "canvas", results([named("11")]), path, "-o", out, "--column", "Layers")
    assert {(11, 102): "12.50"} == imported(out)


def test_who_has_no_grade_is_named_and_left_out(run: Run, results: Write, tmp_path: Path) -> None:
    """Excused, broken, unknown, twice the same person: never a number, and exit code 1."""
    path, out = template(tmp_path, HEADER, POSSIBLE, *ROWS), tmp_path / "import.csv"
    given = [named("ida@uni.example"), named("kim", "broken"), named("zoe"), named("alice"), named("Liddell, Alice"),
             named("bob", "all right")]  # fmt: skip
    done = run("export", "canvas", results(given), path, "-o", out, "--column", "Layers")
    assert 1 == done.code
    assert {(12, 102): "17.00"} == imported(out)
    for words in (
        "ida@uni.example: is excused there", "kim: the grader failed in a part of it; grade it again",
        "zoe: nobody has this ID or SIS User ID or SIS Login ID or name", "Liddell, Alice, alice are one person",
    ):  # fmt: skip
        assert words in done.err


def test_two_people_of_one_name_are_a_doubt(run: Run, results: Write, tmp_path: Path) -> None:
    """Neither gets the grade; a map of identifiers settles it."""
    path = template(tmp_path, HEADER, POSSIBLE, *ROWS, '"Baker, Bob",18,S-8,bob2,Block 1,,,,')
    out, folder = tmp_path / "import.csv", results([named("Bob Baker")])
    words = ("export", "canvas", folder, path, "-o", out, "--column", "Layers")
    assert "Bob Baker: 2 people have this name" in run(*words).err
    (tmp_path / "map.csv").write_text("submission,student\nBob Baker,S-2\n", encoding="utf-8")
    assert 0 == run(*words, "--students", tmp_path / "map.csv").code
    assert {(12, 102): "12.50"} == imported(out)


def test_a_map_with_two_lines_for_one_is_refused(run: Run, results: Write, tmp_path: Path) -> None:
    """Neither line wins silently."""
    path = template(tmp_path, HEADER, POSSIBLE, *ROWS)
    (tmp_path / "map.csv").write_text("x,1\nx,2\n", encoding="utf-8")
    words = ("-o", tmp_path / "out.csv", "--column", "102", "--students", tmp_path / "map.csv")
    done = run("export", "canvas", results([named("x")]), path, *words)
    assert 2 == done.code and "has two lines for x. Keep one for each submission." in done.err


SWEDISH = "    Points Possible;;;;;;17,00;(läs endast)"


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_european_export(run: Run, results: Write, tmp_path: Path, newline: str, mark: str) -> None:
    """Semicolons, decimal commas, a localised read-only column, a muted row, every identifier column, Windows' line
    ends: kept as they came."""
    header = "Student;ID;SIS User ID;SIS Login ID;Integration ID;Section;Layers (102);Current Score"
    rows = [";;;;;;Manual Posting;", SWEDISH, "Liddell, Alice;11;S-1;alice;;Block 1;3,50;20,59"]
    path, out = template(tmp_path, header, *rows, newline=newline, mark=mark), tmp_path / "import.csv"
    assert 0 == run("export", "canvas", results([named("alice")]), path, "-o", out).code
    text = out.read_bytes().decode("utf-8")
    assert {(11, 102): "12.50"} == imported(out)
    assert "alice;;Block 1;12,50" in text and text.startswith(mark) and newline in text
    assert ("\r" in text) == (newline == "\r\n")


def test_first_and_last_names_in_columns_of_their_own(run: Run, results: Write, tmp_path: Path) -> None:
    """The other form of export, with a custom column that is ours to leave out."""
    header = "LastName,FirstName,ID,SIS Login ID,Section,Notes,Layers (102)"
    rows = ["    Points Possible,,,,,(read only),17", "Liddell,Alice,11,alice,Block 1,late riser,N/A",
            "Baker,Bob,12,bob,Block 1,,"]  # fmt: skip
    path, out = template(tmp_path, header, *rows), tmp_path / "import.csv"
    done = run("export", "canvas", results([named("Bob Baker"), named("alice")]), path, "-o", out)
    assert 1 == done.code and "alice: is not assigned this there" in done.err
    assert {(12, 102): "12.50"} == imported(out)
    assert "Notes" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "2 columns could be filled. Name one with --column: Essay (101), Layers (102)."),
        (("--column", "Leyers"), "0 columns are named Leyers. Name one with --column: Essay (101), Layers (102)."),
        (("--column", "Current Score"), "0 columns are named Current Score"),
        (("--column", "Essay"), "alice is graded out of 17 points, the column is out of 50"),
    ],
)
def test_a_column_in_doubt_is_refused(
    run: Run, results: Write, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """The error lists the columns, exit code 2, and nothing is written."""
    path, out = template(tmp_path, HEADER, POSSIBLE, *ROWS), tmp_path / "import.csv"
    done = run("export", "canvas", results([named("alice")]), path, "-o", out, *words)
    assert 2 == done.code and message in done.err and not out.exists()


def test_points_are_scaled_only_when_asked(run: Run, results: Write, tmp_path: Path) -> None:
    """In proportion to Canvas's maximum, rounded to two digits; or as they are."""
    path, out = template(tmp_path, HEADER, POSSIBLE, *ROWS), tmp_path / "import.csv"
    words = ("export", "canvas", results([named("alice")]), path, "-o", out, "--column", "Essay", "--points")
    assert 0 == run(*words, "scale").code
    assert {(11, 101): "36.76"} == imported(out)
    assert 0 == run(*words, "raw").code
    assert {(11, 101): "12.50"} == imported(out)


def test_less_than_everything_is_never_everything(run: Run, results: Write, tmp_path: Path) -> None:
    """16.999 of 17 is not shown as 17."""
    path, out = template(tmp_path, HEADER, POSSIBLE, *ROWS), tmp_path / "import.csv"
    folder = results([named("alice", "almost all")])
    run("export", "canvas", folder, path, "-o", out, "--column", "Layers", "--unofficial")
    assert {(11, 102): "16.99"} == imported(out)


RULES = """
[weights]
dense = 2
[due]
default = 2026-10-05T12:00:00+00:00
[late]
per_day = 10
"""


def test_what_counts_is_what_the_course_says(run: Run, results: Write, tmp_path: Path) -> None:
    """Weights and lateness of course.toml: 7 of 7 and twice 5.5 of 10, a day late; its file is named."""
    for name in ("relu", "dense"):
        (tmp_path / "course" / "solutions" / "02_layers" / name).mkdir(parents=True)
        (tmp_path / "course" / "solutions" / "02_layers" / name / "spec.py").touch()
    (tmp_path / "course" / "course.toml").write_text(RULES, encoding="utf-8")
    exercises = exercise("relu", "passed", 7.0, 7.0), exercise("dense", "failed", 5.5, 10.0)
    late = report("alice", *exercises, submitted_at="2026-10-06T11:00:00Z", clock="lms")
    unknown = report("bob", *exercises)
    path, out = template(tmp_path, HEADER, POSSIBLE.replace("17.00", "27.00"), *ROWS), tmp_path / "import.csv"
    words = ("export", "canvas", results([late, unknown]), path, "-o", out, "--column", "102", "--course")
    done = run(*words, tmp_path / "course")
    assert 0 == done.code and "What counts follows " in done.out
    assert "1 of 2: when it was handed in is unknown, so it was not counted as late" in done.err
    assert {(11, 102): "16.20", (12, 102): "18.00"} == imported(out)
    assert 2 == run(*words, tmp_path / "nowhere").code


def test_the_marks_of_the_results_count_without_their_course(
    run: Run, results: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graded as a week late, 17 of 17 points count 0 in the import file, wherever it is made."""
    monkeypatch.chdir(tmp_path)
    rules = Policy(due={"default": datetime(2026, 10, 5, tzinfo=UTC)}, late=Late(closes=timedelta(days=1)))
    marked = mark(replace(named("alice"), submitted_at="2026-10-12T00:00:00Z", clock="git"), rules)
    path, out = template(tmp_path, HEADER, POSSIBLE, *ROWS), tmp_path / "import.csv"
    assert 0 == run("export", "canvas", results([marked]), path, "-o", out, "--column", "102").code
    assert {(11, 102): "0.00"} == imported(out)


def test_without_a_course_points_count_as_earned(
    run: Run, results: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message says that the folder is in no course, because elsewhere the command can give other grades."""
    monkeypatch.chdir(tmp_path)
    path, out = template(tmp_path, HEADER, POSSIBLE, *ROWS), tmp_path / "import.csv"
    done = run("export", "canvas", results([named("alice")]), path, "-o", out, "--column", "102")
    assert 0 == done.code and "lies in no course: points count as earned. --course names one." in done.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no table"),
        ("name\nalice\n", "is no table"),
        ("Name,Number,Mail,Section\na,b,c,d\n", "this table has none of the columns ID, SIS User ID"),
        ("Student,ID,Layers\na,1,\n", "0 columns could be filled"),
    ],
)
def test_another_table_is_refused(run: Run, results: Write, tmp_path: Path, text: str, message: str) -> None:
    """With what a gradebook looks like; exit code 2."""
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    done = run("export", "canvas", results([named("alice")]), path, "-o", tmp_path / "out.csv")
    assert 2 == done.code and message in done.err


@pytest.mark.parametrize("data", [b"PK\x03\x04\xff", b"a,b\n\xfc,1\n"])
def test_what_is_no_utf8_is_refused(run: Run, results: Write, tmp_path: Path, data: bytes) -> None:
    """A workbook, Latin-1: the fact and the repair."""
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    done = run("export", "canvas", results([named("alice")]), path, "-o", tmp_path / "out.csv")
    assert 2 == done.code and "is not UTF-8. Export it again as CSV in UTF-8" in done.err


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(st.tuples(NAMES, st.integers(0, 68)), min_size=1, max_size=5, unique_by=lambda pair: pair[0].casefold()),
    st.sampled_from(",;"), st.booleans(),
)  # fmt: skip
def test_whoever_is_there_gets_their_own_grade(
    run: Run, results: Write, tmp_path: Path, people: list[tuple[str, int]], delimiter: str, comma: bool
) -> None:
    """Any names, either delimiter, either way of writing decimals: what Canvas reads is what was earned."""
    for old in tmp_path.rglob("*.json"):
        old.unlink()
    quoted = ['"' + name.replace('"', '""') + ', X"' for name, _ in people]
    rows = [[name, str(100 + i), "", f"login{i}", "B", ""] for i, name in enumerate(quoted)]
    possible = "17,00" if comma else "17.00"
    lines = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Layers (102)"],
             ["    Points Possible", "", "", "", "", f'"{possible}"']]  # fmt: skip
    path = template(tmp_path, *(delimiter.join(row) for row in [*lines, *rows]))
    given = [report(f"login{i}", exercise("relu", "failed", n / 4, 17.0)) for i, (_, n) in enumerate(people)]
    assert 0 == run("export", "canvas", results(given), path, "-o", tmp_path / "out.csv").code
    known = [{"id": 100 + i, "name": name} for i, (name, _) in enumerate(people)]
    read = canvas_import((tmp_path / "out.csv").read_text(encoding="utf-8"), known, ASSIGNMENTS)
    assert [n / 4 for _, n in people] == [float(read[100 + i, 102]) for i in range(len(people))]
