"""Read the names in downloads of learning platforms: whose a file is, and which of several uploads is the latest.

| platform | name in the download |
|---|---|
| Canvas | `doejane_LATE_123_456_conv2d.py`: name in small letters, number of the student, number of the upload |
| Moodle | `Jane Doe_123_assignsubmission_file_/`: a folder or the beginning of a name; a team may have no number |
| Blackboard | `Lab 1_jdoe_attempt_2026-11-02-10-00-00_conv2d.py`, and a receipt without a file's name behind the time |
| Brightspace | `123-456 - Jane Doe - Nov 2, 2026 1000 AM`: a folder, or the beginning of a file's name |
| Gradescope | `submission_123/`, with names in `submission_metadata.yml` |
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from autograder.report.escape import show

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
        student = show(_login(found["head"], logins))
        receipt = bool(found["receipt"])
        return Upload(student, found["given"] or name, when=found["when"], receipt=receipt, whole=True)
    found = None if folder else _CANVAS.fullmatch(name)
    if not found:
        return None
    return Upload(_owner(found), found["given"] or found["entered"], bool(found["late"]), numbered=True)


def is_receipt(name: str) -> bool:
    """Return whether a file is Blackboard's receipt of an upload."""
    found = _BLACKBOARD.fullmatch(name)
    return bool(found and found["receipt"])


def login(receipt: str) -> str:
    """Return the login name that a receipt of Blackboard states, "" if it states none."""
    found = _RECEIPT.search(receipt)
    return found[1] if found else ""


def _login(head: str, logins: Iterable[str]) -> str:
    """Return the login name behind the assignment's name; both may hold `_`, so a known one is looked for first."""
    known = [each for each in logins if head.endswith(f"_{each}")]
    return max(known, key=len) if known else head.partition("_")[2] or head


def _moment(text: str) -> str:
    """Return the time in Brightspace's name, such that a later one is greater."""
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


@dataclass(frozen=True)
class Person:
    """Submission of Gradescope's export. student: names of all who submitted it; when: time in UTC, None if unknown."""

    student: str
    when: datetime | None


def people(metadata: str) -> Mapping[str, Person]:
    """Return folder → whose it is, from the text of Gradescope's metadata.

    Of two people of one name each is called by the e-mail address, or by the number of the student.
    """
    facts: dict[str, list[tuple[str, str]]] = {}
    for line in metadata.splitlines():
        if begun := _SUBMISSION.fullmatch(line):
            facts[begun[1]] = []
        elif facts and (found := _FACT.fullmatch(line)):
            facts[next(reversed(facts))].append((found[1], found[2].strip("\"'")))
    groups = {folder: list(_persons(each)) for folder, each in facts.items()}
    keys: dict[str, set[str]] = defaultdict(set)
    for person in (person for group in groups.values() for person in group):
        keys[person.get("name", "")].add(person.get("email") or person.get("sid") or "")

    def called(person: Mapping[str, str]) -> str:
        name = person.get("name", "")
        unique = name if len(keys[name]) == 1 else ""
        return unique or person.get("email") or person.get("sid") or name

    return {
        folder: Person(show(" + ".join(map(called, group))), _instant(dict(facts[folder]).get("created_at", "")))
        for folder, group in groups.items()
        if any(map(called, group))
    }


def _persons(facts: Iterable[tuple[str, str]]) -> Iterable[dict[str, str]]:
    person: dict[str, str] = {}
    for key, value in facts:
        if key == "created_at":
            continue
        if key in person:
            yield person
            person = {}
        person[key] = value
    if person:
        yield person


def _instant(text: str) -> datetime | None:
    with suppress(ValueError, OverflowError):
        plain = re.sub(r"\.\d+", "", text).replace(" Z", "+00:00").replace(" UTC", "+00:00")
        when = datetime.fromisoformat(plain)
        return when.astimezone(UTC) if when.tzinfo else None
    return None
