"""Graded runs of one student, read from a journal; their repetition, and the differences from the first run.

For disputes: an equal verdict rules out an accident of the machine; another one is explained by the facts that changed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.batch.journal import NAME, from_record
from autograder.checks import CHECKS
from autograder.errors import UsageError
from autograder.grading.grader import Answer, Grader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options, environment, seed_of, without
from autograder.report.engine import VERSION
from autograder.report.report import ExerciseReport, Finding
from autograder.sandbox import Sandbox
from autograder.spec.exercise import Exercise

_VARYING = {name for name, check in CHECKS.items() if check.varies}


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
        return [_graded_run(*row) for row in rows]
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Grade into another folder.") from error


def _graded_run(
    report: str, submitted: str, origin: str, text: str, sha256: str, parts: str, engine: str, environment: str
) -> GradedRun:
    graded, seed = from_record(report)
    found = replace(graded, source=submitted, path=origin)
    return GradedRun(found, text, sha256, seed, json.loads(parts), engine, json.loads(environment))


@dataclass(frozen=True)
class Fact:
    """Something that the verdict depends on."""

    name: str
    then: str
    """Value when the run was graded."""
    now: str | None
    """Current value; None where it cannot be known here."""

    @property
    def same(self) -> bool:
        """Return whether the value is unchanged."""
        return self.now == self.then


def facts(kept: GradedRun, suite: str | None, tier: str, key: str) -> list[Fact]:
    """Return everything that can change the verdict. suite: current hash of the suite; None without the key."""
    digest = hashlib.sha256(kept.text.encode()).hexdigest()
    drawn = str(seed_of(key, kept.graded.name, identity(kept.text))) if key else None
    found = [Fact("text", kept.sha256, digest), Fact("seed", str(kept.seed), drawn)]
    found += [Fact("suite", kept.graded.suite or "", suite), Fact("engine", kept.engine, VERSION)]
    found += [Fact("tier", kept.parts["tier"], tier)]
    now = environment()
    return found + [Fact(name, then, now.get(name)) for name, then in sorted(kept.environment.items())]


def replay(exercise: Exercise, kept: GradedRun, sandbox: Sandbox, *, reveal: bool = False) -> ExerciseReport:
    """Grade the run's text again with the variant of its seed. reveal: show the numbers of hidden cases."""
    graded = kept.graded
    grader = Grader(sandbox, Options(skip=kept.skip, reveal=reveal), seed=kept.seed)
    answer = Answer(kept.text, identity(kept.text), graded.source, graded.path)
    return replace(grader.grade_answer(without(exercise, kept.skip), answer), suite=graded.suite)


def differences(then: ExerciseReport, now: ExerciseReport) -> Iterator[str]:
    """Yield a sentence for each difference from the first run. Measured times always differ, so they are ignored."""
    before, after = ({_key(finding): finding for finding in report.findings} for report in (then, now))
    for key in dict.fromkeys([*before, *after]):
        where = " ".join(word for word in key if word)
        if key not in after or key not in before:
            yield f"{where}: {'is not there now' if key in before else 'was not there then'}"
        elif _verdict(before[key]) != _verdict(after[key]):
            yield f"{where}: was {_words(before[key])}, is {_words(after[key])}"
        elif key[0] not in _VARYING and before[key].message != after[key].message:
            yield f"{where}: says other words now: {after[key].message}"


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.check, finding.function, finding.output or ""


def _verdict(finding: Finding) -> tuple[object, ...]:
    return finding.status, finding.score, finding.max_score, finding.mistake, finding.case


def _words(finding: Finding) -> str:
    named = f" ({finding.mistake})" if finding.mistake else ""
    return f"{finding.status} with {finding.score:g} of {finding.max_score:g}{named}"


_RUNS = """
SELECT r.report, g.submitted, g.path, t.text, t.sha256, s.parts, u.engine, s.environment
FROM standing AS g JOIN record AS r ON r.id = g.record JOIN source AS t ON t.id = r.source
    JOIN suite AS s ON s.id = r.suite JOIN run AS u ON u.id = g.run
WHERE g.student = ? AND r.status <> 'broken'
"""
