"""Folders, downloads of platforms, nbgrader's trees and clones are listed by student."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.escape import show
from autograder.submission.archive import download
from autograder.submission.folder import read_submission
from autograder.submission.listing import Upload, is_class, list_entries, read_name
from autograder.submission.source import Submission
from tests.submission.papers import linked, notebook, origins, zipped

NAMES = {"dense": ("dense_forward",), "relu": ("relu_forward",), "conv2d": ("conv2d_forward",)}


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files below a new folder."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def read(root: Path, assignment: str = "") -> dict[str, Submission]:
    """Return the submission of each student; every entry is pickled, as for a grader process."""
    found = pickle.loads(pickle.dumps(list_entries(root, assignment).entries))
    assert [handed.student for handed in found] == sorted(handed.student for handed in found)
    return {handed.student: read_submission(handed, NAMES) for handed in found}


def both_ways(tmp_path: Path, files: dict[str, str | bytes]) -> list[dict[str, Submission]]:
    """Return the files as a folder, as an archive, and as an archive of that folder."""
    root = write(tmp_path / "class", files)
    archives = tmp_path / "top.zip", tmp_path / "class.zip"
    for path, above in zip(archives, ("", "class/"), strict=True):
        path.write_bytes(zipped(*((above + name, data) for name, data in files.items())))
    return [read(root), *map(read, archives)]


CANVAS: dict[str, str | bytes] = {
    "doejane_123_456_conv2d.py": "jane's",
    "doejane_123_457_relu-2.py": "third",
    "doejane_123_458_relu.py": "first",
    "doejohn_LATE_124_459_homework.zip": zipped(("hw/dense.py", "john's")),
    "leemin_125_460_unit.ipynb": notebook("def dense_forward(): pass"),
    "leemin_126_461_dense.py": "another lee",
    "o_brien_127_462_essay.pdf": b"%PDF",
    "wuwei_128_text.html": "<p>I typed it</p>",
    "müllerjörg_129_463_dense.py": "Umlaut",
}


def test_a_canvas_download_is_parted_by_student(tmp_path: Path) -> None:
    """A Canvas download is split by student, zipped or unpacked; equal names differ by their number."""
    for found in both_ways(tmp_path, CANVAS):
        assert list(found) == [
            "doejane_123", "doejohn_124", "leemin_125", "leemin_126", "müllerjörg_129", "o_brien_127", "wuwei_128",
        ]  # fmt: skip
        assert origins(found["doejane_123"]) == {"conv2d": "conv2d.py", "relu": "relu-2.py"}
        assert found["doejane_123"].sources["relu"].text == "third"
        assert origins(found["doejohn_124"]) == {"dense": "homework.zip/hw/dense.py"}
        assert found["leemin_125"].module and found["leemin_125"].module.origin == "unit.ipynb"
        assert found["leemin_126"].sources["dense"].text == "another lee"


def test_what_canvas_says_is_passed_on(tmp_path: Path) -> None:
    """Replaced uploads and late students are noted; times of the download are not used."""
    found = read(write(tmp_path, CANVAS))

    assert found["doejane_123"].notes == ("Not read, because it was handed in again: relu.py.",)
    assert found["doejohn_124"].notes == ("The platform marked it as late.",)
    assert {(submission.submitted_at, submission.clock) for submission in found.values()} == {(None, "")}
    assert [handed.student for handed in list_entries(tmp_path).entries if handed.late] == ["doejohn_124"]


def test_what_cannot_be_read_is_listed_and_not_dropped(tmp_path: Path) -> None:
    """A document, or text entered in the platform, is a refused submission with its reason."""
    found = read(write(tmp_path, CANVAS))

    advice = "Name each file after its exercise, such as dense.py."
    assert found["o_brien_127"].notes == (f"No Python file and no notebook was found among: essay.pdf. {advice}",)
    assert found["wuwei_128"].notes == (f"No Python file and no notebook was found among: text.html. {advice}",)


MOODLE: dict[str, str | bytes] = {
    "Jane Doe_12345_assignsubmission_file_/conv2d.py": "jane's",
    "Jane Doe_12345_assignsubmission_file_/sub/relu.py": "deeper",
    "Jane Doe_12345_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
    "Team 7_99_assignsubmission_file/hw.zip": zipped(("dense.py", "a team's")),
    "Default group_assignsubmission_file_/dense.py": "nobody's team",
    "jroe Jim Roe_12346_assignsubmission_file_relu.py": "flat",
}


def test_a_moodle_download_is_parted_by_student(tmp_path: Path) -> None:
    """A Moodle download is split by student: folders, flat names, teams and entered text."""
    for found in both_ways(tmp_path, MOODLE):
        assert list(found) == ["Default group", "Jane Doe_12345", "Team 7_99", "jroe Jim Roe_12346"]
        assert origins(found["Jane Doe_12345"]) == {"conv2d": "conv2d.py", "relu": "sub/relu.py"}
        assert origins(found["Team 7_99"]) == {"dense": "hw.zip/dense.py"}
        assert origins(found["jroe Jim Roe_12346"]) == {"relu": "relu.py"}
        assert {submission.submitted_at for submission in found.values()} == {None}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("doejane_1_2_a.py", Upload("doejane_1", "a.py", numbered=True)),
        ("doejane_LATE_1_2_a-3.py", Upload("doejane_1", "a-3.py", True, numbered=True)),
        ("anon_x7Kq_2_a.py", Upload("anon_x7Kq", "a.py", numbered=True)),
        ("LATE_anon_x7Kq_2_a.py", Upload("anon_x7Kq", "a.py", True, numbered=True)),
        ("o_brien_1_2_3_4_a.py", Upload("o_brien_1", "3_4_a.py", numbered=True)),
        ("doejane_1_text.html", Upload("doejane_1", "text.html", numbered=True)),
        ("doejane_1_2_\x1b.py", Upload("doejane_1", "\x1b.py", numbered=True)),
        ("DoeJane_1_2_a.py", None),
        ("Lab 1_jdoe_attempt_2026-11-02-10-00-00_a.py",
         Upload("jdoe", "a.py", when="2026-11-02-10-00-00", whole=True)),
        ("Lab_1_o_b_attempt_2026-11-02-10-00-00_a_b.py",
         Upload("o_b", "a_b.py", when="2026-11-02-10-00-00", whole=True)),
        ("12-34 - Jane Doe - Nov 2, 2026 1000 AM - a.py", Upload("Jane Doe_12", "a.py", when="2026-11-02T10:00:00")),
        ("12-34 - Jane - Roe - 2 November, 2026 10:00 PM",
         Upload("Jane - Roe_12", "", when="2026-11-02T22:00:00")),
        ("alice.py", None),
        ("conv2d_1.py", None),
        ("hw_1_2", None),
    ],
)
def test_a_platform_s_names_are_told_from_a_student_s(name: str, expected: Upload | None) -> None:
    """A platform's name has small letters, two numbers and the file's original name."""
    assert expected == read_name(name, folder=False, logins=("b", "o_b"))


@given(st.text(st.sampled_from("aZ_1LATE-.assignsubmission_file/é\0\u202e"), max_size=40), st.booleans())
def test_any_name_is_read(name: str, folder: bool) -> None:
    """Any name is parsed, and the student's name is printable."""
    said = read_name(name, folder)

    assert said is None or said.student == show(said.student)


NBGRADER: dict[str, str | bytes] = {
    "alice/ps1/layers.ipynb": notebook("def dense_forward(): pass"),
    "alice/ps1/timestamp.txt": "2026-11-20 10:00:00 UTC\n",
    "alice/ps2/more.ipynb": notebook("def relu_forward(): pass"),
    "alice/ps2/timestamp.txt": "2026-11-27 09:30:00.123456 UTC",
    "bob/ps1/layers.ipynb": notebook("def dense_forward(): pass"),
    "bob/ps1/timestamp.txt": "yesterday",
    "bob/ps1/.ipynb_checkpoints/layers-checkpoint.ipynb": notebook("def dense_forward(): old"),
}


def test_nbgrader_s_tree_is_read_by_assignment(tmp_path: Path) -> None:
    """Only the given assignment of nbgrader's tree counts; one that was not handed in stays listed."""
    found = read(write(tmp_path, NBGRADER), "ps2")

    assert found["alice"].module and found["alice"].module.origin == "more.ipynb"
    assert str(found["alice"].submitted_at) == "2026-11-27 09:30:00+00:00"
    assert found["alice"].clock == "timestamp.txt"
    assert found["bob"] == Submission("bob", notes=("ps2 was not handed in.",))


def test_without_an_assignment_all_of_them_count(tmp_path: Path) -> None:
    """Without an assignment the latest time stamp counts; an unreadable one gives a note."""
    found = read(write(tmp_path, NBGRADER))

    assert origins(found["alice"]) == {"dense": "ps1/layers.ipynb", "relu": "ps2/more.ipynb"}
    assert str(found["alice"].submitted_at) == "2026-11-27 09:30:00+00:00"
    assert (found["bob"].submitted_at, found["bob"].notes) == (None, ("timestamp.txt was not understood.",))


def test_a_whole_nbgrader_course_is_its_submitted_folder(tmp_path: Path) -> None:
    """In a whole nbgrader course only the submitted folder holds students."""
    write(tmp_path / "submitted", NBGRADER)
    write(tmp_path, {"nbgrader_config.py": "", "source/ps1/layers.ipynb": notebook(), "gradebook.db": b""})

    assert list(read(tmp_path)) == ["alice", "bob"]


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        ("2026-11-20 10:00:00 UTC", "2026-11-20 10:00:00+00:00"),
        ("2026-11-20T10:00:00Z", "2026-11-20 10:00:00+00:00"),
        ("2026-11-20 10:00:00.5 +01:00", "2026-11-20 09:00:00+00:00"),
        ("2026-11-20 10:00:00-0330", "2026-11-20 13:30:00+00:00"),
        ("2026-11-20 10:00:00", "2026-11-20 10:00:00+00:00"),
        ("2026-13-20 10:00:00 UTC", "None"),
        ("0001-01-01 00:00:00 +14:00", "None"),
        ("2026-11-20 10:00:00 PST", "None"),
        ("", "None"),
        ("x" * 2000, "None"),
    ],
)
def test_time_stamps_are_read(tmp_path: Path, stamp: str, when: str) -> None:
    """Time stamps of any zone are converted to UTC; malformed ones are not used."""
    write(tmp_path, {"alice/ps1/timestamp.txt": stamp, "alice/ps1/dense.py": "x"})

    assert str(read(tmp_path)["alice"].submitted_at) == when


def test_a_class_of_files_of_every_kind(tmp_path: Path) -> None:
    """Folders, modules, notebooks and archives are entries, wrong kinds of archives too; other files are named."""
    files: dict[str, str | bytes] = {
        "alice/dense.py": "x",
        "bob.py": "x",
        "carol.ipynb": notebook("def dense_forward(): pass"),
        "dave.zip": zipped(("dave/dense.py", "x")),
        "eve.tar.gz": b"x",
        "roster.csv": "x",
        ".hidden.py": "x",
    }
    for found in both_ways(tmp_path, files):
        assert list(found) == ["alice", "bob", "carol", "dave", "eve.tar.gz"]
        assert origins(found["alice"]) == {"dense": "dense.py"}
        assert origins(found["dave"]) in ({"dense": "dave/dense.py"}, {"dense": "dave.zip/dave/dense.py"})
        assert "is an archive of a kind that is not opened" in str(found["eve.tar.gz"].refused["dense"])
    assert list_entries(tmp_path / "class").others == list_entries(tmp_path / "top.zip").others == ("roster.csv",)


def test_the_only_folder_in_an_archive(tmp_path: Path) -> None:
    """The only folder in an archive is the class if named like the archive or holding folders, else one student."""
    for name, files, expected in (
        ("class.zip", ("class/alice.py", "class/bob.py"), ["alice", "bob"]),
        ("other.zip", ("class/alice/dense.py", "class/bob.py"), ["alice", "bob"]),
        ("other.zip", ("class/doejane_1_2_dense.py",), ["doejane_1"]),
        ("other.zip", ("alice/dense.py", "alice/relu.py"), ["alice"]),
        ("empty.zip", (), []),
    ):
        (tmp_path / name).write_bytes(zipped(*((file, "x") for file in files)))
        assert expected == [handed.student for handed in list_entries(tmp_path / name).entries]


def test_the_times_in_an_instructor_s_archive_count(tmp_path: Path) -> None:
    """Files of a class that was zipped by hand keep their times."""
    (tmp_path / "class.zip").write_bytes(zipped(("alice/dense.py", "x")))

    assert read(tmp_path / "class.zip")["alice"].clock == "archive"


def test_a_hostile_member_costs_only_its_own_student(tmp_path: Path) -> None:
    """A member that points outside refuses its own student only, and is not written."""
    data = zipped(("alice/dense.py", "x"), ("bob/QQ/dense.py", "evil"), ("bob/relu.py", "x")).replace(b"QQ", b"..")
    (tmp_path / "class.zip").write_bytes(data)

    found = read(tmp_path / "class.zip")

    assert origins(found["alice"]) == {"dense": "dense.py"}
    assert "points outside of the archive" in found["bob"].refused["dense"].reason
    assert origins(found["bob"]) == {"relu": "relu.py"}
    assert os.listdir(tmp_path) == ["class.zip"]


def test_links_are_refused_when_they_are_read(tmp_path: Path) -> None:
    """Links in a class's folder or among a platform's names are refused."""
    write(tmp_path, {"alice/dense.py": "x"})
    (tmp_path / "bob").symlink_to("alice")
    (tmp_path / "doejane_1_2_dense.py").symlink_to("alice/dense.py")

    found = read(tmp_path)

    assert list(found) == ["alice", "bob", "doejane_1_2_dense"]
    assert "is a link" in found["bob"].refused["dense"].reason
    assert "is a link" in found["doejane_1_2_dense"].refused["dense"].reason


SHAPES: dict[str, dict[str, str]] = {
    "folders": {"alice/dense.py": "x", "alice/part/relu.py": "x", "bob/dense.py": "x"},
    "files": {"alice.py": "x", "bob.py": "x"},
    "a folder for each exercise": {"alice/dense/dense.py": "x", "bob/dense/dense.py": "x"},
    "canvas": {"doejane_1_2_dense.py": "x", "doejane_1_3_relu.py": "x", "doejohn_LATE_4_5_relu.py": "x"},
    "canvas, anonymous": {"anon_x7Kq2_2_dense.py": "x", "LATE_anon_y8Lr3_3_dense.py": "x"},
    "moodle": {"Jane Doe_1_assignsubmission_file_/dense.py": "x", "Jim Roe_2_assignsubmission_file_/sub/relu.py": "x"},
    "moodle, flat": {"Jane Doe_1_assignsubmission_file_dense.py": "x", "Jim Roe_2_assignsubmission_file_relu.py": "x"},
    "nbgrader": {"alice/ps1/dense.py": "x", "alice/ps1/timestamp.txt": "2026-11-20 10:00:00 UTC"},
}


@pytest.mark.parametrize("packed", [False, True], ids=["files", "archives of their own"])
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_is_said_to_be_dropped_where_everything_is_read(tmp_path: Path, shape: str, packed: bool) -> None:
    """A folder, its archive, and an archive of the folder give no notes, with or without nested archives."""
    files: dict[str, str | bytes] = dict(SHAPES[shape])
    if packed:
        inside = {name: "hw/dense.py" if "dense" in name else "hw/relu.py" for name in files if "timestamp" not in name}
        files = {f"{name.removesuffix('.py')}.zip": zipped((member, "x")) for name, member in inside.items()}
    late = ("The platform marked it as late.",)
    for found in both_ways(tmp_path, files):
        assert found and all(submission.sources or submission.module for submission in found.values())
        assert {notes for each in found.values() if (notes := each.notes) != late} == {()}
        assert not any(submission.refused for submission in found.values())


def test_a_link_in_an_archive_of_a_class_is_noted(tmp_path: Path) -> None:
    """A link in a class's archive is noted for its own student only."""
    for name, above in (("top.zip", ""), ("class.zip", "class/")):
        files = ((above + file, "x") for file in ("alice/dense.py", "bob/dense.py", "doejane_1_2_dense.py"))
        links = (linked(above + link, "/") for link in ("bob/part/data", "doejane_1_3_data"))
        (tmp_path / name).write_bytes(zipped(*files, *links))
        said = {student: submission.notes for student, submission in read(tmp_path / name).items()}
        assert said == {
            "alice": (),
            "bob": ("Not followed, because it is a link: part/data.",),
            "doejane_1": ("Not followed, because it is a link: data.",),
        }


def test_one_student_in_two_forms_is_an_error(tmp_path: Path) -> None:
    """A student with two submissions is an error that names both."""
    write(tmp_path, {"alice/dense.py": "x", "alice.ipynb": "{}", "bob.py": "x"})

    with pytest.raises(ValueError, match=r"more than one submission: alice, alice\.ipynb\. Keep one for each"):
        list_entries(tmp_path).entries


def test_what_is_no_archive_is_an_error(tmp_path: Path) -> None:
    """A broken download raises an error before anything is graded."""
    (tmp_path / "class.zip").write_bytes(b"PK")

    with pytest.raises(ValueError, match=r"class\.zip is no zip archive, or a damaged one\. Zip your files again\.$"):
        list_entries(tmp_path / "class.zip").entries
    assert is_class(tmp_path) and is_class(tmp_path / "class.zip") and not is_class(tmp_path / "class.py")


def test_an_archive_is_listed_once_until_it_changes(tmp_path: Path) -> None:
    """A class's archive is listed once, not once per student."""
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(("alice/dense.py", "old")))
    first = download(path)
    assert download(path) is first
    path.write_bytes(zipped(("alice/dense.py", "newer")))

    assert read(path)["alice"].sources["dense"].text == "newer"
