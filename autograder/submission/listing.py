"""Who handed in: the submissions in a class's folder or download, one for each student."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.report.escape import show
from autograder.submission.download import Upload, read_name
from autograder.submission.entry import Entry, entry_of, is_archive, is_submission
from autograder.submission.file import Unreadable
from autograder.submission.gather import OTHERS, Download, download
from autograder.submission.tree import skipped

_NBGRADER = ("nbgrader_config.py", "gradebook.db")


@dataclass(frozen=True)
class Listing:
    """handed: sorted by student. others: names of entries that are nobody's submission, escaped."""

    entries: tuple[Entry, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Item:
    name: str
    folder: bool
    link: bool = False


def list_entries(root: Path, assignment: str = "") -> Listing:
    """Everybody in `root`: a folder, or a zip archive with a whole class in it.

    assignment: of nbgrader's students only this one's folder counts; in the names of clones it goes before the student.
    Raises ValueError where a student has two, such as `alice/` and `alice.py`, or where `root` is no archive; OSError
    where it cannot be listed.
    """
    root = Path(os.path.abspath(root))
    try:
        found = _in_folder(root, assignment) if root.is_dir() else _in_archive(root)
    except Unreadable as error:
        raise ValueError(f"{root} {error}") from error
    _refuse_twins(found.entries)
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
    return Listing((*_shares(root, uploads), *plain), _others(rest, mine))


def _in_archive(root: Path) -> Listing:
    found = download(root)
    above = _above(root, found)
    items = [_Item(name, folder) for name, folder in found.entries(above).items()]
    uploads, rest = _uploads(items)
    mine = [item for item in rest if item.folder or _may_be_one(item.name)]
    start = f"{above}/" if above else ""
    plain = [Entry(_student(e), root, ((start + e.name, "" if e.folder else e.name),)) for e in mine]
    return Listing((*_shares(root, uploads, start), *plain), _others(rest, mine))


def _above(root: Path, found: Download) -> str:
    """The one folder with all students in it, which was zipped as a whole; "" where they lie at the top.

    It bears the archive's name, or there are folders or a platform's names in it: else it is the only student's.
    """
    (name, folder), *more = found.entries().items() or [("", False)]
    if more or not folder or read_name(name, folder):
        return ""
    theirs = any(deep or read_name(item, deep) for item, deep in found.entries(name).items())
    return name if theirs or name == root.stem else ""


def _uploads(items: Iterable[_Item]) -> tuple[dict[str, list[tuple[str, Upload]]], list[_Item]]:
    """Student → what a platform's download holds of theirs, by its name there; and the entries that are no upload."""
    uploads: dict[str, list[tuple[str, Upload]]] = defaultdict(list)
    rest: list[_Item] = []
    for item in sorted(items, key=lambda item: item.name):
        said = None if item.link else read_name(item.name, item.folder)
        if said:
            uploads[said.student].append((item.name, said))
        else:
            rest.append(item)
    return uploads, rest


def _shares(root: Path, uploads: dict[str, list[tuple[str, Upload]]], above: str = "") -> list[Entry]:
    return [_share(root, student, said, above) for student, said in uploads.items()]


def _share(root: Path, student: str, said: Sequence[tuple[str, Upload]], above: str) -> Entry:
    """Of one name that was handed in again and again, the last counts."""
    last: dict[str, tuple[str, Upload]] = {}
    for name, upload in sorted(said, key=lambda pair: pair[1].version):
        last[upload.shown or name] = name, upload
    older = [show(name) for name, upload in said if (name, upload) not in last.values()]
    notes = [f"Not read, because it was handed in again: {', '.join(older)}."] if older else []
    late = any(upload.late for _, upload in said)
    notes += ["The platform marked it as late."] if late else []
    files = tuple((above + name, upload.shown) for name, upload in last.values())
    return Entry(student, root, files, late, dated=False, notes=tuple(notes))


def _plain(root: Path, item: _Item, prefix: str, assignment: str) -> Entry:
    """A student's own folder or file."""
    whole = entry_of(root / item.name)
    if item.folder and prefix and item.name.startswith(prefix) and (root / item.name / ".git").exists():
        return Entry(show(item.name.removeprefix(prefix)), whole.path)
    if item.folder and assignment and not (root / item.name / ".git").exists():
        return Entry(whole.student, whole.path, ((assignment, ""),))
    return whole


def _prefix(root: Path, items: Sequence[_Item], assignment: str) -> str:
    """What goes before the student in the names of clones: the assignment, which may also be the folder's name."""
    word = assignment or root.name.removesuffix("-submissions")
    clones = [item.name for item in items if item.folder and (root / item.name / ".git").exists()]
    return f"{word}-" if clones and all(name.startswith(f"{word}-") for name in clones) else ""


def _may_be_one(name: str) -> bool:
    """Whether a file is a submission, if only one that has to be refused."""
    return is_submission(name) or name.casefold().endswith(OTHERS)


def _student(item: _Item) -> str:
    return show(item.name if item.folder or not is_submission(item.name) else item.name.rpartition(".")[0])


def _others(items: Iterable[_Item], mine: Sequence[_Item]) -> tuple[str, ...]:
    return tuple(show(item.name) for item in items if item not in mine)


def _refuse_twins(found: Iterable[Entry]) -> None:
    items = list(found)
    counts = Counter(item.student for item in items)
    twice = sorted(_name(item) for item in items if counts[item.student] > 1)
    if twice:
        raise ValueError(f"one student has more than one submission: {', '.join(twice)}. Keep one for each student.")


def _name(item: Entry) -> str:
    return show(item.files[0][0] if item.files else item.path.name)


def is_class(path: Path) -> bool:
    """Whether a path can hold a class: a folder, or an archive."""
    return path.is_dir() or is_archive(path.name)
