"""List the submissions in a class's folder or download, one entry for each student."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.report.escape import show
from autograder.submission.archive import OTHERS, Download, download
from autograder.submission.entry import Entry, entry_of, is_archive, is_submission
from autograder.submission.file import Unreadable, skipped

# doejane_LATE_123_456_conv2d.py: the name in small letters, the student's number, the upload's; or anon_x7Kq2_456_….
# A text or a link that was entered has no upload: doejane_123_text.html.
_WHO = r"(?:(?P<name>[^\WA-Z]*?)_)?(?P<late>LATE_)?(?P<id>anon_[A-Za-z0-9]+|\d+)"
_CANVAS = re.compile(rf"{_WHO}_(?:\d+_(?P<given>.+)|(?P<entered>text\.html|link\.html))", re.DOTALL)
# conv2d-1.py: the second upload of this name.
_AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})(?P<ending>\.\w+)", re.DOTALL)
# Jane Doe_123_assignsubmission_file_: a folder, or the beginning of a file's name. A team may have no number.
_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+(?:_(?P<given>.*))?", re.DOTALL)


@dataclass(frozen=True)
class Upload:
    """Uploaded file or folder in a download."""

    student: str
    """Student's name with the platform's number, escaped."""
    shown: str
    """Name of the file as it was handed in, "" for a folder."""
    version: int = 0
    """How often a file of this name was handed in before."""
    late: bool = False
    """The platform marked it as late."""


def read_name(name: str, folder: bool) -> Upload | None:
    """Parse the name of a file or folder in a download; None if no platform made it."""
    found = _MOODLE.fullmatch(name)
    if found:
        return Upload(_owner(found), "" if folder else found["given"] or name)
    found = None if folder else _CANVAS.fullmatch(name)
    if not found:
        return None
    given = found["given"] or found["entered"]
    repeated = _AGAIN.fullmatch(given)
    shown, version = (repeated["stem"] + repeated["ending"], int(repeated["number"])) if repeated else (given, 0)
    return Upload(_owner(found), shown, version, bool(found["late"]))


def _owner(found: re.Match[str]) -> str:
    return show("_".join(filter(None, (found["name"], found["id"]))))


def name_and_number(student: str) -> tuple[str, str]:
    """Split `Upload.student` into name and number, either of which may be "".

    The number that Canvas makes for an anonymous student is in no gradebook, so it is not split off.
    """
    name, _, number = student.rpartition("_")
    return (name, number) if re.fullmatch(r"[0-9]+", number) and name != "anon" else (student, "")


_NBGRADER = ("nbgrader_config.py", "gradebook.db")


@dataclass(frozen=True)
class Listing:
    """All entries of a class. entries: sorted by student; others: escaped names that are no submission."""

    entries: tuple[Entry, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Item:
    name: str
    folder: bool
    link: bool = False


def list_entries(root: Path, assignment: str = "") -> Listing:
    """List the entries in `root`, a folder or a zip archive of a whole class.

    assignment: nbgrader's folder to read of each student, or the prefix of the names of clones. Raise ValueError if a
    student has two entries, such as `alice/` and `alice.py`, or if `root` is no archive; OSError if it cannot be
    listed.
    """
    root = Path(os.path.abspath(root))
    try:
        found = _in_folder(root, assignment) if root.is_dir() else _in_archive(root)
    except Unreadable as error:
        raise ValueError(f"{root} {error}") from error
    _refuse_duplicates(found.entries)
    return Listing(tuple(sorted(found.entries, key=lambda item: item.student)), found.others)


def _in_folder(root: Path, assignment: str) -> Listing:
    if (root / "submitted").is_dir() and any((root / name).exists() for name in _NBGRADER):
        root = root / "submitted"
    with os.scandir(root) as found:
        seen = [item for item in found if not skipped(item.name)]
        items = [_Item(item.name, item.is_dir(follow_symlinks=False), item.is_symlink()) for item in seen]
    uploads, rest = _uploads(items)
    mine = [item for item in rest if item.folder or item.link or _may_be_one(item.name)]
    prefix = _prefix(root, mine, assignment)
    plain = [_plain(root, item, prefix, assignment) for item in mine]
    return Listing((*_of_uploads(root, uploads), *plain), _others(rest, mine))


def _in_archive(root: Path) -> Listing:
    found = download(root)
    above = _above(root, found)
    items = [_Item(name, folder) for name, folder in found.entries(above).items()]
    uploads, rest = _uploads(items)
    mine = [item for item in rest if item.folder or _may_be_one(item.name)]
    start = f"{above}/" if above else ""
    plain = [Entry(_student(e), root, ((start + e.name, "" if e.folder else e.name),)) for e in mine]
    return Listing((*_of_uploads(root, uploads, start), *plain), _others(rest, mine))


def _above(root: Path, found: Download) -> str:
    """Return the one folder that holds all students of an archive, "" if they are at the top.

    It has the archive's name, or holds folders or names of a platform; otherwise it is the folder of one student.
    """
    (name, folder), *more = found.entries().items() or [("", False)]
    if more or not folder or read_name(name, folder):
        return ""
    theirs = any(deep or read_name(item, deep) for item, deep in found.entries(name).items())
    return name if theirs or name == root.stem else ""


def _uploads(items: Iterable[_Item]) -> tuple[dict[str, list[tuple[str, Upload]]], list[_Item]]:
    """Return the uploads of each student with their names in the download, and the items that are no uploads."""
    uploads: dict[str, list[tuple[str, Upload]]] = defaultdict(list)
    rest: list[_Item] = []
    for item in sorted(items, key=lambda item: item.name):
        upload = None if item.link else read_name(item.name, item.folder)
        if upload:
            uploads[upload.student].append((item.name, upload))
        else:
            rest.append(item)
    return uploads, rest


def _of_uploads(root: Path, uploads: dict[str, list[tuple[str, Upload]]], above: str = "") -> list[Entry]:
    return [_of_student(root, student, files, above) for student, files in uploads.items()]


def _of_student(root: Path, student: str, uploads: Sequence[tuple[str, Upload]], above: str) -> Entry:
    """Return a student's entry; of several uploads with one name the last counts."""
    last: dict[str, tuple[str, Upload]] = {}
    for name, upload in sorted(uploads, key=lambda pair: pair[1].version):
        last[upload.shown or name] = name, upload
    older = [show(name) for name, upload in uploads if (name, upload) not in last.values()]
    notes = [f"Not read, because it was handed in again: {', '.join(older)}."] if older else []
    late = any(upload.late for _, upload in uploads)
    notes += ["The platform marked it as late."] if late else []
    files = tuple((above + name, upload.shown) for name, upload in last.values())
    return Entry(student, root, files, late, dated=False, notes=tuple(notes))


def _plain(root: Path, item: _Item, prefix: str, assignment: str) -> Entry:
    """Return the entry of a folder or file that belongs to one student."""
    whole = entry_of(root / item.name)
    if item.folder and prefix and item.name.startswith(prefix) and (root / item.name / ".git").exists():
        return Entry(show(item.name.removeprefix(prefix)), whole.path)
    if item.folder and assignment and not (root / item.name / ".git").exists():
        return Entry(whole.student, whole.path, ((assignment, ""),))
    return whole


def _prefix(root: Path, items: Sequence[_Item], assignment: str) -> str:
    """Return the prefix of the names of clones: the assignment, which may also be the folder's name."""
    word = assignment or root.name.removesuffix("-submissions")
    clones = [item.name for item in items if item.folder and (root / item.name / ".git").exists()]
    return f"{word}-" if clones and all(name.startswith(f"{word}-") for name in clones) else ""


def _may_be_one(name: str) -> bool:
    """Return whether a file is a submission, even if only one to refuse."""
    return is_submission(name) or name.casefold().endswith(OTHERS)


def _student(item: _Item) -> str:
    return show(item.name if item.folder or not is_submission(item.name) else item.name.rpartition(".")[0])


def _others(items: Iterable[_Item], mine: Sequence[_Item]) -> tuple[str, ...]:
    return tuple(show(item.name) for item in items if item not in mine)


def _refuse_duplicates(found: Iterable[Entry]) -> None:
    items = list(found)
    counts = Counter(item.student for item in items)
    twice = sorted(_name(item) for item in items if counts[item.student] > 1)
    if twice:
        raise ValueError(f"one student has more than one submission: {', '.join(twice)}. Keep one for each student.")


def _name(item: Entry) -> str:
    return show(item.files[0][0] if item.files else item.path.name)


def is_class(path: Path) -> bool:
    """Return whether a path can hold a class: a folder or an archive."""
    return path.is_dir() or is_archive(path.name)
