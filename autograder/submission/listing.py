"""List the submissions in a class's folder or download, one entry for each student."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.report.escape import show
from autograder.submission.archive import Download, download
from autograder.submission.download import METADATA, Upload, is_receipt, login, people, read_name
from autograder.submission.entry import ARCHIVES, DOCUMENTS, Entry, entry_of, is_archive, is_submission, stem
from autograder.submission.file import MIB, Limit, Unreadable, read_bytes, skipped

_NBGRADER = ("nbgrader_config.py", "gradebook.db")
_SMALL = Limit(8 * MIB, "")


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
    download = _Names(items, lambda name: read_bytes(root, (name,), _SMALL))
    prefix = _prefix(root, download.mine, assignment)
    plain = [_plain(root, item, prefix, assignment) for item in download.mine]
    return Listing((*download.entries(root), *download.named(plain)), download.others)


def _in_archive(root: Path) -> Listing:
    found = download(root)
    above = _above(root, found)
    start = f"{above}/" if above else ""
    items = [_Item(name, folder) for name, folder in found.entries(above).items()]
    names = _Names(items, lambda name: found.branch(start + name).files[()].read(_SMALL))
    plain = [Entry(_student(e), root, ((start + e.name, "" if e.folder else e.name),)) for e in names.mine]
    return Listing((*names.entries(root, start), *names.named(plain)), names.others)


def _above(root: Path, found: Download) -> str:
    """Return the one folder that holds all students of an archive, "" if they are at the top.

    It has the archive's name, or holds folders or names of a platform; otherwise it is the folder of one student.
    """
    (name, folder), *more = found.entries().items() or [("", False)]
    if more or not folder or read_name(name, folder):
        return ""
    theirs = any(deep or read_name(item, deep) for item, deep in found.entries(name).items())
    return name if theirs or name == root.stem else ""


class _Names:
    """Names at the top of a folder or archive: uploads of a platform, submissions, and what is nobody's."""

    def __init__(self, items: Iterable[_Item], read: Callable[[str], bytes]) -> None:
        self._read = read
        items = sorted(items, key=lambda item: item.name)
        logins = {login(self._text(item.name)) for item in items if not item.folder and is_receipt(item.name)} - {""}
        self._uploads: dict[str, list[tuple[str, Upload]]] = defaultdict(list)
        rest = []
        for item in items:
            upload = None if item.link else read_name(item.name, item.folder, logins)
            if upload:
                self._uploads[upload.student].append((item.name, upload))
            else:
                rest.append(item)
        self._people = people(self._text(METADATA)) if any(item.name == METADATA for item in rest) else {}
        flat = not any(item.folder for item in rest) and not self._uploads
        self.mine = [item for item in rest if item.folder or item.link or is_submission(item.name)]
        """Folders and files that are whole submissions, even if only ones to refuse."""
        taken = {stem(item.name) for item in self.mine}
        self.mine += [item for item in rest if item not in self.mine and _may_be_one(item.name, flat, taken)]
        self.others = tuple(show(item.name) for item in rest if item not in self.mine and item.name != METADATA)

    def _text(self, name: str) -> str:
        with suppress(Unreadable, OSError, KeyError):
            return self._read(name).decode("utf-8-sig", "replace")
        return ""

    def entries(self, root: Path, above: str = "") -> list[Entry]:
        """Return an entry for each student of a platform's download."""
        return [_of_student(root, student, files, above) for student, files in self._uploads.items()]

    def named(self, plain: Iterable[Entry]) -> list[Entry]:
        """Return the entries under the names that Gradescope's metadata give."""
        found = []
        for entry in plain:
            person = self._people.get(entry.student)
            found.append(replace(entry, student=person.student, when=person.when, dated=False) if person else entry)
        return found


def _of_student(root: Path, student: str, uploads: Sequence[tuple[str, Upload]], above: str) -> Entry:
    """Return a student's entry. Of several uploads all are kept, the latest with the highest number, unless a later one
    replaces an earlier one as a whole."""
    uploads = [each for each in uploads if not each[1].receipt] or uploads
    last = max(upload.when for _, upload in uploads)
    older = [show(name) for name, upload in uploads if upload.whole and upload.when < last]
    kept = [(name, upload) for name, upload in uploads if not (upload.whole and upload.when < last)]
    times = sorted({upload.when for _, upload in kept})
    files = []
    for name, upload in kept:
        before = f"submission-{times.index(upload.when) + 1}/" if len(times) > 1 else ""
        files.append((above + name, before + upload.shown))
    late = any(upload.late for _, upload in uploads)
    notes = [f"Not read, because it was handed in again: {', '.join(older)}."] if older else []
    notes += ["The platform marked it as late."] if late else []
    numbered = len(times) > 1 or any(upload.numbered for _, upload in kept)
    return Entry(student, root, tuple(files), late, dated=False, notes=tuple(notes), numbered=numbered)


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


def _may_be_one(name: str, flat: bool, taken: Collection[str]) -> bool:
    """Return whether a file that is no source is a submission to refuse.

    flat: every student is a file, so that a document is one, too, unless the student has handed in a source beside it.
    """
    if name.casefold().endswith(ARCHIVES):
        return True
    return flat and name.casefold().endswith(DOCUMENTS) and stem(name) not in taken


def _student(item: _Item) -> str:
    return show(item.name if item.folder else stem(item.name))


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
