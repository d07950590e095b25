"""Gradescope's results.json: a test for each exercise, visible as the settings in the zip say; and its metadata.

A first test without points says which files were read. It is always visible, also if all other tests are hidden.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.render.view import brief, text, tier_words
from autograder.report.escape import show
from autograder.report.json import written
from autograder.report.report import ExerciseReport, Report, counted
from autograder.submission.listing import instant

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
    when = instant(str(record.get("created_at")))
    return Metadata(number if type(number) is int else None, when, tuple(emails))


UNFINISHED = "Not graded yet. Where this stays, grading was cut short: ask for it to be run again. It is no zero."
_COLUMNS = 8


def to_results(report: Report, settings: Settings, metadata: Metadata, seconds: float) -> str:
    """Return the final results, with points at the tests. The report must not be broken."""
    assert report.status != "broken", "what the grader broke has no results"
    report = counted(report)
    shown = settings.visibility == "visible"
    result = {
        **_frame(report, metadata, seconds),
        **({"output": f"{text(report.why)}\n{text(tier_words(report.tier))}"} if report.why and shown else {}),
        "tests": [_read(report), *_tests(report, settings.visibility, True)],
        **({"leaderboard": leaderboard(report)} if settings.leaderboard and shown else {}),
    }
    return written(result, 1)


def to_partial(report: Report, waiting: Sequence[str], settings: Settings, metadata: Metadata, seconds: float) -> str:
    """Return the results so far without points, so that after an interruption they cannot be taken for a grade."""
    rest = [{"name": text(name), "output": UNFINISHED, **_plain(settings.visibility)} for name in waiting]
    tests = [_read(report), *_tests(report, settings.visibility, False), *rest]
    return written({**_frame(report, metadata, seconds), "output": UNFINISHED, "tests": tests}, 1)


def _frame(report: Report, metadata: Metadata, seconds: float) -> dict[str, Any]:
    """Return the fields above the tests. The grader's printed output is visible to instructors only."""
    when = metadata.created_at.isoformat() if metadata.created_at else None
    return {
        "execution_time": math.ceil(seconds),
        "output": text(tier_words(report.tier)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"tier": report.tier, "engine": report.engine, "created_at": when, "mac": report.mac},
    }


def _read(report: Report) -> dict[str, Any]:
    """Return the test that says which files were read."""
    found = [exercise for exercise in report.exercises if exercise.source]
    refused = [exercise for exercise in report.exercises if not exercise.source and exercise.status == "error"]
    lines = [f"read: {text(exercise.name)} from {text(exercise.path or '')}" for exercise in found]
    lines += [f"not read: {text(exercise.name)}: {brief(exercise)[-1].strip()}" for exercise in refused]
    lines += [f"not handed in: {text(e.name)}" for e in report.exercises if e not in found and e not in refused]
    lines += [text(note) for note in report.notes]
    status = "failed" if refused or not found else "passed"
    return {"name": "What was read", "status": status, "output": "\n".join(lines), **_plain("visible")}


def _tests(report: Report, visibility: str, points: bool) -> list[dict[str, Any]]:
    units = list(dict.fromkeys(exercise.unit for exercise in report.exercises))
    counts = dict.fromkeys(units, 0)
    tests = []
    for exercise in report.exercises:
        counts[exercise.unit] += 1
        number = f"{units.index(exercise.unit) + 1}.{counts[exercise.unit]}"
        tests.append(_test(exercise, number, points) | _plain(visibility))
    return tests


def _test(exercise: ExerciseReport, number: str, points: bool) -> dict[str, Any]:
    return {
        "name": text(exercise.name),
        "number": number,
        "status": "passed" if exercise.status == "passed" else "failed",
        "output": "\n".join(brief(exercise)),
        "tags": [text(exercise.unit)] if exercise.unit else [],
        **({"score": exercise.score, "max_score": exercise.max_score} if points else {}),
    }


def _plain(visibility: str) -> dict[str, Any]:
    return {"output_format": "text", "name_format": "text", "visibility": visibility}


def leaderboard(report: Report) -> list[dict[str, Any]]:
    """Return the number of exercises solved, and the geometric mean of the speed ratios of right answers.

    With few exercises also the ratio of each one's slowest function. Ratios below 1 are mostly noise and count as 1.
    """
    solved = [exercise for exercise in report.exercises if exercise.status in ("passed", "slow")]
    ratios = {exercise.name: ratio for exercise in solved if (ratio := _ratio(exercise))}
    board: list[dict[str, Any]] = [{"name": "exercises solved", "value": len(solved), "order": "desc"}]
    if ratios:
        mean = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
        board.append({"name": "times the reference's time", "value": round(mean, 2), "order": "asc"})
    if len(report.exercises) <= _COLUMNS:
        board += [{"name": text(name), "value": round(ratio, 2), "order": "asc"} for name, ratio in ratios.items()]
    return board


def _ratio(exercise: ExerciseReport) -> float | None:
    measured = [finding.figures["ratio"] for finding in exercise.findings if "ratio" in finding.figures]
    finite = [max(ratio, 1.0) for ratio in measured if math.isfinite(ratio)]
    return max(finite, default=None)
