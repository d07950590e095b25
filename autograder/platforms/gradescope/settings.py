"""What the zip tells the grader inside Gradescope, and what Gradescope tells it of a submission."""

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
    """only: exercises or units, all without one. visibility: when students see points. allow_local: grade without a
    sandbox too. key: the course's secret."""

    only: tuple[str, ...] = ()
    visibility: str = "visible"
    leaderboard: bool = False
    allow_local: bool = False
    key: str = ""

    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_settings(folder: Path) -> Settings:
    """From the file that `text` was written to."""
    record: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Settings(**{**record, "only": tuple(record["only"])})


@dataclass(frozen=True)
class Metadata:
    """One submission, as Gradescope describes it. created_at: when it was handed in, in UTC, which no regrade changes.

    users: e-mail addresses, more than one for a group."""

    id: int | None = None
    created_at: datetime | None = None
    users: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Whose it is."""
        return show("+".join(self.users)) or (f"submission {self.id}" if self.id is not None else "submission")


def read_metadata(path: Path) -> Metadata:
    """From submission_metadata.json. What is missing or not as documented is unknown: nobody's grade hangs on it."""
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
