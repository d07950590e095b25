"""A download of a platform, graded and exported, gives the grades of exactly the people who handed in."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.platforms.roster import Roster
from tests.platforms.cases import CASES
from tests.platforms.conftest import Run, Write
from tests.platforms.gradebooks import canvas_import, moodle_worksheet
from tests.submission.papers import zipped

TINY = Path(__file__).parents[1] / "tiny"
RIGHT = """
def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, (dout * x).sum(0)
"""
WRONG = RIGHT.replace("return x * w", "return x + w")
ANSWERS = {"right": RIGHT, "wrong": WRONG}


def grade(run: Run, folder: Path, download: dict[str, str], packed: bool) -> dict[str, float]:
    """Student → points, of a download as it comes or unpacked."""
    if packed:
        where = folder / "submissions.zip"
        where.write_bytes(zipped(*((name, ANSWERS[kind]) for name, kind in download.items())))
    else:
        where = folder / "submissions"
        for name, kind in download.items():
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            (where / name).write_text(ANSWERS[kind], encoding="utf-8")
    words = ("--course", TINY, "--only", "scale", "--skip", "speed", "--jobs", "1")
    assert run("grade", where, "-o", folder / "results", *words).code in (0, 1)
    rows = csv.DictReader((folder / "results" / "grades.csv").read_text(encoding="utf-8-sig").splitlines())
    return {row["student"]: float(row["scale"]) for row in rows}


CANVAS = {
    "doejane_101_9001_scale.py": "right",
    "müllerjörg_LATE_102_9002_scale-1.py": "wrong",
    "obriensmithmaryann_103_9003_scale.py": "right",
    "leemin_105_9004_scale.py": "wrong",
    "leemin_106_9005_scale.py": "right",
    "vanderbergjan_107_9006_scale.py": "right",
}
CANVAS_PEOPLE = {
    101: "Doe, Jane", 102: "Müller, Jörg", 103: "O’Brien-Smith, Mary Ann", 104: "Student, Test", 105: "Lee, Min",
    106: "Lee, Min", 107: "Jan van der Berg",
}  # fmt: skip
CANVAS_KEYS = {
    101: "doejane_101", 102: "müllerjörg_102", 103: "obriensmithmaryann_103", 105: "leemin_105", 106: "leemin_106",
    107: "vanderbergjan_107",
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["unpacked", "zip"])
def test_a_download_of_canvas_goes_back_to_canvas(run: Run, tmp_path: Path, packed: bool) -> None:
    """Each grade is imported for the ID that the file's name carries: late or not, with namesakes, an apostrophe, a
    name written first name first, and a student who handed in nothing."""
    points = grade(run, tmp_path, CANVAS, packed)
    template, out = tmp_path / "export.csv", tmp_path / "import.csv"
    rows = "".join(f'"{name}",{number},S{number},login{number},A,\n' for number, name in CANVAS_PEOPLE.items())
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Layers (555)\n    Points Possible,,,,,10.00\n"
    template.write_text(head + rows, encoding="utf-8")
    done = run("export", "canvas", tmp_path / "results", template, "-o", out, "--unofficial", "--points", "raw")
    assert (0, "") == (done.code, done.err.replace(NO_COURSE, ""))
    people = [{"id": number, "name": name, "sortable": name} for number, name in CANVAS_PEOPLE.items()]
    read = canvas_import(out.read_text(encoding="utf-8"), people, {555: "Layers"})
    assert {(number, 555): f"{points[key]:.2f}" for number, key in CANVAS_KEYS.items()} == read
    assert points["doejane_101"] > points["müllerjörg_102"]


NO_COURSE = "handgrad: this folder lies in no course: points count as earned. --course names one.\n"
MOODLE = {
    "Anna Müller_901_assignsubmission_file_/scale.py": "right",
    "Seán OBrien_902_assignsubmission_file_/scale.py": "wrong",
    "Min Lee_903_assignsubmission_file_/scale.py": "wrong",
    "Min Lee_904_assignsubmission_file_/scale.py": "right",
    "Team 7-Bob Baker-Lee_905_assignsubmission_file_/scale.py": "right",
}
MOODLE_PEOPLE = {
    901: "Anna Müller", 902: "Seán O'Brien", 903: "Min Lee", 904: "Min Lee", 905: "Bob Baker-Lee", 906: "Test Student",
}  # fmt: skip
MOODLE_KEYS = {int(key.split("_")[1]): key.partition("_assign")[0] for key in MOODLE}
WORDS = {
    "identifier": "Identifier", "grade": "Grade", "modified": "Last modified (grade)", "participant": "Participant ",
}  # fmt: skip


@pytest.mark.parametrize("blind", [False, True], ids=["named", "blind"])
@pytest.mark.parametrize("flat", [False, True], ids=["folders", "files"])
def test_a_download_of_moodle_goes_back_to_moodle(run: Run, tmp_path: Path, flat: bool, blind: bool) -> None:
    """Each grade is imported for the participant whose number the folder's name carries: with namesakes, an apostrophe
    that Moodle leaves out, a team before the name, and names that are hidden."""
    download = {name.replace("/", "") if flat else name: kind for name, kind in MOODLE.items()}
    keys = dict(MOODLE_KEYS)
    if blind:
        keys = {number: f"Participant_{number}" for number in keys}
        download = {f"{keys[int(name.split('_')[1])]}_{name.split('_', 2)[2]}": kind for name, kind in download.items()}
    points = grade(run, tmp_path, download, packed=flat)
    template, out = tmp_path / "worksheet.csv", tmp_path / "upload.csv"
    column = "" if blind else "Full name,"
    names = {number: "" if blind else f"{name}," for number, name in MOODLE_PEOPLE.items()}
    rows = "".join(f"Participant {number},{name}Submitted,,10.00,Yes,-\n" for number, name in names.items())
    head = f"Identifier,{column}Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\n"
    template.write_text(head + rows, encoding="utf-8")
    done = run("export", "moodle", tmp_path / "results", template, "-o", out, "--unofficial", "--points", "raw")
    assert (0, "") == (done.code, done.err.replace(NO_COURSE, ""))
    before = dict.fromkeys(MOODLE_PEOPLE, 0.125)
    after = moodle_worksheet(out.read_text(encoding="utf-8"), WORDS, 10.0, False, before)
    assert before | {number: points[key] for number, key in keys.items()} == after


NAMES = ("Doe, Jane", "Müller, Jörg", "Lee, Min", "Lee, Min", "Baker, Bob", "İnce, Şule", "Smith-Doe, Ann", "Doe, Ann")
NUMBERS = ("101", "102", "103", "104", "12", "106", "107", "")


def roster(number: str = "ID") -> Roster:
    """Eight people, the last of whom has no number."""
    made = Roster(number=number, names=NAMES, nameless="Participant")
    made.add("ID", NUMBERS)
    made.add("login", ["jane", "jm", "min1", "min2", "bob", "doejane_103", "ann", "doe"])
    made.add("name", NAMES)
    return made


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("doejane_101", 0), ("janedoe_101", 0), ("101", 0), ("Jane Doe_101", 0), ("Doe Jane_101", 0),
        ("Participant_101", 0), ("jane", 0), ("mu\u0308llerjo\u0308rg_102", 1), ("MÜLLERJÖRG_102", 1),
        ("leemin_103", 2), ("leemin_104", 3), ("i̇nceşule_106", 5), ("Team A-Ann Smith-Doe_107", 6),
        ("Team A-Smith-Doe Ann_107", 6), ("doe", 7), ("doeann_108", 7), ("doe_ann_108", 7),
    ],
)  # fmt: skip
def test_number_and_name_find_a_student(student: str, row: int) -> None:
    """The number with the name in any order and in a platform's letters; the name alone where the row has no number."""
    assert row == roster().find(student)


@pytest.mark.parametrize(
    ("student", "why"),
    [
        ("doejane_102", "the ID 102 is Müller, Jörg, the name doejane is Doe, Jane"),
        ("alice_12", "the ID 12 is Baker, Bob, the name alice is nobody's"),
        ("leemin_101", "the ID 101 is Doe, Jane, the name leemin is Lee, Min and Lee, Min"),
        ("doejane_999", "the ID 999 is nobody's, the name doejane is Doe, Jane"),
        ("wolves_101", "the ID 101 is Doe, Jane, the name wolves is nobody's"),
        ("annsmithdoe_101", "the ID 101 is Doe, Jane, the name annsmithdoe is Smith-Doe, Ann"),
        ("Smith-Doe_101", "the ID 101 is Doe, Jane, the name Smith-Doe is nobody's"),
        ("Team A-Ann Doe_108", "nobody has this ID or login or name"),
        ("anon_101", "nobody has this ID or login or name"), ("anon_x7Kq2", "nobody has this ID or login or name"),
        ("alice_1000", "nobody has this ID or login or name"), ("Lee, Min", "2 people have this name"),
    ],
)  # fmt: skip
def test_a_contradiction_finds_nobody(student: str, why: str) -> None:
    """Where number and name are two people's, or only one of them is known, no row is taken and both are said."""
    with pytest.raises(LookupError, match=f"^{re.escape(why)}($|[.] Settle it with --students, or with --by-number$)"):
        roster().find(student)


def test_an_identifier_that_looks_like_a_name_with_a_number() -> None:
    """A login counts as it stands; where its parts are another person, both are said and neither is taken."""
    people = roster()
    assert 5 == people.find("doejane_103")
    people.kinds["ID"]["103"] = [0]
    with pytest.raises(LookupError, match=r"^it fits Doe, Jane and İnce, Şule\. Settle it with --students$"):
        people.find("doejane_103")


def test_without_a_column_of_numbers_names_decide() -> None:
    """As in an export of Moodle's gradebook; two people of one name are a doubt."""
    people = roster(number="")
    assert 0 == people.find("Jane Doe_555")
    with pytest.raises(LookupError, match=r"^it fits Lee, Min and Lee, Min\. Settle it with --students$"):
        people.find("Min Lee_555")


def test_a_name_without_letters_is_nobody_s() -> None:
    """A number that nobody has does not find the only person whose name is a sign."""
    people = Roster(number="ID", names=("🙂", "Doe, Jane"))
    people.add("ID", ["", "101"])
    with pytest.raises(LookupError, match="nobody has this ID"):
        people.find("999")
    assert 1 == people.find("101")


def test_a_team_is_placed_by_number_where_that_is_said(run: Run, results: Write, tmp_path: Path) -> None:
    """Canvas names a team's files by the team's name and one member's number; with --by-number the number decides."""
    path, out = tmp_path / "export.csv", tmp_path / "import.csv"
    path.write_text("Student,ID,SIS User ID,SIS Login ID,Section,Layers (555)\n"
                    '    Points Possible,,,,,17\n"Doe, Jane",101,S1,jane,A,\n', encoding="utf-8")  # fmt: skip
    given = results([replace(CASES["partly right"], submission=name) for name in ("wolves_101", "anon_101")])
    done = run("export", "canvas", given, path, "-o", out)
    assert 1 == done.code and "import.csv: 0 grades." in done.out
    assert "wolves_101: the ID 101 is Doe, Jane, the name wolves is nobody's. Settle it with --students" in done.err
    done = run("export", "canvas", given, path, "-o", out, "--by-number")
    assert 1 == done.code and "not in the file: anon_101: nobody has this ID" in done.err
    people = [{"id": 101, "name": "Jane Doe", "sortable": "Doe, Jane"}]
    assert {(101, 555): "12.50"} == canvas_import(out.read_text(encoding="utf-8"), people, {555: "Layers"})
