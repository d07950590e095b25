"""Submissions in folders and files are read or refused with a reason."""

from __future__ import annotations

import os
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.submission.file import CODE
from autograder.submission.folder import read_submission
from autograder.submission.listing import list_entries
from autograder.submission.source import Entry, Refused, Source, Submission

NAMES: dict[str, tuple[str, ...]] = {"dense": (), "relu": (), "conv2d": ()}


def hand_in(root: Path, **files: str) -> Path:
    """Write alice's folder with these files; .py is added to each name."""
    folder = root / "alice"
    folder.mkdir()
    for name, content in files.items():
        path = folder / f"{name}.py"
        assert folder in path.parents
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def origins(submission: Submission) -> dict[str, str]:
    return {name: source.origin for name, source in submission.sources.items()}


def reasons(submission: Submission) -> dict[str, str]:
    return {name: refused.reason for name, refused in submission.refused.items()}


def test_files_named_after_exercises_are_found_at_any_depth(tmp_path: Path) -> None:
    """Files are found at any depth and read as they are."""
    folder = hand_in(tmp_path, **{"dense": "x = 1", "a/b/relu": "x = 2"})

    submission = read_submission(folder, NAMES)

    assert submission.student == "alice"
    assert origins(submission) == {"dense": "dense.py", "relu": "a/b/relu.py"}
    assert submission.sources["relu"].text == "x = 2"
    assert submission.notes == ()
    assert submission.refused == {}
    assert submission.module is None


def test_the_shallower_of_two_is_taken_with_a_note(tmp_path: Path) -> None:
    """The shallowest of two files of one name counts."""
    submission = read_submission(hand_in(tmp_path, **{"dense": "new", "old/dense": "old"}), NAMES)

    assert submission.sources["dense"].text == "new"
    assert submission.notes == ("dense.py counts; old/dense.py does not.",)


def test_two_at_the_same_depth_are_refused_with_both_names(tmp_path: Path) -> None:
    """Two files of one name at one depth refuse the exercise; other exercises are read."""
    submission = read_submission(hand_in(tmp_path, **{"a/dense": "1", "b/dense": "2", "b/relu": "3"}), NAMES)

    sentence = "dense.py was handed in more than once: a/dense.py, b/dense.py. Keep one of them."
    assert {"dense": sentence} == reasons(submission)
    assert list(submission.sources) == ["relu"]


def test_a_name_in_other_case_is_taken_with_a_note(tmp_path: Path) -> None:
    """A file whose name differs in case is taken on any file system."""
    submission = read_submission(hand_in(tmp_path, Conv2D="x = 1"), NAMES)

    assert (origins(submission), submission.module) == ({"conv2d": "Conv2D.py"}, None)
    assert submission.notes == ("Taken by what is in it: Conv2D.py for conv2d.",)


def test_an_exact_name_wins_over_its_case_twin(tmp_path: Path) -> None:
    """Beside the exact spelling, a file whose name differs in case is only noted."""
    submission = read_submission(hand_in(tmp_path, conv2d="right", Conv2D="wrong"), NAMES)

    assert submission.sources["conv2d"].text == "right"
    assert submission.notes == ("conv2d.py counts; Conv2D.py does not.",)


def test_a_file_without_exercise_is_noted(tmp_path: Path) -> None:
    """A file that no exercise is named after is noted."""
    submission = read_submission(hand_in(tmp_path, **{"dense": "1", "layers": "2", "pkg/__init__": "3"}), NAMES)

    assert submission.notes == ("Not read, because no exercise has this name: layers.py.",)


def test_a_single_other_file_is_a_module_for_all(tmp_path: Path) -> None:
    """A single file that no exercise is named after is offered for every exercise."""
    submission = read_submission(hand_in(tmp_path, **{"pkg/layers": "x = 1", "pkg/__init__": ""}), NAMES)

    assert submission.module is not None
    assert submission.module.origin == "pkg/layers.py"
    assert submission.module.text == "x = 1"
    assert submission.sources == {}


def test_a_student_may_be_a_single_file(tmp_path: Path) -> None:
    """A single file alice.py is alice's module."""
    (tmp_path / "alice.py").write_text("x = 1")

    submission = read_submission(tmp_path / "alice.py", NAMES)

    assert submission.student == "alice"
    assert submission.module is not None
    assert submission.module.origin == "alice.py"


def test_a_single_file_named_after_an_exercise_is_that_exercise(tmp_path: Path) -> None:
    """A single file conv2d.py is the source of conv2d."""
    (tmp_path / "conv2d.py").write_text("x = 1")

    submission = read_submission(tmp_path / "conv2d.py", NAMES)

    assert origins(submission) == {"conv2d": "conv2d.py"}
    assert submission.module is None


def test_a_module_that_cannot_be_read_is_refused_for_every_exercise(tmp_path: Path) -> None:
    """A refused single file refuses every exercise."""
    (tmp_path / "alice.py").write_bytes(b"\xff")

    submission = read_submission(tmp_path / "alice.py", NAMES)

    expected = "alice.py is not UTF-8: byte 0xff in line 1. Save it again with the encoding UTF-8."
    assert dict.fromkeys(NAMES, expected) == reasons(submission)


ADVICE = "Name each file after its exercise, such as dense.py."


def test_an_empty_folder_is_a_submission_with_a_note(tmp_path: Path) -> None:
    """An empty folder is no error and is noted."""
    submission = read_submission(hand_in(tmp_path), NAMES)

    assert Submission("alice", notes=(f"The folder is empty. {ADVICE}",)) == submission


def test_files_of_another_kind_are_named(tmp_path: Path) -> None:
    """A document instead of code is noted as not read."""
    folder = hand_in(tmp_path)
    (folder / "homework.docx").write_bytes(b"PK")

    note = f"No Python file and no notebook was found among: homework.docx. {ADVICE}"
    assert (note,) == read_submission(folder, NAMES).notes


def test_what_is_not_read_is_told_beside_code(tmp_path: Path) -> None:
    """A document, an archive that is not opened, and an answer in another format are told; a release's files not."""
    folder = hand_in(tmp_path, dense="def dense_forward(): return 1")
    for name in ("homework.docx", "page.html", "Relu.java", "hw.rar", "relu.npz", "README.md", "data.csv"):
        (folder / name).write_bytes(b"x")

    notes = read_submission(folder, NAMES).notes

    assert notes == (
        "hw.rar is an archive of a kind that is not opened. Hand in a .zip, or the files themselves.",
        "Not read, because it is neither Python nor a notebook: Relu.java, homework.docx, page.html.",
    )


def test_a_document_beside_files_without_an_exercise_is_told(tmp_path: Path) -> None:
    """Neither of two sentences about files that do not count hides the other."""
    folder = hand_in(tmp_path, one="a = 1", two="b = 1")
    (folder / "homework.docx").write_bytes(b"PK")

    first, second = read_submission(folder, NAMES).notes

    assert first.endswith("homework.docx.") and second.startswith("No file bears an exercise's name: one.py, two.py.")


def test_several_files_without_any_exercise_are_listed(tmp_path: Path) -> None:
    """Two files that no exercise is named after are only noted; a long list is shortened."""
    submission = read_submission(hand_in(tmp_path, **{f"part{n}": "" for n in range(7)}), NAMES)

    listed = "part0.py, part1.py, part2.py, part3.py, part4.py and 2 more"
    assert (f"No file bears an exercise's name: {listed}. {ADVICE}",) == submission.notes
    assert submission.module is None


@pytest.mark.parametrize("folder", [".git", "__pycache__", ".ipynb_checkpoints", "__MACOSX", ".hidden"])
def test_what_tools_leave_behind_is_not_read(tmp_path: Path, folder: str) -> None:
    """Copies in folders of tools are neither read nor counted."""
    alice = hand_in(tmp_path, **{"code/dense": "mine", f"{folder}/dense": "stale", "code/._relu": "resource fork"})

    submission = read_submission(alice, NAMES)

    assert origins(submission) == {"dense": "code/dense.py"}
    assert submission.notes == ()


def test_a_linked_source_is_refused_by_name(tmp_path: Path) -> None:
    """A link is refused and named."""
    folder = hand_in(tmp_path, relu="x = 1")
    (tmp_path / "secret.py").write_text("secret")
    (folder / "dense.py").symlink_to(tmp_path / "secret.py")

    submission = read_submission(folder, NAMES)

    assert reasons(submission) == {"dense": "dense.py is a link. Hand in the file itself."}
    assert list(submission.sources) == ["relu"]


def test_a_linked_folder_is_noted_and_not_entered(tmp_path: Path) -> None:
    """A link to a folder, even to one above itself, is not followed."""
    folder = hand_in(tmp_path, relu="x = 1")
    (folder / "loop").symlink_to(folder)

    submission = read_submission(folder, NAMES)

    assert origins(submission) == {"relu": "relu.py"}
    assert submission.notes == ("Not followed, because it is a link: loop.",)


@pytest.mark.parametrize("kind", ["folder", "file", "nowhere"])
def test_a_linked_submission_is_refused_for_every_exercise(tmp_path: Path, kind: str) -> None:
    """A submission that is a link is refused, wherever it points."""
    target = hand_in(tmp_path, dense="x = 1")
    targets = {"folder": target, "file": target / "dense.py", "nowhere": tmp_path / "none"}
    (tmp_path / "bob").symlink_to(targets[kind])

    submission = read_submission(tmp_path / "bob", NAMES)

    sentence = "bob is a link. Hand in the folder or the file itself."
    assert dict.fromkeys(NAMES, sentence) == reasons(submission)
    assert (sentence,) == submission.notes


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "notes.txt",
            "notes.txt is not a Python file, a notebook or a zip archive. Hand in one of these, or a folder.",
        ),
        ("gone.py", "gone.py does not exist. Check the path."),
        ("n" * 4096, f"{'n' * 4096} cannot be read: File name too long. Hand it in again."),
    ],
    ids=["other kind", "missing", "long"],
)
def test_a_path_that_is_no_submission_says_why(tmp_path: Path, name: str, sentence: str) -> None:
    """A wrong path is refused with its repair."""
    (tmp_path / "notes.txt").write_text("x")

    assert dict.fromkeys(NAMES, sentence) == reasons(read_submission(tmp_path / name, NAMES))


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    """A submission that is a pipe is refused without waiting."""
    os.mkfifo(tmp_path / "bob.py")

    assert dict.fromkeys(NAMES, "bob.py is not a regular file. Hand in a plain .py file.") == reasons(
        read_submission(tmp_path / "bob.py", NAMES)
    )


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    """A folder with too many files is refused as a whole."""
    folder = hand_in(tmp_path, dense="x = 1")
    (folder / "venv").mkdir()
    for number in range(10_000):
        (folder / "venv" / f"{number}").touch()

    sentence = "alice holds more than 10,000 files and folders. Hand in only the files you wrote."
    assert dict.fromkeys(NAMES, sentence) == reasons(read_submission(folder, NAMES))


@pytest.mark.parametrize(("levels", "taken"), [(16, True), (17, False)])
def test_sixteen_folders_deep_is_the_last_level_read(tmp_path: Path, levels: int, taken: bool) -> None:
    """A file sixteen folders deep is read; one folder more refuses the submission."""
    submission = read_submission(hand_in(tmp_path, **{"/".join(["d"] * levels) + "/dense": "x = 1"}), NAMES)

    assert taken == ("dense" in submission.sources)
    if not taken:
        sentence = "alice is nested more than 16 folders deep. Hand in only the files you wrote."
        assert dict.fromkeys(NAMES, sentence) == reasons(submission)


def test_an_unreadable_file_is_refused(unreadable: Path) -> None:
    """A file without read permission refuses its own exercise with the reason."""
    expected = "dense.py cannot be read: permission denied. Make it readable and hand it in again."

    assert {"dense": expected} == reasons(read_submission(unreadable.parent, NAMES))


def test_a_closed_folder_is_noted(unreadable: Path) -> None:
    """A folder that cannot be listed is named and the rest is read; at the top it refuses the submission."""
    euid = os.geteuid()
    os.seteuid(os.getuid())
    closed = unreadable.parent / "more"
    closed.mkdir(mode=0o700)
    os.seteuid(euid)
    if euid == os.getuid():
        closed.chmod(0)

    assert "This folder cannot be read: more. Make it readable." in read_submission(unreadable.parent, NAMES).notes
    assert {"more cannot be read: permission denied. Make it readable and hand it in again."} == set(
        reasons(read_submission(closed, NAMES)).values()
    )
    if euid == os.getuid():
        closed.chmod(0o700)


def test_names_of_files_are_shown_escaped(tmp_path: Path) -> None:
    """Control characters in a file name are escaped."""
    submission = read_submission(hand_in(tmp_path, **{"a\x1b[31m\n\u202e/dense": "x = 1"}), NAMES)

    assert origins(submission) == {"dense": r"a\x1b[31m\n\u202e/dense.py"}


def test_a_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    """Bytes of a student's name that are not UTF-8 become visible escapes."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/al\xffice"))
    folder.mkdir()

    assert read_submission(folder, NAMES).student == r"al\udcffice"


def test_reading_executes_nothing(tmp_path: Path) -> None:
    """Files that would act when imported, configured or collected are only read."""
    proof = tmp_path / "proof"
    attack = f"open({str(proof)!r}, 'w')"
    folder = hand_in(tmp_path, dense=attack, conftest=attack, sitecustomize=attack, numpy=attack, __init__=attack)

    submission = read_submission(folder, NAMES)

    assert attack == submission.sources["dense"].text
    assert not proof.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.sampled_from([b"", b"\0", b"#" * CODE.most, b"#" * (CODE.most + 1)])))
def test_any_file_is_taken_or_refused(tmp_path: Path, data: bytes) -> None:
    """Any bytes of a file give a Source or a Refused, never both and never an exception."""
    folder = tmp_path / "alice"
    folder.mkdir(exist_ok=True)
    (folder / "dense.py").write_bytes(data)

    submission = read_submission(folder, NAMES)

    found = [submission.sources.get("dense"), submission.refused.get("dense")]
    assert [type(item) for item in found if item] in ([Source], [Refused])


def test_submissions_are_folders_python_files_and_links(tmp_path: Path) -> None:
    """Every student is listed once, sorted; hidden entries and other files are no students."""
    for name in ("carol", "alice", ".git", "__MACOSX"):
        (tmp_path / name).mkdir()
    for name in ("bob.py", "roster.csv", ".secret.py"):
        (tmp_path / name).touch()
    (tmp_path / "dave").symlink_to("carol")

    assert [handed.path.name for handed in list_entries(tmp_path).entries] == ["alice", "bob.py", "carol", "dave"]


def test_one_student_twice_is_an_error(tmp_path: Path) -> None:
    """Two submissions under one name are an error, because their results would overwrite each other."""
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice.py").touch()

    with pytest.raises(ValueError, match=r"more than one submission: alice, alice\.py\. Keep one for each student\."):
        list_entries(tmp_path).entries


def test_a_submission_on_disk_travels_between_processes(tmp_path: Path) -> None:
    """Entries can be pickled for another grader process."""
    hand_in(tmp_path, dense="x = 1")

    (found,) = pickle.loads(pickle.dumps(list_entries(tmp_path).entries))

    assert found == Entry("alice", tmp_path / "alice")
    assert read_submission(found, NAMES) == read_submission(tmp_path / "alice", NAMES)


def test_the_latest_file_says_when_it_was_submitted(tmp_path: Path) -> None:
    """The time of a submission is in whole seconds of UTC, with its source."""
    folder = hand_in(tmp_path, dense="x = 1", relu="x = 2")
    os.utime(folder / "dense.py", (0, 1_000_000_000.75))
    os.utime(folder / "relu.py", (0, 999_999_999))

    submission = read_submission(folder, NAMES)

    assert (submission.submitted_at, submission.clock) == (datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC), "file")


def test_nothing_has_no_time(tmp_path: Path) -> None:
    """An empty folder has no time of submission."""
    submission = read_submission(hand_in(tmp_path), NAMES)

    assert (submission.submitted_at, submission.clock) == (None, "")
