"""The run behind a report, once more: the same text, the same seed, the same checks; and what is not the same.

For disputes: a verdict that comes out again is no accident of a machine, and one that does not says what has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder import __version__
from autograder.batch.desk import Answer, Desk
from autograder.batch.identity import identity
from autograder.exercise import Exercise
from autograder.grade import Options, environment, seed_of, without
from autograder.report import ExerciseReport, Finding, Report
from autograder.sandbox import Sandbox

_POINTS = ("purity", "stability", "speed")


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


def facts(
    report: Report, graded: ExerciseReport, text: str, sha256: str, suite: str | None, tier: str, key: str
) -> list[Fact]:
    """Everything that could make a difference. text, sha256: what is at hand; suite: of the exercise as it is today."""
    drawn = str(seed_of(key, graded.name, identity(text))) if key else None
    found = [Fact("text", graded.source or "", sha256), Fact("seed", str(graded.seed), drawn)]
    found += [Fact("suite", graded.suite or "", suite), Fact("engine", report.engine, __version__)]
    found += [Fact("tier", report.tier, tier)]
    now = environment()
    return found + [Fact(name, then, now.get(name)) for name, then in sorted(report.environment.items())]


def skipped(exercise: Exercise, graded: ExerciseReport) -> frozenset[str]:
    """The checks that were left out: those that have points in the exercise and no finding in the report."""
    seen = {finding.check for finding in graded.findings}
    worth = {name for name in _POINTS if any(getattr(function, name) for function in exercise.functions)}
    kinds = {function.kind for function in exercise.functions if any(function.outputs.values())}
    return frozenset((worth | kinds) - seen) if seen - {"contract"} else frozenset()


def replay(
    exercise: Exercise, graded: ExerciseReport, text: str, sandbox: Sandbox, *, reveal: bool = False
) -> ExerciseReport:
    """The exercise graded again on the paper of the report's seed. reveal: with the numbers of hidden cases."""
    skip = skipped(exercise, graded)
    desk = Desk(sandbox, Options(skip=skip, reveal=reveal), seed=graded.seed)
    answer = Answer(text, identity(text), graded.source, graded.path)
    return replace(desk.grade(without(exercise, skip), answer), suite=graded.suite)


def differences(then: ExerciseReport, now: ExerciseReport) -> Iterator[str]:
    """What the second run says otherwise, a sentence each. How fast it was is never twice the same."""
    before, after = ({_key(finding): finding for finding in run.findings} for run in (then, now))
    for key in dict.fromkeys([*before, *after]):
        where = " ".join(word for word in key if word)
        if key not in after or key not in before:
            yield f"{where}: {'is not there now' if key in before else 'was not there then'}"
        elif _verdict(before[key]) != _verdict(after[key]):
            yield f"{where}: was {_words(before[key])}, is {_words(after[key])}"
        elif key[0] != "speed" and before[key].message != after[key].message:
            yield f"{where}: says other words now: {after[key].message}"


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.check, finding.function, finding.output or ""


def _verdict(finding: Finding) -> tuple[object, ...]:
    return finding.status, finding.score, finding.max_score, finding.mistake, finding.case


def _words(finding: Finding) -> str:
    named = f" ({finding.mistake})" if finding.mistake else ""
    return f"{finding.status} with {finding.score:g} of {finding.max_score:g}{named}"
