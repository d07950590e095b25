"""The run behind a grade, once more: the same text, the same seed, the same checks; and what is not the same.

For disputes: a verdict that comes out again is no accident of a machine, and one that does not says what has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.batch.graded_runs import GradedRun
from autograder.checks import CHECKS
from autograder.grading.answer import Answer, AnswerGrader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options, environment, seed_of, without
from autograder.report.engine import VERSION
from autograder.report.report import ExerciseReport, Finding
from autograder.sandbox import Sandbox
from autograder.spec.exercise import Exercise

_VARYING = {name for name, check in CHECKS.items() if check.varies}


@dataclass(frozen=True)
class Fact:
    """Something the verdict depends on: as it was, as it is now. now: None where it cannot be known here."""

    name: str
    then: str
    now: str | None

    @property
    def same(self) -> bool:
        """Whether it is what it was."""
        return self.now == self.then


def facts(kept: GradedRun, suite: str | None, tier: str, key: str) -> list[Fact]:
    """Everything that could make a difference. suite: the hash of the exercise as it is today; None without the key,
    which is part of it."""
    digest = hashlib.sha256(kept.text.encode()).hexdigest()
    drawn = str(seed_of(key, kept.graded.name, identity(kept.text))) if key else None
    found = [Fact("text", kept.sha256, digest), Fact("seed", str(kept.seed), drawn)]
    found += [Fact("suite", kept.graded.suite or "", suite), Fact("engine", kept.engine, VERSION)]
    found += [Fact("tier", kept.parts["tier"], tier)]
    now = environment()
    return found + [Fact(name, then, now.get(name)) for name, then in sorted(kept.environment.items())]


def replay(exercise: Exercise, kept: GradedRun, sandbox: Sandbox, *, reveal: bool = False) -> ExerciseReport:
    """The exercise graded again on the paper of the journal's seed. reveal: with the numbers of hidden cases."""
    graded = kept.graded
    grader = AnswerGrader(sandbox, Options(skip=kept.skip, reveal=reveal), seed=kept.seed)
    answer = Answer(kept.text, identity(kept.text), graded.source, graded.path)
    return replace(grader.grade(without(exercise, kept.skip), answer), suite=graded.suite)


def differences(then: ExerciseReport, now: ExerciseReport) -> Iterator[str]:
    """What the second run says otherwise, a sentence each. How fast it was is never twice the same."""
    before, after = ({_key(finding): finding for finding in run.findings} for run in (then, now))
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
