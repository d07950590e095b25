"""Download, grade, export: each platform's own way, and what it would take back."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pytest

from tests.platforms.conftest import Run
from tests.platforms.gradebooks import canvas_import
from tests.platforms.test_classroom50 import ENVIRONMENT, collect
from tests.platforms.test_round_trip import ANSWERS, TINY
from tests.submission.papers import zipped

RIGHT, WRONG = ANSWERS["right"], ANSWERS["wrong"]
DECOMPOSED = unicodedata.normalize("NFD", "Jörg Müller")
RECEIPT = "Name: {} ({})\nAssignment: Lab 1\n"
METADATA = """---
submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: "101"
    :email: jane@uni.example
submission_2:
  :submitters:
  - :name: Jörg Müller
    :sid: "102"
    :email: jm@uni.example
  - :name: Mary O'Brien
    :sid: "103"
    :email: mary@uni.example
"""


def grade(run: Run, folder: Path, files: dict[str, str | bytes], packed: bool = False) -> dict[str, float]:
    """Grade a download as it comes; return student → points."""
    where = folder / ("submissions.zip" if packed else "submissions")
    if packed:
        where.write_bytes(zipped(*files.items()))
    for name, text in {} if packed else files.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_bytes(text.encode() if isinstance(text, str) else text)
    words = ("--course", TINY, "--only", "scale", "--skip", "speed", "--jobs", "1")
    assert run("grade", where, "-o", folder / "results", *words).code in (0, 1)
    rows = csv.DictReader((folder / "results" / "grades.csv").read_text(encoding="utf-8-sig").splitlines())
    return {row["student"]: float(row["scale"]) for row in rows}


def export(
    run: Run, folder: Path, platform: str, template: str | bytes, *words: str, code: int = 0
) -> tuple[list[dict[str, str]], str]:
    """Export into a table; return the rows of the written file, and what was said of those left out."""
    path, out = folder / "export.csv", folder / "import.csv"
    path.write_bytes(template.encode() if isinstance(template, str) else template)
    done = run("export", platform, folder / "results", path, "-o", out, "--unofficial", "--points", "raw", *words)
    assert code == done.code, done.err
    text = out.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in text else ",")), done.err


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Layers (555)\n    Points Possible,,,,,\"{}\"\n"
    '"Doe, Jane",101.0,S1,jdoe,"Sec A, Sec B",\n"Müller, Jörg",102.0,S2,jm,Sec A,\n'
    '"O’Brien, Mary",103.0,S3,mo,Sec A,\n"Student, Test",104.0,,test,Sec A,\n'
)


def test_canvas_with_everything_that_excel_and_people_do_to_a_table(run: Run, tmp_path: Path) -> None:
    """Numbers as 101.0, two sections, an accent in two forms, an apostrophe, a mark, "1,000.00", the test student."""
    grade(run, tmp_path, {
        "doejane_101_9001_scale.py": RIGHT, f"{unicodedata.normalize('NFD', 'müllerjörg')}_102_9002_scale.py": WRONG,
        "obrienmary_LATE_103_9003_scale.py": RIGHT,
    })  # fmt: skip
    rows, said = export(run, tmp_path, "canvas", "\ufeff" + CANVAS.format("1,000.00"))
    assert {row["Student"]: row["Layers (555)"] for row in rows[1:]} == {
        "Doe, Jane": "8.00", "Müller, Jörg": "5.50", "O’Brien, Mary": "8.00",
    } and "not in the file" not in said  # fmt: skip
    for shown in ("1,000.00", "1.000,00", "1'000.00"):
        (tmp_path / "export.csv").write_text(CANVAS.format(shown), encoding="utf-8")
        words = ("export", "canvas", tmp_path / "results", tmp_path / "export.csv", "-o", tmp_path / "x")
        words = (*words, "--unofficial")
        assert 2 == (done := run(*words)).code and "the column is out of 1000" in done.err.replace(",", "")
        assert 0 == run(*words, "--points", "scale").code
        assert re.search(r"1000[.,]00", (tmp_path / "x").read_text(encoding="utf-8"))
    (tmp_path / "export.csv").write_text(CANVAS.format("many"), encoding="utf-8")
    assert "the maximum many is no number. Say --out-of N." in run(*words).err
    (tmp_path / "export.csv").write_text(CANVAS.format(""), encoding="utf-8")
    assert "does not say what the grade is out of" in run(*words, "--points", "scale").err


def test_who_is_nobody_is_listed_with_the_nearest(run: Run, tmp_path: Path) -> None:
    """A name with a slip is not guessed; the nearest are named."""
    grade(run, tmp_path, {"Jane Do/scale.py": RIGHT, "Mary OBrien/scale.py": RIGHT, "zzz/scale.py": RIGHT})
    rows, said = export(run, tmp_path, "canvas", CANVAS.format("10"), code=1)
    assert [row["Student"] for row in rows[1:]] == ["O’Brien, Mary"]
    assert re.search(r"Jane Do: nobody has this .* or name\. Nearest: Doe, Jane\n", said)
    assert re.search(r"zzz: nobody has this .* or name\n", said)


MOODLE = {
    "it": 'Identificativo,"Nome completo","Indirizzo email",Stato,Valutazione,"Valutazione massima"\n'
          '"Partecipante 4001","{}",jane@x.example,Inviato,,"{}"\n',
    "pt": 'Identificador,"Nome completo","Endereço de email",Estado,Nota,"Nota máxima"\n'
          '"Participante 4001","{}",jane@x.example,Enviado,,"{}"\n',
    "nl": 'Identificatiecode;"Volledige naam";E-mailadres;Status;Cijfer;Maximumcijfer\n'
          '"Deelnemer 4001";"{}";jane@x.example;Ingestuurd;;"{}"\n',
    "fi": 'Tunniste,"Koko nimi",Tila,Arvosana,"Korkein arvosana","Arvosanaa voi muuttaa"\n'
          '"Osallistuja 4001","{}",Palautettu,,"{}",Kyllä\n',
    "ja": '識別子,フルネーム,ステータス,評点,最大評点,評点を変更可\n'
          '"参加者 4001","{}",提出済み,,"{}",はい\n',
}  # fmt: skip


@pytest.mark.parametrize("language", MOODLE)
def test_moodle_in_the_teacher_s_language(run: Run, tmp_path: Path, language: str) -> None:
    """The columns are found by words, or by their cells; decimals stay as they are written there."""
    grade(run, tmp_path, {f"{DECOMPOSED}_4001_assignsubmission_file_/scale.py": RIGHT})
    text = MOODLE[language].format("Jörg Müller", "8,00")
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    words = (tmp_path / "results", tmp_path / "export.csv", "-o", tmp_path / "up.csv", "--unofficial")
    done = run("export", "moodle", *words)
    assert 0 == done.code, done.err
    assert ["8,00", "8,00"] == re.findall(r"8,00", (tmp_path / "up.csv").read_text(encoding="utf-8"))


def test_blackboard(run: Run, tmp_path: Path) -> None:
    """Attempts of two students, with a receipt each; the table in tabs and UTF-16, as Work Offline writes it."""
    head = "Lab 1_{}_attempt_2026-11-0{}-10-00-00"
    points = grade(run, tmp_path, {
        head.format("s1", 1) + "_scale.py": WRONG, head.format("s1", 2) + "_scale.py": RIGHT,
        head.format("s1", 2) + ".txt": RECEIPT.format("Jane Doe", "s1"), head.format("o_b", 1) + "_scale.py": WRONG,
        head.format("o_b", 1) + ".txt": RECEIPT.format("Mary O'Brien", "o_b"),
    })  # fmt: skip
    assert list(points) == ["o_b", "s1"]
    column = "Lab 1 [Total Pts: 10 Score] |664617"
    lines = ['"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"' + column + '"',
             '"Doe"\t"Jane"\t"s1"\t"101"\t"2026-11-01"\t""', '"O\'Brien"\t"Mary"\t"o_b"\t"102"\t""\t""']  # fmt: skip
    rows, _ = export(run, tmp_path, "blackboard", "\n".join(lines).encode("utf-16"))
    assert {row["Username"]: row[column] for row in rows} == {"s1": "8.00", "o_b": "5.50"}
    assert "Last Access" not in rows[0]


def test_brightspace(run: Run, tmp_path: Path) -> None:
    """Folders with a time; the names lead to the rows, two people of one name are a doubt."""
    grade(run, tmp_path, {
        "11-1 - Jane Doe - Nov 2, 2026 1000 AM/scale.py": WRONG,
        "11-2 - Jane Doe - Nov 3, 2026 1000 AM/scale.py": RIGHT,
        f"12-3 - {DECOMPOSED} - Nov 2, 2026 1000 AM/scale.py": WRONG,
        "13-4 - Min Lee - Nov 2, 2026 1000 AM/scale.py": RIGHT,
        "index.html": "x",
    })  # fmt: skip
    column = "Layers Points Grade <Numeric MaxPoints:10 Weight:10>"
    table = (
        f"OrgDefinedId,Username,Last Name,First Name,{column},End-of-Line Indicator\n#101,#jane,Doe,Jane,,#\n"
        "#102,#jm,Müller,Jörg,,#\n#103,#min1,Lee,Min,,#\n#104,#min2,Lee,Min,,#\n"
    )
    rows, said = export(run, tmp_path, "brightspace", table, code=1)
    assert {row["OrgDefinedId"]: (row[column], row["End-of-Line Indicator"]) for row in rows} == {
        "#101": ("8.00", "#"), "#102": ("5.50", "#"),
    }  # fmt: skip
    assert "Min Lee_13: it fits Lee, Min and Lee, Min" in said


def test_gradescope_s_export_into_canvas(run: Run, tmp_path: Path) -> None:
    """Names come from the metadata; each member of a group gets the grade."""
    points = grade(run, tmp_path, {
        "submission_1/scale.py": RIGHT, "submission_2/scale.py": WRONG, "submission_metadata.yml": METADATA,
    })  # fmt: skip
    assert list(points) == ["Jane Doe", "Jörg Müller + Mary O'Brien"]
    rows, _ = export(run, tmp_path, "canvas", CANVAS.format("10"))
    assert {row["ID"]: row["Layers (555)"] for row in rows[1:]} == {"101.0": "8.00", "102.0": "5.50", "103.0": "5.50"}


def test_plain_folders_by_login_and_by_name(run: Run, tmp_path: Path) -> None:
    """Folders may be called by any identifier of the gradebook."""
    grade(run, tmp_path, {"jdoe/scale.py": RIGHT, "S2/scale.py": WRONG, "Mary O'Brien.py": RIGHT})
    export(run, tmp_path, "canvas", CANVAS.format("10"))
    people = [{"id": number, "name": str(number)} for number in (101, 102, 103)]
    text = (tmp_path / "import.csv").read_text(encoding="utf-8").replace(".0,", ",")
    assert {key[0]: grade for key, grade in canvas_import(text, people, {555: "Layers"}).items()} == {
        101: "8.00", 102: "5.50", 103: "8.00",
    }  # fmt: skip


def test_grades_open_rightly_in_excel(run: Run, tmp_path: Path) -> None:
    """The table begins with the mark of UTF-8, and no name is a formula."""
    grade(run, tmp_path, {"Łukasz/scale.py": RIGHT, "=1+1/scale.py": RIGHT, f"{DECOMPOSED}/scale.py": RIGHT})
    data = (tmp_path / "results" / "grades.csv").read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"student"') and b"'=1+1" in data and "Łukasz".encode() in data


@pytest.mark.parametrize("source", ["worksheet", "download", "zip"])
def test_feedback_returns_to_moodle(run: Run, tmp_path: Path, source: str) -> None:
    """Each page is in a folder with the participant's number, as the upload of feedback files wants it."""
    files: dict[str, str | bytes] = {
        "Jane Doe_901_assignsubmission_file_/scale.py": RIGHT,
        f"{DECOMPOSED}_902_assignsubmission_file_/scale.py": WRONG,
    }
    grade(run, tmp_path, files, packed=source == "zip")
    sheet = tmp_path / "worksheet.csv"
    rows = "Participant 901,Jane Doe,,,10.00,-\nParticipant 902,Jörg Müller,,,10.00,-\nParticipant 903,Mary,,,10.00,-\n"
    sheet.write_text("Identifier,Full name,Status,Grade,Maximum Grade,x\n" + rows, encoding="utf-8")
    given = {"worksheet": sheet, "download": tmp_path / "submissions", "zip": tmp_path / "submissions.zip"}[source]
    words = (given, "-o", tmp_path / "f.zip", "--feedback", "--unofficial")
    done = run("export", "moodle", tmp_path / "results", *words)
    assert 0 == done.code and "the feedback of 2 submissions" in done.out, done.err
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        taken = {moodle_feedback(name): archive.read(name) for name in archive.namelist()}
    assert set(taken) == {(901, "feedback.html"), (902, "feedback.html")}
    assert b"Jane Doe" in taken[901, "feedback.html"] and b"<html" in taken[902, "feedback.html"]


def moodle_feedback(path: str) -> tuple[int, str]:
    """Return participant and file as Moodle reads a path: a part with five pieces between underscores, of which the
    second is the number, and the third and fourth a known plug-in."""
    part, _, rest = path.partition("/")
    pieces = part.split("_", 4)
    assert len(pieces) == 5 and pieces[2:4] == ["assignfeedback", "file"]
    return int(pieces[1]), "/".join(filter(None, (pieces[4], rest)))


def test_feedback_returns_to_canvas(run: Run, tmp_path: Path) -> None:
    """Each text is called as an upload of the student; who has uploaded nothing is named."""
    files: dict[str, str | bytes] = {
        "doejane_101_9001_scale.py": RIGHT, "müllerjörg_LATE_102_9002_hw-1.zip": zipped(("scale.py", WRONG)),
        "roepat_103_text.html": "<p>x</p>",
    }  # fmt: skip
    grade(run, tmp_path, files)
    words = ("-o", tmp_path / "f.zip", "--feedback", "--unofficial")
    done = run("export", "canvas", tmp_path / "results", tmp_path / "submissions", *words)
    assert 1 == done.code and "roepat_103: has no uploaded file in the download" in done.err
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        taken = {canvas_comment(name): archive.read(name).decode() for name in archive.namelist()}
    assert set(taken) == {(101, 9001), (102, 9002)} and "scale_forward" in taken[102, 9002]
    done = run("export", "canvas", tmp_path / "results", tmp_path / "nowhere", *words)
    assert 2 == done.code and "Name the download of the submissions" in done.err


def canvas_comment(name: str) -> tuple[int, int]:
    """Return student and upload as Canvas reads a name: the first two parts between underscores that are numbers."""
    student, upload = [int(part) for part in name.split("_") if re.fullmatch(r"\d+", part)][:2]
    return student, upload




def test_classroom_repositories_become_points_of_classroom50(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clones of a class, graded as a whole; each student's file says what grades.csv says, in the platforms' words."""
    for student, text in (("alice", RIGHT), ("bob", WRONG)):
        clone = tmp_path / "layers-submissions" / f"layers-{student}"
        (clone / "assignments" / "02_layers").mkdir(parents=True)
        (clone / "assignments" / "02_layers" / "scale.py").write_text(text, encoding="utf-8")
        for words in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "Answer")):
            who = ("-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "commit.gpgsign=false")
            subprocess.run(["git", *who, *words], cwd=clone, check=True)
    where = ("grade", tmp_path / "layers-submissions", "-o", tmp_path / "results", "--course", TINY)
    assert 1 == run(*where, "--only", "scale", "--skip", "speed", "--jobs", "1").code
    rows = csv.DictReader((tmp_path / "results" / "grades.csv").read_text(encoding="utf-8-sig").splitlines())
    points = {row["student"]: float(row["scale"]) for row in rows}
    assert points == {"alice": 8.0, "bob": 5.5}
    totals = {}
    for student in points:
        for name, value in (ENVIRONMENT | {"OWNER": student, "USERNAME": student, "GITHUB_ACTOR": student}).items():
            monkeypatch.setenv(name, value)
        report = tmp_path / "results" / "reports" / f"{student}.json"
        words = (report, "--unofficial", "-o", tmp_path / "out")
        assert 0 == run("export", "classroom50", *words, "--scale", "100").code
        result = collect((tmp_path / "out").read_text(encoding="utf-8"))
        assert (result["owner"], result["submitted_by"]["username"]) == (student, student)
        assert [test["test-name"] for test in result["tests"]] == ["scale"] and 800 == result["max-score"]
        totals[student] = result["score"] / 100
    assert totals == points
