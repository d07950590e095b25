"""Moodle: worksheets and grade exports in several languages, read back by its importers' rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.report.report import Report
from tests.platforms.cases import CASES, exercise, report
from tests.platforms.conftest import Run, Write
from tests.platforms.gradebooks import moodle_grades, moodle_worksheet

ENGLISH = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\n"
    'Participant 901,Alice Liddell,alice@uni.example,Submitted,,17.00,Yes,"Mon, 5 Oct 2026",-,\n'
    'Participant 902,Bob Baker,bob@uni.example,Submitted,3.00,17.00,Yes,-,-,"well, ""done"""\n'
)
GERMAN = (
    '\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
    '"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\r\n'
    'Teilnehmer/in901,"Alice Liddell",alice@uni.example,"Zur Bewertung abgegeben","","17,00",Ja,-,-,""\r\n'
    'Teilnehmer/in902,"Bob Baker",bob@uni.example,"Keine Abgabe","3,00","17,00",Ja,-,-,""\r\n'
)
SPANISH = (
    '"Identificador","Nombre completo","Dirección de correo","Estado","Calificación","Calificación máxima",'
    '"La calificación puede ser cambiada","Última modificación (entrega)","Última modificación (calificación)"\n'
    '"Participante 901","Alice Liddell","alice@uni.example","Enviado","","17,00","Sí","-","-"\n'
    '"Participante 902","Bob Baker","bob@uni.example","Sin entrega","","17,00","Sí","-","-"\n'
)
FRENCH = (
    "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,La note peut être modifiée,"
    "Dernière modification (note),Feedback par commentaires\n"
    'Participant901,Alice Liddell,alice@uni.example,Remis,,"17,00",Oui,-,\n'
    'Participant902,Bob Baker,bob@uni.example,Remis,,"17,00",Oui,-,\n'
)
LANGUAGES = {
    "english": (ENGLISH, "Identifier", "Grade", "Last modified (grade)", "Participant ", False),
    "german": (GERMAN, "ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Teilnehmer/in", True),
    "spanish": (SPANISH, "Identificador", "Calificación", "Última modificación (calificación)", "Participante ", True),
    "french": (FRENCH, "Identifiant", "Note", "Dernière modification (note)", "Participant", True),
}
BEFORE = {901: 1.0, 902: 3.0}


def named(name: str, case: str = "partly right") -> Report:
    """A result of 12.5 of 17 points under this name."""
    return replace(CASES[case], submission=name)


def written(tmp_path: Path, text: str) -> Path:
    """The template as Moodle exported it."""
    path = tmp_path / "template.csv"
    path.write_bytes(text.encode("utf-8"))
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["901", "Alice Liddell", "alice@uni.example", "participant"])
def test_a_worksheet_is_filled(run: Run, results: Write, tmp_path: Path, language: str, name: str) -> None:
    """By participant, e-mail or name; in the export's language, decimals and line ends; nobody else's grade moves."""
    text, identifier, grade, modified, participant, comma = LANGUAGES[language]
    words = {"identifier": identifier, "grade": grade, "modified": modified, "participant": participant}
    path, out = written(tmp_path, text), tmp_path / "import.csv"
    given = results([named(f"{participant}901" if name == "participant" else name)])
    assert 0 == run("export", "moodle", given, path, "-o", out).code
    filled = out.read_bytes().decode("utf-8")
    assert {901: 12.5, 902: 3.0} == moodle_worksheet(filled, words, 17.0, comma, BEFORE)
    assert text.startswith("\ufeff") == filled.startswith("\ufeff") and ("\r\n" in text) == ("\r\n" in filled)
    assert ("12,50" if comma else "12.50") in filled


def test_broken_and_unknown_are_left_out(run: Run, results: Write, tmp_path: Path) -> None:
    """No row, no number, exit code 1."""
    path, out = written(tmp_path, ENGLISH), tmp_path / "import.csv"
    done = run("export", "moodle", results([named("901", "broken"), named("zoe"), named("902")]), path, "-o", out)
    assert 1 == done.code
    assert "901: the grader failed in a part of it" in done.err
    assert "zoe: nobody has this participant or participant's number or e-mail address or name" in done.err
    assert "Participant 901" not in out.read_text(encoding="utf-8")


def test_one_grade_out_of_bounds_refuses_the_file(run: Run, results: Write, tmp_path: Path) -> None:
    """As Moodle would; nothing is written, and the repair is said."""
    path, out = written(tmp_path, ENGLISH), tmp_path / "import.csv"
    more = report("901", exercise("relu", "passed", 18.0, 18.0))
    done = run("export", "moodle", results([more, named("902")]), path, "-o", out, "--points", "raw")
    assert 2 == done.code and not out.exists()
    assert "901 has 18 of 17 points" in done.err and "Raise the maximum there" in done.err


EXPORT = (
    "First name,Last name,ID number,Email address,Assignment: Layers (Real),Course total (Real)\n"
    "Alice,Liddell,S1,alice@uni.example,-,40.00\nBob,Baker,S2,bob@uni.example,3.00,20.00\n"
)
ITEM = ("--column", "Assignment: Layers (Real)")


@pytest.mark.parametrize("name", ["S1", "alice@uni.example", "Alice Liddell"])
def test_a_grade_export_is_filled(run: Run, results: Write, tmp_path: Path, name: str) -> None:
    """For the grade import, which maps any column; its maximum comes with --out-of."""
    path, out = written(tmp_path, EXPORT), tmp_path / "import.csv"
    assert 0 == run("export", "moodle", results([named(name)]), path, "-o", out, *ITEM, "--out-of", "17").code
    read = moodle_grades(out.read_text(encoding="utf-8"), "Email address", ITEM[1], (0, 17))
    assert {"alice@uni.example": 12.5} == read


def test_what_the_table_does_not_say_is_asked_for(run: Run, results: Write, tmp_path: Path) -> None:
    """The column, and the maximum; with the columns there are."""
    path, out = written(tmp_path, EXPORT), tmp_path / "import.csv"
    words = ("export", "moodle", results([named("S1")]), path, "-o", out)
    said = run(*words).err
    assert all(word in said for word in ("The columns are First name", "--column", "--match", "--out-of"))
    assert "the table does not say what the grade is out of. Say --out-of N" in run(*words, *ITEM).err
    assert 0 == run(*words, *ITEM, "--points", "raw").code


def test_an_unknown_language_is_a_matter_of_two_names(run: Run, results: Write, tmp_path: Path) -> None:
    """--column and --match name what no list of ours knows."""
    text = "Osallistuja,Koko nimi,Arvosana\nMatti,mm,\nMaija,mk,\n"
    path, out = written(tmp_path, text), tmp_path / "import.csv"
    words = ("--column", "arvosana", "--match", "Koko nimi", "--out-of", "100", "--points", "scale")
    assert 0 == run("export", "moodle", results([named("mk")]), path, "-o", out, *words).code
    assert "Osallistuja,Koko nimi,Arvosana\nMaija,mk,73.53\n" == out.read_text(encoding="utf-8")
