"""The settings in the zip, and Gradescope's metadata of a submission."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.report.escape import show

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
FILE = "handgrad.json"


@dataclass(frozen=True)
class Settings:
    """The settings of an assignment."""

    only: tuple[str, ...] = ()
    """Exercises or units to grade; empty for all."""
    visibility: str = "visible"
    """When students see points."""
    leaderboard: bool = False
    """Show a leaderboard."""
    allow_local: bool = False
    """Grade also without a sandbox."""
    key: str = ""
    """The course's key."""

    def text(self) -> str:
        """Return the settings as JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_settings(folder: Path) -> Settings:
    """Read the settings in a folder."""
    record: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Settings(**{**record, "only": tuple(record["only"])})


@dataclass(frozen=True)
class Metadata:
    """Gradescope's metadata of a submission."""

    id: int | None = None
    """Gradescope's number of the submission."""
    created_at: datetime | None = None
    """Time of submission in UTC, which a regrade does not change."""
    users: tuple[str, ...] = ()
    """E-mail addresses of the student or the group."""

    @property
    def name(self) -> str:
        """Return the name of the submission: its users, else its number."""
        return show("+".join(self.users)) or (f"submission {self.id}" if self.id is not None else "submission")


def read_metadata(path: Path) -> Metadata:
    """Read submission_metadata.json. Missing and invalid entries are unknown; no grade depends on them."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Metadata()
    if not isinstance(record, Mapping):
        return Metadata()
    users = record.get("users")
    people = [user for user in users if isinstance(user, Mapping)] if isinstance(users, list) else []
    emails = sorted(str(user["email"]) for user in people if isinstance(user.get("email"), str) and user["email"])
    number = record.get("id")
    return Metadata(number if type(number) is int else None, _instant(record.get("created_at")), tuple(emails))


def _instant(text: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(text) if isinstance(text, str) else None
        return when.astimezone(UTC) if when and when.tzinfo else None
    except (ValueError, OverflowError):
        return None
