"""List the submissions in a class's folder or download, one entry for each student.

Downloads are recognized by their names:

| platform | name in the download |
|---|---|
| Canvas | `doejane_LATE_123_456_conv2d.py`: name in small letters, number of the student, number of the upload |
| Moodle | `Jane Doe_123_assignsubmission_file_/`: a folder or the beginning of a name; a team may have no number |
| Blackboard | `Lab 1_jdoe_attempt_2026-11-02-10-00-00_conv2d.py`, and a receipt without a file's name behind the time |
| Brightspace | `123-456 - Jane Doe - Nov 2, 2026 1000 AM`: a folder, or the beginning of a file's name |
| Gradescope | `submission_123/`, with names in `submission_metadata.yml` |
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from itertools import chain
from pathlib import Path

from autograder.report.escape import show
from autograder.submission.archive import download
from autograder.submission.file import MIB, Limit, Tree, Unreadable, read_bytes, skipped
from autograder.submission.source import ARCHIVES, DOCUMENTS, Entry, entry_of, is_archive, kind, stem

# A text or a link that was entered has no upload: doejane_123_text.html. Anonymous: anon_x7Kq2_456_conv2d.py.
_WHO = r"(?:(?P<name>[^\WA-Z]*?)_)?(?P<late>LATE_)?(?P<id>anon_[A-Za-z0-9]+|\d+)"
_CANVAS = re.compile(rf"{_WHO}_(?:\d+_(?P<given>.+)|(?P<entered>text\.html|link\.html))", re.DOTALL)
_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+(?:_(?P<given>.*))?", re.DOTALL)
_BLACKBOARD = re.compile(
    r"(?P<head>.+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<given>.+)|(?P<receipt>\.txt))", re.DOTALL
)
_RECEIPT = re.compile(r"^Name:.*\(([^()\s]+)\)\s*$", re.MULTILINE)
_BRIGHTSPACE = re.compile(
    r"(?P<id>\d+)-\d+ - (?P<name>.+?) - (?P<when>[^-]*?\d{4} \d{1,2}:?\d\d(?: ?[AP]M)?)(?: - (?P<given>.+))?", re.DOTALL
)
_TIMES = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p", "%d %B, %Y %I%M %p", "%d %b, %Y %I%M %p", "%d %B, %Y %H%M")
METADATA = "submission_metadata.yml"
"""Name of the file in which Gradescope says whose a submission is."""
_SUBMISSION = re.compile(r"(submission_\d+):\s*")
_LONG = 1_000
"""Most characters of a name that is read."""
_FACT = re.compile(r"\s*(?:- )?:?(name|sid|email|created_at):\s*(.*?)\s*")


@dataclass(frozen=True)
class Upload:
    """Uploaded file or folder in a download."""

    student: str
    """Student's name with the platform's number, escaped."""
    shown: str
    """Name of the file as it was handed in, "" for a folder."""
    late: bool = False
    """The platform marked it as late."""
    when: str = ""
    """Time of the upload, such that a later one is greater; "" if the name says none."""
    receipt: bool = False
    """The platform's note on the upload, which is no part of it."""
    numbered: bool = False
    """A number behind the name says which upload is the latest."""
    whole: bool = False
    """A later upload replaces all files of this one."""


def read_name(name: str, folder: bool, logins: Iterable[str] = ()) -> Upload | None:
    """Parse the name of a file or folder in a download; None if no platform made it.

    logins: login names that are known, for Blackboard.
    """
    if len(name) > _LONG:
        return None
    name = unicodedata.normalize("NFC", name)  # macOS writes an accent as a sign of its own
    if found := _MOODLE.fullmatch(name):
        return Upload(_owner(found), "" if folder else found["given"] or name)
    if found := _BRIGHTSPACE.fullmatch(name):
        return Upload(_owner(found), found["given"] or "", when=_moment(found["when"]))
    if not folder and (found := _BLACKBOARD.fullmatch(name)):
        # The assignment's name and the login behind it may both hold `_`, so a known login is looked for first.
        login = max((each for each in logins if found["head"].endswith(f"_{each}")), key=len, default="")
        student, receipt = show(login or found["head"].partition("_")[2] or found["head"]), bool(found["receipt"])
        return Upload(student, found["given"] or name, when=found["when"], receipt=receipt, whole=True)
    if not folder and (found := _CANVAS.fullmatch(name)):
        return Upload(_owner(found), found["given"] or found["entered"], bool(found["late"]), numbered=True)
    return None


def _moment(text: str) -> str:
    """Return the time in a Brightspace name as a text that is greater for later times."""
    for form in _TIMES:
        with suppress(ValueError):
            return datetime.strptime(re.sub(r"(\d)([AP]M)$", r"\1 \2", text.replace(":", "")), form).isoformat()
    return text


def _owner(found: re.Match[str]) -> str:
    return show("_".join(filter(None, (found["name"], found["id"]))))


def name_and_number(student: str) -> tuple[str, str]:
    """Split `Upload.student` into name and number, either of which may be "".

    The number that Canvas makes for an anonymous student is in no gradebook, so it is not split off.
    """
    name, _, number = student.rpartition("_")
    return (name, number) if re.fullmatch(r"[0-9]+", number) and name != "anon" else (student, "")


def people(metadata: str) -> dict[str, tuple[str, datetime | None]]:
    """Return folder → names of all who submitted it, and when in UTC, from the text of Gradescope's metadata.

    Of two people of one name each is called by the e-mail address, or by the number of the student. The time is None
    if it is unknown.
    """
    groups: dict[str, list[dict[str, str]]] = {}
    for line in metadata.splitlines():
        if begun := _SUBMISSION.fullmatch(line):
            group = groups[begun[1]] = [{}]
        elif groups and (found := _FACT.fullmatch(line)):
            if found[1] in group[-1]:
                group.append({})
            group[-1][found[1]] = found[2].strip("\"'")
    keys: dict[str, set[str]] = defaultdict(set)
    for person in chain(*groups.values()):
        keys[person.get("name", "")].add(person.get("email") or person.get("sid") or "")

    def called(person: Mapping[str, str]) -> str:
        name = person.get("name", "")
        return (name if len(keys[name]) == 1 else "") or person.get("email") or person.get("sid") or name

    persons = {}
    for folder, group in groups.items():
        when = next((instant(person["created_at"]) for person in group if "created_at" in person), None)
        if names := list(filter(None, map(called, group))):
            persons[folder] = show(" + ".join(names)), when
    return persons


def instant(text: str, zone: tzinfo | None = None) -> datetime | None:
    """Return the time that Gradescope or nbgrader writes, in UTC and whole seconds; None for a text that is no time.

    zone: of a text that says none; without it such a text is no time.
    """
    with suppress(ValueError, OverflowError):
        when = datetime.fromisoformat(re.sub(r" (?:Z|UTC)$", "+00:00", text).replace(" +", "+").replace(" -", "-"))
        zone = when.tzinfo or zone
        return when.replace(microsecond=0, tzinfo=zone).astimezone(UTC) if zone else None
    return None


_NBGRADER = ("nbgrader_config.py", "gradebook.db")
_SMALL = Limit(8 * MIB, "")


@dataclass(frozen=True)
class Listing:
    """All entries of a class. entries: sorted by student; others: escaped names that are no submission."""

    entries: tuple[Entry, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Top:
    """Names at the top of a folder or archive of a class."""

    root: Path
    names: Mapping[str, bool]
    """Name → whether it is a folder, sorted."""
    read: Callable[[str], bytes]
    """Function that returns the bytes of a file."""
    above: str | None = None
    """Path before each name in an archive; None for a folder."""
    links: Collection[str] = ()
    """Names of links."""

    def text(self, name: str) -> str:
        """Return the text of a file, "" if it cannot be read."""
        with suppress(Unreadable, OSError, KeyError):
            return self.read(name).decode("utf-8-sig", "replace")
        return ""


def list_entries(root: Path, assignment: str = "") -> Listing:
    """List the entries in `root`, a folder or a zip archive of a whole class.

    assignment: nbgrader's folder to read of each student, or the prefix of the names of clones. Raise ValueError if a
    student has two entries, such as `alice/` and `alice.py`, or if `root` is no archive; OSError if it cannot be
    listed.
    """
    root = Path(os.path.abspath(root))
    try:
        found = _listed(_folder(root) if root.is_dir() else _archive(root), assignment)
    except Unreadable as error:
        raise ValueError(f"{root} {error}") from error
    counts = Counter(entry.student for entry in found.entries)
    if twice := [entry for entry in found.entries if counts[entry.student] > 1]:
        names = ", ".join(sorted(show(entry.files[0][0] if entry.files else entry.path.name) for entry in twice))
        raise ValueError(f"one student has more than one submission: {names}. Keep one for each student.")
    return Listing(tuple(sorted(found.entries, key=lambda entry: entry.student)), found.others)


def _folder(root: Path) -> _Top:
    if (root / "submitted").is_dir() and any((root / name).exists() for name in _NBGRADER):
        root = root / "submitted"
    with os.scandir(root) as found:
        seen = sorted((item for item in found if not skipped(item.name)), key=lambda item: item.name)
    names = {item.name: item.is_dir(follow_symlinks=False) for item in seen}
    links = {item.name for item in seen if item.is_symlink()}
    return _Top(root, names, lambda name: read_bytes(root, (name,), _SMALL), links=links)


def _archive(root: Path) -> _Top:
    """List an archive, below the one folder that holds all students if there is one.

    It has the archive's name, or holds folders or names of a platform; otherwise it is the folder of one student.
    """
    tree, above = download(root), ""
    (name, folder), *more = _names(tree).items() or [("", False)]
    if folder and not more and not read_name(name, folder):
        inside = tree.below((name,))
        if name == root.stem or any(deep or read_name(item, deep) for item, deep in _names(inside).items()):
            tree, above = inside, f"{name}/"
    return _Top(root, _names(tree), lambda name: tree.files[name,].read(_SMALL), above)


def _names(tree: Tree) -> dict[str, bool]:
    """Return the names at the top, sorted: name → whether it is a folder."""
    found: dict[str, bool] = {}
    for parts in sorted((*tree.files, *tree.links)):
        found[parts[0]] = found.get(parts[0], False) or len(parts) > 1
    return found


def _listed(top: _Top, assignment: str) -> Listing:
    """Return the entries of the names in a folder or archive: uploads of a platform, else submissions; others apart."""
    receipts = [name for name in top.names if (found := _BLACKBOARD.fullmatch(name)) and found["receipt"]]
    logins = [found[1] for name in receipts if (found := _RECEIPT.search(top.text(name)))]
    uploads: dict[str, list[tuple[str, Upload]]] = defaultdict(list)
    rest = []
    for name, folder in top.names.items():
        if upload := None if name in top.links else read_name(name, folder, logins):
            uploads[upload.student].append((name, upload))
        elif name != METADATA:
            rest.append(name)
    flat = not any(top.names[name] for name in rest) and not uploads
    mine = [name for name in rest if top.names[name] or name in top.links or kind(name) or is_archive(name)]
    taken = {stem(name) for name in mine}
    # Of what is no source, an archive is a submission to refuse. Where every student is a file, a document is one, too,
    # unless the student has handed in a source beside it.
    refused, known = (*ARCHIVES, *DOCUMENTS) if flat else ARCHIVES, set(mine)
    mine += [name for name in rest if name not in known and name.casefold().endswith(refused)
             and (name.casefold().endswith(ARCHIVES) or stem(name) not in taken)]  # fmt: skip
    entries = [_of_student(top, student, files) for student, files in uploads.items()]
    persons = people(top.text(METADATA)) if METADATA in top.names else {}
    for entry in _plain(top, mine, assignment):
        student, when = persons.get(entry.student, ("", None))
        entries.append(replace(entry, student=student, when=when, dated=False) if student else entry)
    known.update(mine)
    return Listing(tuple(entries), tuple(show(name) for name in rest if name not in known))


def _plain(top: _Top, names: Sequence[str], assignment: str) -> Iterator[Entry]:
    """Yield an entry for each name that is not a platform's upload; names of clones lose the prefix that all share."""
    clones = {name for name in names if top.above is None and top.names[name]
              and os.path.exists(top.root / name / ".git")}  # fmt: skip
    prefix = f"{assignment or top.root.name.removesuffix('-submissions')}-"
    prefix = prefix if all(name.startswith(prefix) for name in clones) else ""
    for name in names:
        whole = entry_of(top.root / name)
        if top.above is not None:
            shown = "" if top.names[name] else name
            yield Entry(show(stem(shown) or name), top.root, ((top.above + name, shown),))
        elif name in clones:
            yield replace(whole, student=show(name.removeprefix(prefix)))
        else:
            yield replace(whole, files=((assignment, ""),)) if top.names[name] and assignment else whole


def _of_student(top: _Top, student: str, uploads: Sequence[tuple[str, Upload]]) -> Entry:
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
        files.append(((top.above or "") + name, before + upload.shown))
    late = any(upload.late for _, upload in uploads)
    notes = [f"Not read, because it was handed in again: {', '.join(older)}."] if older else []
    notes += ["The platform marked it as late."] if late else []
    numbered = len(times) > 1 or any(upload.numbered for _, upload in kept)
    return Entry(student, top.root, tuple(files), late, dated=False, notes=tuple(notes), numbered=numbered)


def is_class(path: Path) -> bool:
    """Return whether a path can hold a class: a folder or an archive."""
    return path.is_dir() or is_archive(path.name)
