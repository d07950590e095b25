"""Repetition of a graded run, and its differences from the first time.

For disputes: an equal verdict rules out an accident of the machine; another one is explained by the facts that changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from autograder.checks import CHECKS
from autograder.grading.grader import Answer, Grader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options, environment, seed_of, without
from autograder.report.engine import VERSION
from autograder.report.report import ExerciseReport, Finding
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.exercise import Exercise

_VARYING = {name for name, check in CHECKS.items() if check.varies}


@dataclass(frozen=True)
class GradedRun:
    """The run that a standing grade is from, with all that is needed to repeat it."""

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


Fact = tuple[str, str, str | None]
"""Something that the verdict depends on: its name, its value when the run was graded, and now; None: unknown here."""


def facts(kept: GradedRun, suite: str | None, tier: str, key: str) -> list[Fact]:
    """Return the facts that a verdict depends on, then and now. suite: its hash now; None if the key is unknown."""
    digest = hashlib.sha256(kept.text.encode()).hexdigest()
    drawn = str(seed_of(key, kept.graded.name, identity(kept.text))) if key else None
    now = environment()
    return [
        ("text", kept.sha256, digest), ("seed", str(kept.seed), drawn), ("suite", kept.graded.suite or "", suite),
        ("engine", kept.engine, VERSION), ("tier", kept.parts["tier"], tier),
        *((name, then, now.get(name)) for name, then in sorted(kept.environment.items())),
    ]  # fmt: skip


def replay(exercise: Exercise, kept: GradedRun, sandbox: Sandbox, *, reveal: bool = False) -> ExerciseReport:
    """Return the report of the run's text graded again with the run's seed. reveal: show numbers of hidden cases."""
    graded = kept.graded
    grader = Grader(sandbox, Options(skip=kept.skip, reveal=reveal), seed=kept.seed)
    answer = Answer(kept.text, identity(kept.text), graded.source, graded.path)
    return replace(grader.grade_answer(without(exercise, kept.skip), answer), suite=graded.suite)


def differences(then: ExerciseReport | None, now: ExerciseReport | None, wording: bool = True) -> Iterator[str]:
    """Yield a sentence for each finding whose status or points differ; measured times always differ and are ignored.
    wording: also for findings with another message, mistake or case."""
    before, after = ({_where(each): each for each in report.findings} if report else {} for report in (then, now))
    for where in dict.fromkeys([*before, *after]):
        old, new = before.get(where), after.get(where)
        if _told(old) != _told(new):
            yield f"{where}: {_told(old)} → {_told(new)}"
        elif wording and old and new and _said(old) != _said(new):
            yield f"{where}: says other words now: {new.message}"


def _where(finding: Finding) -> str:
    return " ".join(filter(None, (finding.check, finding.function, finding.output)))


def _told(finding: Finding | None) -> str:
    if finding is None:
        return "not asked"
    return finding.status + (f" {finding.score:g}/{finding.max_score:g}" if finding.max_score else "")


def _said(finding: Finding) -> tuple[object, ...]:
    return finding.mistake, finding.case, finding.check in _VARYING or finding.message
