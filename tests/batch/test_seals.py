"""A journal that somebody without the key has changed is named, not believed, and graded again."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autograder.batch.journal import NAME, SCHEMA, Journal, changed_rows
from autograder.batch.seals import TABLES
from autograder.cli.main import main
from autograder.course.catalog import Course
from autograder.errors import UsageError
from autograder.grading.pipeline import Options
from autograder.report.report import Report
from tests.batch.conftest import RIGHT, TINY, UNTIMED, WRONG, TinyClass

TINY_COURSE = Course(TINY)
KEY = UNTIMED.key
COLUMNS = [
    (table, column)
    for table, body in re.findall(r"CREATE TABLE (\w+) \(\n(.*?)\n\)", SCHEMA, re.DOTALL)
    for column in re.findall(r"^    (\w+) (?:INTEGER|TEXT|REAL)", body, re.MULTILINE)
]


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The journals of a class as it was first graded ("earlier"), and after Cy handed in again ("graded")."""
    folder = tmp_path_factory.mktemp("class")
    tiny_class = TinyClass(folder, TINY_COURSE, names=("scale",))
    tiny_class.hand_in("ada", scale=RIGHT)
    tiny_class.hand_in("cy", scale=WRONG)
    tiny_class.grade()
    shutil.copytree(folder, folder / "earlier", ignore=shutil.ignore_patterns("earlier"))
    tiny_class.hand_in("cy", scale=WRONG.replace("return x + w", "return x - w"))
    tiny_class.grade()
    tiny_class.write()
    shutil.copytree(folder, folder / "graded", ignore=shutil.ignore_patterns("earlier", "graded"))
    yield {name: folder / name for name in ("earlier", "graded")}


@pytest.fixture
def graded(journals: dict[str, Path], tmp_path: Path) -> TinyClass:
    """A class with its graded journal, to write into."""
    shutil.copytree(journals["graded"], tmp_path, dirs_exist_ok=True)
    return TinyClass(tmp_path, TINY_COURSE, names=("scale",))


def write(tiny_class: TinyClass, script: str, earlier: Path | None = None) -> None:
    """Change the journal by other means than the engine's."""
    with closing(sqlite3.connect(tiny_class.results / NAME)) as sql:
        if earlier is not None:
            sql.execute("ATTACH ? AS earlier", (str(earlier / "results" / NAME),))
        before = sql.total_changes
        sql.executescript(script)
        assert sql.total_changes > before or "VIEW" in script or "TRIGGER" in script
    assert changed(tiny_class)


def changed(tiny_class: TinyClass) -> tuple[str, ...]:
    try:
        return changed_rows(tiny_class.results / NAME, KEY)
    except UsageError as error:
        return (str(error),)


def plain(reports: dict[str, Report]) -> dict[str, tuple[float, str | None, tuple[str, ...]]]:
    """What a report says of a student."""
    return {name: (report.score, report.submitted_at, report.notes) for name, report in reports.items()}


def test_what_the_engine_writes_fits(graded: TinyClass) -> None:
    """Also after rows were written again, and nothing is then graded anew."""
    assert changed(graded) == ()
    graded.grade()
    assert (changed(graded), graded.flaws, graded.graded) == ((), [], [])
    assert set(TABLES) == {table for table, _ in COLUMNS}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda word: word)
def test_any_changed_column_is_seen(graded: TinyClass, table: str, column: str) -> None:
    """In every table: the row is named, and the engine writes nothing into such a journal."""
    write(graded, f"UPDATE {table} SET {column} = 77 WHERE rowid = (SELECT MAX(rowid) FROM {table})"
          if table != "entry" else f"UPDATE entry SET {column} = 77 WHERE student = 'cy'")  # fmt: skip
    (sentence, *_) = changed(graded)
    assert re.search(rf"^{table} \S.* changed$|rows were removed", sentence), sentence
    with pytest.raises(UsageError, match="`handgrad grade` gives these grades again"):
        Journal(graded.results, KEY)


FORGERIES = {
    "a verdict and its grade": (
        "UPDATE record SET score = 8, report = replace(report, '\"failed\"', '\"passed\"') WHERE status = 'failed';"
        "UPDATE grade SET score = 8, status = 'passed' WHERE student = 'cy'"
    ),
    "a grade alone": "UPDATE grade SET score = 8, status = 'passed' WHERE student = 'cy'",
    "a grade without points": "UPDATE grade SET record = NULL, status = 'skipped' WHERE student = 'ada'",
    "a note": "UPDATE submission SET notes = '[\"excused\"]'",
    "a time": "UPDATE submission SET submitted_at = '2020-01-01T00:00:00+00:00', clock = 'lms' WHERE student = 'cy'",
    "another's text": "UPDATE entry SET source = (SELECT source FROM entry WHERE student = 'ada') WHERE student = 'cy'",
    "another's program": (
        "UPDATE source SET identity = (SELECT identity FROM source WHERE id = 1) WHERE text LIKE '%x - w%'"
    ),
    "grades swapped": (
        "UPDATE grade SET student = CASE student WHEN 'ada' THEN 'cy' ELSE 'ada' END;"
        "UPDATE entry SET student = 'x' WHERE student = 'cy'; UPDATE entry SET student = 'cy' WHERE student = 'ada';"
        "UPDATE entry SET student = 'ada' WHERE student = 'x'"
    ),
    "a student renamed": (
        "UPDATE grade SET student = 'ada' WHERE student = 'cy'; DELETE FROM submission WHERE student = 'cy'"
    ),
    "a grade removed": "DELETE FROM grade WHERE id = (SELECT MAX(id) FROM grade WHERE student = 'cy')",
    "a student removed": "DELETE FROM submission WHERE student = 'cy'",
    "a verdict removed": "DELETE FROM record WHERE status = 'failed'",
    "an older grade put back": (
        "DELETE FROM grade WHERE student = 'cy'; INSERT INTO grade SELECT * FROM earlier.grade WHERE student = 'cy'"
    ),
    "an older text put back": (
        "DELETE FROM entry WHERE student = 'cy'; INSERT INTO entry SELECT * FROM earlier.entry WHERE student = 'cy'"
    ),
    "a grade given twice": (
        "INSERT INTO grade SELECT 99, student, exercise, record, 'passed', 8, 8, submitted, path, refused, run, mac"
        " FROM grade WHERE student = 'cy' LIMIT 1"
    ),
}


@pytest.mark.parametrize("script", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_is_named_and_graded_again(graded: TinyClass, journals: dict[str, Path], script: str) -> None:
    """The next `grade` gives the right grades, trusts no changed row, and keeps a copy of the changed file."""
    right = plain(graded.grade())
    write(graded, script, journals["earlier"])
    alone = graded.folder / "alone"
    shutil.copytree(graded.folder, alone)
    assert plain(graded.grade()) == right
    assert graded.flaws[0].startswith(str(graded.results)) and "is graded again" in graded.flaws[-1]
    assert changed(graded) == () and (graded.results / "journal.changed.1.sqlite").is_file()
    only = TinyClass(alone, TINY_COURSE, names=("scale",)).grade(only=["ada"])
    assert plain(only) == {"ada": right["ada"]}


@pytest.mark.parametrize(
    "script",
    [
        "DROP VIEW standing; CREATE VIEW standing AS SELECT id, student, exercise, record, 'passed' AS status,"
        " 8.0 AS score, max_score, submitted, path, refused, run FROM grade",
        "CREATE TRIGGER mine AFTER INSERT ON grade BEGIN UPDATE grade SET score = 8; END",
    ],
    ids=["view", "trigger"],
)
def test_another_schema_is_refused(graded: TinyClass, script: str) -> None:
    """With a key or without one: a view or a trigger would change what is read."""
    write(graded, script)
    for key in (KEY, ""):
        with pytest.raises(UsageError, match="has other tables or views than a journal"):
            Journal(graded.results, key, print)


@pytest.mark.parametrize("key", ["", "another"])
def test_a_journal_of_another_key_is_graded_again(graded: TinyClass, key: str) -> None:
    """Whether it was made with another key or without one; the right grades come out of it."""
    right = plain(graded.grade())
    shutil.rmtree(graded.results)
    graded.options = Options(key, UNTIMED.skip)
    graded.grade()
    graded.options = UNTIMED
    assert plain(graded.grade()) == right
    assert "was written without this key: by another one, or by none" in graded.flaws[0]
    assert len(graded.graded) == 2 and changed(graded) == ()


def test_the_command_signs_no_changed_verdict(
    graded: TinyClass, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command that reads it names the row; `grade` writes the grade that was earned, which then verifies."""
    monkeypatch.setenv("HANDGRAD_KEY", KEY)
    words = ["grade", str(graded.folder / "class"), "-o", str(graded.results), "--only", "scale", "--skip", "speed",
             "--jobs", "1", "--course", str(TINY)]  # fmt: skip
    assert main(words) == 1
    before = (graded.results / "reports" / "cy.json").read_bytes()
    write(graded, FORGERIES["a verdict and its grade"])
    capsys.readouterr()
    assert main(["verify", str(graded.results), "--course", str(TINY)]) == 1
    assert "(cy, scale) changed" in capsys.readouterr().err
    assert main(["explain", str(graded.results), "cy", "scale", "--course", str(TINY)]) == 1
    assert "(cy, scale) changed" in capsys.readouterr().err
    assert main(["regrade", str(graded.results), "--course", str(TINY)]) == 2
    assert "(cy, scale) changed" in capsys.readouterr().err
    assert main(words) == 1
    assert "(cy, scale) changed" in capsys.readouterr().err
    assert (graded.results / "reports" / "cy.json").read_bytes() == before
    assert main(["verify", str(graded.results), "--course", str(TINY)]) == 0


def raises(seals: object) -> None:
    raise AssertionError("the rows are compared one by one")


def test_a_whole_file_is_compared_at_once(graded: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is byte for byte what the last run left; the code of an earlier file does not do."""
    graded.grade()
    earlier = (graded.results / f"{NAME}.code").read_text()
    monkeypatch.setattr("autograder.batch.seals.Seals.flaws", raises)
    graded.grade()
    assert (graded.results / f"{NAME}.code").read_text() != earlier
    (graded.results / f"{NAME}.code").write_text(earlier)
    with pytest.raises(AssertionError, match="one by one"):
        graded.grade()


def test_a_log_that_was_put_beside_a_whole_file_is_not_believed(graded: TinyClass) -> None:
    """SQLite reads what stands in the log, which the code of the file does not cover."""
    graded.grade()
    aside = shutil.copytree(graded.results, graded.folder / "aside")
    with closing(sqlite3.connect(aside / NAME)) as sql:
        sql.executescript("PRAGMA wal_autocheckpoint = 0; UPDATE grade SET score = 8 WHERE student = 'cy'")
        shutil.copy(aside / f"{NAME}-wal", graded.results)
    graded.flaws.clear()
    graded.grade()
    assert "(cy, scale) changed" in graded.flaws[0]


def test_what_another_writes_during_a_run_is_not_sealed(graded: TinyClass) -> None:
    """The run leaves no code of the file, so that the next one compares the rows."""
    with Journal(graded.results, KEY), closing(sqlite3.connect(graded.results / NAME)) as sql:
        sql.executescript("UPDATE grade SET score = 8 WHERE student = 'cy'")
    with pytest.raises(UsageError, match=r"\(cy, scale\) changed"):
        Journal(graded.results, KEY)
