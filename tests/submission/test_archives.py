"""Zip archives, valid and crafted, are read in memory and never unpacked."""

from __future__ import annotations

import io
import os
import struct
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZipFile, ZipInfo

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.submission.archive import DIRECTORY, UNPACKED, Archive, Room, unpacked
from autograder.submission.file import CODE, File, Unreadable
from autograder.submission.folder import read_submission
from autograder.submission.source import Submission
from tests.submission.papers import linked, notebook, origins, reasons, zipped

NAMES: dict[str, tuple[str, ...]] = {"dense": (), "relu": (), "conv2d": ()}


def opened(root: Path, data: bytes) -> Submission:
    """Return the submission in alice.zip; assert that nothing was unpacked."""
    (root / "alice.zip").write_bytes(data)
    submission = read_submission(root / "alice.zip", NAMES)
    assert os.listdir(root) == ["alice.zip"]
    return submission


def refused(root: Path, data: bytes) -> str:
    """Return the reason that all exercises share."""
    said = set(reasons(opened(root, data)).values())
    assert len(said) == 1
    return said.pop()


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return the archive with some of its bytes replaced."""
    assert old in data
    return data.replace(old, new)


def test_files_are_found_at_any_depth_as_in_a_folder(tmp_path: Path) -> None:
    """An archive is read like the folder that was zipped; the student is the archive's name."""
    submission = opened(tmp_path, zipped(("hw/dense.py", "x = 1"), ("hw/a/relu.py", "x = 2"), ("hw/readme.txt", "hi")))

    assert origins(submission) == {"dense": "hw/dense.py", "relu": "hw/a/relu.py"}
    assert (submission.student, submission.sources["relu"].text) == ("alice", "x = 2")
    assert (submission.notes, submission.refused) == ((), {})


def test_an_archive_inside_the_folder_is_opened(tmp_path: Path) -> None:
    """Files in a nested archive count as one level deeper than the files beside it."""
    folder = tmp_path / "alice"
    folder.mkdir()
    (folder / "relu.py").write_text("beside")
    (folder / "hw.zip").write_bytes(zipped(("relu.py", "inside"), ("dense.py", "x"), ("conv2d.ipynb", notebook("a"))))

    submission = read_submission(folder, NAMES)

    assert origins(submission) == {"relu": "relu.py", "dense": "hw.zip/dense.py", "conv2d": "hw.zip/conv2d.ipynb"}
    assert submission.notes == ("relu.py counts; hw.zip/relu.py does not.",)


def test_what_archivers_leave_behind_is_not_read(tmp_path: Path) -> None:
    """Resource forks of macOS, thumbnails and editors' folders are not second copies."""
    junk = ("__MACOSX/hw/._dense.py", "hw/.DS_Store", "hw/.ipynb_checkpoints/dense.py", "hw/__pycache__/dense.py")

    submission = opened(tmp_path, zipped(("hw/dense.py", "mine"), *((name, "stale") for name in junk)))

    assert origins(submission) == {"dense": "hw/dense.py"}
    assert submission.notes == ()


def test_backslashes_part_folders_too(tmp_path: Path) -> None:
    """Backslashes in names separate folders, as some archivers on Windows write them."""
    data = changed(zipped(("hw/dense.py", "x")), b"hw/dense.py", b"hw\\dense.py")

    assert origins(opened(tmp_path, data)) == {"dense": "hw/dense.py"}


PLAIN = "Zip only the files you wrote, by their plain names."


@pytest.mark.parametrize(
    "name", ["../dense.py", "a/../../b.py", "/etc/dense.py", "C:/dense.py", "..\\dense.py", "\\dense.py", "a\x1b/../b"]
)
def test_a_name_that_points_outside_refuses_the_archive(tmp_path: Path, name: str) -> None:
    """An archive with a member that points outside is refused as a whole."""
    member = ZipInfo("x" * len(name))
    data = changed(zipped(("relu.py", "x = 1"), (member, "evil")), member.filename.encode(), name.encode())

    shown = name.replace("\x1b", r"\x1b")
    assert refused(tmp_path, data) == f"alice.zip holds {shown}, which points outside of the archive. {PLAIN}"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A link named like a source is refused by name; another link is noted."""
    submission = opened(tmp_path, zipped(linked("dense.py", "/etc/passwd"), linked("data", "/"), ("relu.py", "x")))

    assert reasons(submission) == {"dense": "dense.py is a link. Hand in the file itself."}
    assert submission.notes == ("Not followed, because it is a link: data.",)
    assert origins(submission) == {"relu": "relu.py"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    """An exercise whose file occurs twice is refused; other exercises are read."""
    submission = opened(tmp_path, zipped(("dense.py", "right"), ("dense.py", "wrong"), ("relu.py", "x")))

    assert reasons(submission) == {"dense": "dense.py is in the archive more than once. Keep one of them."}
    assert origins(submission) == {"relu": "relu.py"}


def test_case_twins_are_told_apart(tmp_path: Path) -> None:
    """Of two names that differ in case, the exact one counts; a name in another case alone is taken with a note."""
    submission = opened(tmp_path, zipped(("Dense.py", "twin"), ("dense.py", "right"), ("RELU.py", "x")))

    assert submission.sources["dense"].text == "right"
    assert (origins(submission)["relu"], reasons(submission)) == ("RELU.py", {})
    assert submission.notes[-1] == "Taken by what is in it: RELU.py for relu."


@pytest.mark.parametrize("name", ["con.py", "aux.py", "dense.py.", "dense.py ", "dense.py::$DATA", "dense\u202eyp.py"])
def test_a_name_that_some_disks_cannot_hold_is_only_a_name(tmp_path: Path, name: str) -> None:
    """A name that some file systems reject is not written and matches no exercise."""
    submission = opened(tmp_path, zipped((name, "x"), ("relu.py", "x")))

    assert origins(submission) == {"relu": "relu.py"}
    assert all(note.isprintable() for note in submission.notes)


def test_a_nul_in_a_name_hides_nothing(tmp_path: Path) -> None:
    """A name with a NUL byte is refused, because text after it would decide the kind of the file."""
    data = changed(zipped(("dense.py_.txt", "x")), b"dense.py_.txt", b"dense.py\0.txt")

    submission = opened(tmp_path, data)

    assert (submission.sources, submission.module) == ({}, None)
    assert r"dense.py\x00.txt" in submission.notes[0]


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    """An encrypted member is refused with the repair."""
    data = bytearray(zipped(("dense.py", "x = 1")))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1

    expected = "dense.py is encrypted. Zip your files again without a password."
    assert {"dense": expected} == reasons(opened(tmp_path, bytes(data)))


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_a_rare_method_is_refused(tmp_path: Path, method: int) -> None:
    """A member with a rare compression method is refused, because its decoder could take any amount of memory."""
    made = io.BytesIO()
    with ZipFile(made, "w", method) as archive:
        archive.writestr("dense.py", "x = 1")

    expected = f"is packed by a method that is not read ({method}). Zip your files again in the ordinary way."
    assert {"dense": f"dense.py {expected}"} == reasons(opened(tmp_path, made.getvalue()))


def test_archives_inside_archives_are_opened_to_the_third(tmp_path: Path) -> None:
    """A fourth archive is named, and exercises that it may hold are not called missing."""
    fourth = zipped(("fourth.zip", zipped(("conv2d.py", "x"))), ("dense.py", "x"))
    submission = opened(tmp_path, zipped(("relu.py", "x"), ("more.zip", zipped(("third.zip", fourth)))))

    said = "more.zip/third.zip/fourth.zip is an archive inside other archives, which is not opened. "
    assert submission.notes == (said + "Zip the files themselves.",)
    assert reasons(submission) == {"conv2d": submission.notes[0]}
    assert origins(submission) == {"relu": "relu.py", "dense": "more.zip/third.zip/dense.py"}


def test_archives_inside_one_another_share_their_room() -> None:
    """Archives inside an archive may not unpack to more than one alone."""
    inner = zipped(("dense.py", "#" * 2_000))
    tree = Archive(zipped(*((f"{n}.zip", inner) for n in range(9))), room=(room := Room(9_000))).tree()
    found = unpacked(tree, 2, room)
    read = [file for file in found.files.values() if _is_read(file)]
    assert 0 < len(read) < 9


@pytest.mark.parametrize("name", ["alice.tar", "alice.tar.gz", "alice.tgz", "alice.rar", "alice.7z"])
def test_other_archives_have_their_own_words(tmp_path: Path, name: str) -> None:
    """An archive of another format is refused, as a submission and as a file of one."""
    said = f"{name} is an archive of a kind that is not opened. Hand in a .zip, or the files themselves."
    (tmp_path / "bob").mkdir()
    for path in (tmp_path / name, tmp_path / "bob" / name):
        path.write_bytes(b"x")

    assert dict.fromkeys(NAMES, said) == reasons(read_submission(tmp_path / name, NAMES))
    assert dict.fromkeys(NAMES, said) == reasons(read_submission(tmp_path / "bob", NAMES))


def test_a_data_set_beside_the_answers_refuses_nothing(tmp_path: Path) -> None:
    """An archive without an answer is noted and refuses nothing."""
    (tmp_path / "dense.py").write_text("x = 1")
    (tmp_path / "data.tar.gz").write_bytes(b"x")

    submission = read_submission(tmp_path, NAMES)

    assert (origins(submission), reasons(submission)) == ({"dense": "dense.py"}, {})
    assert submission.notes[0].startswith("data.tar.gz is an archive of a kind that is not opened.")


AGAIN = "alice.zip is no zip archive, or a damaged one. Zip your files again."


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"PK\3\4" + b"\0" * 100, b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_archive_says_so(tmp_path: Path, data: bytes) -> None:
    """Bytes that are no archive are refused under any name with the ending .zip."""
    assert refused(tmp_path, data) == AGAIN


def test_a_cut_archive_says_so(tmp_path: Path) -> None:
    """A truncated archive, which lacks its list of members, is refused."""
    assert refused(tmp_path, zipped(("dense.py", "x = 1"))[:-30]) == AGAIN


def test_damaged_bytes_are_seen(tmp_path: Path) -> None:
    """A member whose checksum differs from its data is refused."""
    member = ZipInfo("dense.py")
    data = changed(zipped((member, "x = 1234"), ("relu.py", "x")), b"x = 1234", b"x = 1235")

    submission = opened(tmp_path, data)

    assert reasons(submission) == {"dense": "dense.py is damaged inside the archive. Zip your files again."}
    assert origins(submission) == {"relu": "relu.py"}


def test_a_member_past_the_limit_is_refused_unread(tmp_path: Path) -> None:
    """A member whose stated size exceeds the limit is refused unread."""
    said = reasons(opened(tmp_path, zipped(("dense.py", b"#" * 10_000_000))))

    expected = "dense.py has 10,000,000 bytes; at most 262,144 are read."
    assert {"dense": f"{expected} Hand in only your code, without data or output."} == said


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_claims(tmp_path: Path) -> None:
    """A member that understates its size is cut at the stated size and refused by its checksum."""
    bomb = zipped(("dense.py", bytes(50_000_000)))
    data = changed(bomb, struct.pack("<I", 50_000_000), struct.pack("<I", 100))
    before = psutil.Process().memory_info().rss

    assert reasons(opened(tmp_path, data)) == {"dense": "dense.py is damaged inside the archive. Zip your files again."}
    assert psutil.Process().memory_info().rss - before < 20_000_000


def test_many_members_together_are_a_bomb_too() -> None:
    """Members that exceed the total limit together are refused."""
    archive = Archive(zipped(*((f"{n}.py", "#" * 1000) for n in range(5))), room=Room(3_500))
    files = archive.tree().files

    for number in range(3):
        assert len(files[f"{number}.py",].read(CODE)) == 1000
    with pytest.raises(Unreadable, match=rf"^makes the archive unpack to more than {UNPACKED:,} bytes\."):
        files["3.py",].read(CODE)


def test_an_endless_list_of_members_is_refused_unread(tmp_path: Path) -> None:
    """At most two megabytes of an archive's list of members are read, whatever length it states."""
    many = zipped(*((f"{n:0>300}", b"") for n in range(7_000)))
    assert len(many) > 2 * DIRECTORY

    assert refused(tmp_path, many) == AGAIN


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    """An archive with too many members is refused."""
    many = zipped(*((f"{n}", b"") for n in range(10_001)))

    expected = "alice.zip holds more than 10,000 files and folders. Hand in only the files you wrote."
    assert refused(tmp_path, many) == expected


def test_too_deep_a_member_is_refused(tmp_path: Path) -> None:
    """A member more than sixteen folders deep refuses the archive."""
    assert opened(tmp_path, zipped(("d/" * 16 + "dense.py", "x"))).sources
    expected = "alice.zip is nested more than 16 folders deep. Hand in only the files you wrote."
    assert refused(tmp_path, zipped(("d/" * 17 + "dense.py", "x"))) == expected


def test_a_member_says_when_it_was_changed(tmp_path: Path) -> None:
    """The time of a member is its UTC stamp if present, else its DOS time taken as UTC."""
    old, new = ZipInfo("dense.py", (2020, 2, 3, 4, 5, 6)), ZipInfo("relu.py", (1999, 1, 1, 0, 0, 0))
    new.extra = struct.pack("<HHBi", 0x5455, 5, 1, 1_600_000_000)

    assert opened(tmp_path, zipped((old, "x"))).submitted_at == datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
    later = opened(tmp_path, zipped((old, "x"), (new, "x")))
    assert (later.submitted_at, later.clock) == (datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC), "archive")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(edits=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_archive_is_read_or_refused(tmp_path: Path, edits: list[tuple[float, int]]) -> None:
    """With any bytes of an archive replaced, each exercise has its text or a reason, or is missing."""
    data = bytearray(zipped(("dense.py", "x = 1"), ("hw/relu.py", "y = 2\n" * 50), ("more.zip", zipped(("a.py", "b")))))
    for place, byte in edits:
        data[int(place * len(data))] = byte
    (tmp_path / "alice.zip").write_bytes(data)

    submission = read_submission(tmp_path / "alice.zip", NAMES)

    assert all(reason.isprintable() for reason in [*reasons(submission).values(), *submission.notes])


def _is_read(file: File) -> bool:
    try:
        return bool(file.read(CODE))
    except Unreadable:
        return False
