"""Parse the file names in downloads of learning platforms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.report.escape import show

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
        return Upload(_student(found), "" if folder else found["given"] or name)
    found = None if folder else _CANVAS.fullmatch(name)
    if not found:
        return None
    given = found["given"] or found["entered"]
    repeated = _AGAIN.fullmatch(given)
    shown, version = (repeated["stem"] + repeated["ending"], int(repeated["number"])) if repeated else (given, 0)
    return Upload(_student(found), shown, version, bool(found["late"]))


def _student(found: re.Match[str]) -> str:
    return show("_".join(filter(None, (found["name"], found["id"]))))


def name_and_number(student: str) -> tuple[str, str]:
    """Split `Upload.student` into name and number, either of which may be "".

    The number that Canvas makes for an anonymous student is in no gradebook, so it is not split off.
    """
    name, _, number = student.rpartition("_")
    return (name, number) if re.fullmatch(r"[0-9]+", number) and name != "anon" else (student, "")
