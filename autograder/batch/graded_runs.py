"""Graded runs of one student, read from a journal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.batch.journal import NAME
from autograder.errors import UsageError
from autograder.report.json import exercise_from_dict
from autograder.report.report import ExerciseReport


@dataclass(frozen=True)
class GradedRun:
    """Run behind a standing grade."""

    graded: ExerciseReport
    text: str
    """Text that was executed."""
    sha256: str
    """Hash of the text when it was graded."""
    seed: int
    """Seed of the hidden inputs."""
    parts: Mapping[str, str]
    """Parts of the suite (autograder/grading/suite.py)."""
    engine: str
    environment: Mapping[str, str]
    """Package → version."""

    @property
    def skip(self) -> frozenset[str]:
        """Return the checks that were left out."""
        return frozenset(filter(None, self.parts["skip"].split(",")))


def from_record(text: str) -> tuple[ExerciseReport, int]:
    """Parse a verdict that `Journal.add` wrote, and the seed of its hidden inputs."""
    record = json.loads(text)
    seed = int(record.pop("seed"))
    return exercise_from_dict(record), seed


def graded_runs(folder: Path, student: str) -> list[GradedRun]:
    """Read the runs behind this student's grades. UsageError: there is no journal, or the student is not in it."""
    path = folder / NAME
    if not path.is_file():
        repair = "Name the folder that `handgrad grade` wrote: a report alone holds no text, so it replays nothing"
        raise UsageError(f"{folder} holds no {NAME}. {repair}.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as journal:
            known = [name for (name,) in journal.execute("SELECT student FROM submission ORDER BY student")]
            rows = journal.execute(_RUNS, (student,)).fetchall()
        if student not in known:
            raise UsageError(f"{path} knows no student {student}. The first is {min(known, default='nobody')}.")
        return [_run(*row) for row in rows]
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Grade into another folder.") from error


def _run(
    report: str, submitted: str, origin: str, text: str, sha256: str, parts: str, engine: str, environment: str
) -> GradedRun:
    graded, seed = from_record(report)
    found = replace(graded, source=submitted, path=origin)
    return GradedRun(found, text, sha256, seed, json.loads(parts), engine, json.loads(environment))


_RUNS = """
SELECT r.report, g.submitted, g.path, t.text, t.sha256, s.parts, u.engine, s.environment
FROM standing AS g JOIN record AS r ON r.id = g.record JOIN source AS t ON t.id = r.source
    JOIN suite AS s ON s.id = r.suite JOIN run AS u ON u.id = g.run
WHERE g.student = ? AND r.status <> 'broken'
"""
