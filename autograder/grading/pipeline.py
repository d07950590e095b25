"""The pipeline: a Trial goes through a visible tuple of steps, and its findings become one ExerciseReport."""

from __future__ import annotations

import hashlib
import hmac
import platform
import traceback
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from autograder.checks import CHECKS, Check
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.implementation import Implementation
from autograder.report.engine import VERSION
from autograder.report.report import ExerciseReport, Finding, Report, Status, total, worst
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function

if TYPE_CHECKING:
    from autograder.diagnosis import KnownMistakes

# What takes longest, and rests on all the others.
ALONE = tuple(name for name, check in CHECKS.items() if check.alone)


VARIANTS = 64


@dataclass(frozen=True)
class Options:
    """How to grade. key: the course's secret, which the hidden inputs come from. skip: checks to leave out, with
    their points. reveal: show the numbers of hidden cases."""

    key: str = ""
    skip: frozenset[str] = frozenset()
    reveal: bool = False


def steps(skip: Collection[str] = ()) -> tuple[Check, ...]:
    """The checks in order, less those to skip or to make alone. The contract always stays: the others build on it."""
    return tuple(check for name, check in CHECKS.items() if name == "contract" or name not in {*ALONE, *skip})


def grade_exercise(
    variant: Variant,
    implementation: Implementation,
    options: Options = Options(),
    known_mistakes: KnownMistakes | None = None,
) -> tuple[Finding, ...]:
    """One candidate's findings on one paper: examined, then timed."""
    return time(variant, implementation, examine(variant, implementation, options, known_mistakes), options)


def grade_to_teach(
    variant: Variant, implementation: Implementation, options: Options = Options(), clean: Implementation | None = None
) -> tuple[Finding, ...]:
    """The same findings, for a student to read: with the smallest failing case and hints.

    clean: of a stranger's answer, the same in a process that never meets a hidden input.
    """
    trial = Trial(variant, implementation, options.reveal, clean=clean)
    findings = time(variant, implementation, run_checks(trial, options), options)
    if all(map(_is_fine, findings)):
        return findings
    from autograder.diagnosis.teaching import teach

    return teach(trial, findings)


def examine(
    variant: Variant,
    implementation: Implementation,
    options: Options = Options(),
    known_mistakes: KnownMistakes | None = None,
) -> tuple[Finding, ...]:
    """Every check but training and speed, diagnosed. GraderFault passes through: the caller retries."""
    return run_checks(Trial(variant, implementation, options.reveal), options, known_mistakes)


def run_checks(
    trial: Trial, options: Options = Options(), known_mistakes: KnownMistakes | None = None
) -> tuple[Finding, ...]:
    """The same, of a trial that the caller keeps, for what it remembers."""
    findings: tuple[Finding, ...] = ()
    for step in steps(options.skip):
        findings += step(trial, findings)
    return findings if all(map(_is_fine, findings)) else _diagnose(trial, findings, known_mistakes)


def _is_fine(finding: Finding) -> bool:
    return finding.status in ("passed", "skipped")


def _diagnose(trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes | None) -> tuple[Finding, ...]:
    """Imported when something fails: a right answer should not wait for it."""
    from autograder.diagnosis import KnownMistakes, diagnose

    return diagnose(
        trial, findings, known_mistakes or trial.variant.once("gallery", lambda: KnownMistakes(trial.variant))
    )


def time(
    variant: Variant, implementation: Implementation, findings: tuple[Finding, ...], options: Options = Options()
) -> tuple[Finding, ...]:
    """The findings, with those of training and speed. Give a candidate whose process has run no other exercise."""
    trial = Trial(variant, implementation, options.reveal)
    for name in ALONE:
        if name not in options.skip:
            findings += CHECKS[name](trial, findings)
    if variant.exercise.training is None:
        return findings
    from autograder.checks.training_mistakes import rerun

    return rerun(trial, findings)


def sum_up(
    exercise: Exercise,
    findings: tuple[Finding, ...],
    variant: str | None = None,
    source: str | None = None,
    path: str | None = None,
) -> ExerciseReport:
    """Points and the worst status; findings worth nothing to the reader's score still count for the status."""
    score = round(sum(finding.score for finding in findings), 6)
    status = worst(finding.status for finding in findings)
    return ExerciseReport(
        exercise.name, exercise.unit, status, score, exercise.max_score, findings, source, variant, path
    )


def not_submitted(exercise: Exercise, message: str, status: Status = "skipped") -> ExerciseReport:
    """An exercise of which nothing could be read; `message` says why."""
    finding = Finding("contract", "", status, message=message)
    return ExerciseReport(exercise.name, exercise.unit, status, 0.0, exercise.max_score, (finding,))


def broken(exercise: Exercise, fault: BaseException) -> ExerciseReport:
    """The grader's own fault: listed, never a zero that counts and never a pass."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
    message = f"The grader failed, not the answer: {type(fault).__name__}: {fault}{place}. It will be graded again."
    return ExerciseReport(
        exercise.name, exercise.unit, "broken", 0.0, exercise.max_score,
        (Finding("grader", "", "broken", message=message),),
    )  # fmt: skip


def report(
    submission: str,
    tier: str,
    exercises: tuple[ExerciseReport, ...],
    notes: tuple[str, ...] = (),
    submitted_at: datetime | None = None,
    clock: str = "",
) -> Report:
    """The frozen record of one submission."""
    score, max_score = total(exercises)
    when = submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if submitted_at else None
    return Report(
        submission, tier, score, max_score, exercises, notes, VERSION, environment(), when, clock if when else ""
    )


def environment() -> dict[str, str]:
    """What the numbers depend on besides the engine."""
    return {"python": platform.python_version(), "numpy": np.__version__, "machine": platform.machine()}


def seed_of(key: str, exercise: str, identity: str) -> int:
    """The seed of the hidden inputs: nobody without the key can know it, and the same program always gets the same.

    identity: of the program, which decides which of PAPERS papers is sat, so that a large class shares them
    (docs/decisions/0005).
    """
    return seed_from(exercise_key(key, exercise), identity)


def exercise_key(key: str, exercise: str) -> str:
    """The key of one exercise, made from the course's: the others do not follow from it."""
    return hmac.new(key.encode(), f"exercise {exercise}".encode(), hashlib.sha256).hexdigest()


def seed_from(exercise_key: str, identity: str) -> int:
    """The seed of the hidden inputs that a program of this identity meets."""
    number = _number(exercise_key, identity) % VARIANTS
    return _number(exercise_key, f"paper {number}")


def paper_code(exercise_key: str, identity: str) -> str:
    """What stands in a report for the hidden inputs of a program of this identity: whoever has the key can verify it,
    and nobody else can draw an input from it."""
    words = f"code {identity} {seed_from(exercise_key, identity)}"
    return hmac.new(exercise_key.encode(), words.encode(), hashlib.sha256).hexdigest()


def _number(key: str, words: str) -> int:
    return int.from_bytes(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()[:8], "little")


def without(exercise: Exercise, skip: Collection[str]) -> Exercise:
    """The exercise less the points of the checks to skip."""
    return replace(exercise, functions=tuple(_without(function, skip) for function in exercise.functions))


def _without(function: Function, skip: Collection[str]) -> Function:
    if function.kind in skip:  # the others are earned by right outputs, which then nobody looks at
        return replace(function, outputs=dict.fromkeys(function.outputs, 0.0), points={})
    return replace(function, points={name: worth for name, worth in function.points.items() if name not in skip})
