"""The pipeline: the checks of a trial in order, diagnosis and hints, and the findings as one ExerciseReport."""

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

from autograder.checks import CHECKS
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.grading.feedback import EXPLAINING, Shown, concealed, merged, trial_to_tell, with_answers
from autograder.implementation import Implementation
from autograder.report.engine import VERSION
from autograder.report.report import ExerciseReport, Finding, Report, Status, total, worst
from autograder.sandbox.limits import Total
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function

if TYPE_CHECKING:
    from autograder.diagnosis.evidence import KnownMistakes

# Checks that measure CPU time run last, in a process of their own.
ALONE = tuple(name for name, check in CHECKS.items() if check.alone)
VARIANTS = 64


@dataclass(frozen=True)
class Options:
    """Options of grading: the key, the checks to skip, and whether hidden numbers are shown."""

    key: str = ""
    """The course's secret, from which the hidden inputs are drawn."""
    skip: frozenset[str] = frozenset()
    """Checks to leave out, with their points."""
    reveal: bool = False
    """Whether the numbers of hidden cases are shown."""


def grade_exercise(
    variant: Variant, implementation: Implementation, options: Options = Options(),
    known_mistakes: KnownMistakes | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    """Return all findings of an implementation on a variant, diagnosed; a GraderFault is left to the caller."""
    trial = Trial(variant, implementation, options.reveal)
    return time(trial, run_checks(trial, options, known_mistakes), options.skip)


def grade_to_teach(
    variant: Variant, implementation: Implementation, options: Options = Options(), shown: Shown | None = None,
    total: Total | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    """Return the findings of an implementation for a student to read, with the smallest failing case and hints.

    shown: source of the messages; None where the variant's inputs are no secret. total: time of all processes; what is
    timed, the run on a shown variant and the small inputs each get all of it again, so that none takes another's time.
    """
    renew = total.renew if total is not None else lambda: None
    trial = Trial(variant, implementation, options.reveal)
    if shown is None:
        findings = run_checks(trial, options)
        renew()
        return _teach(trial, time(trial, findings, options.skip))
    graded = undiagnosed(trial, options.skip | EXPLAINING)
    renew()
    graded = tuple(map(concealed, time(trial, graded, options.skip, named=False)))
    if all(map(_is_fine, graded)) and not any(function.curve for function in variant.exercise.functions):
        return graded
    renew()

    def run(trial: Trial) -> tuple[Finding, ...]:
        """Return the findings on a shown variant; a training runs there only if it failed in the graded run."""
        found = undiagnosed(trial, options.skip)
        failed = any(finding.check == "training" and not _is_fine(finding) for finding in graded)
        return found + CHECKS["training"](trial, found) if failed else found

    other, told = trial_to_tell(shown, trial, graded, run)
    told = told if all(map(_is_fine, told)) else _diagnose(other, told, None)
    renew()
    return merged(graded, with_answers(other, _teach(other, _named(other, told))))


def _teach(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings with hints. The import is inside the function because a right answer needs none."""
    if all(map(_is_fine, findings)):
        return findings
    from autograder.diagnosis.hint import add_hints

    return add_hints(trial, findings)


def run_checks(
    trial: Trial, options: Options = Options(), known_mistakes: KnownMistakes | None = None
) -> tuple[Finding, ...]:
    """Return the diagnosed findings of every check but those of ALONE. The trial keeps the results of its calls."""
    findings = undiagnosed(trial, options.skip)
    return findings if all(map(_is_fine, findings)) else _diagnose(trial, findings, known_mistakes)


def undiagnosed(trial: Trial, skip: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return the findings of every check but those of ALONE. The contract is never skipped: the others need it."""
    findings: tuple[Finding, ...] = ()
    for name, check in CHECKS.items():
        if name == "contract" or name not in {*ALONE, *skip}:
            findings += check(trial, findings)
    return findings


def _is_fine(finding: Finding) -> bool:
    return finding.status in ("passed", "skipped")


def _diagnose(trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes | None) -> tuple[Finding, ...]:
    """Return the findings with hints and names of mistakes. The import is here because a right answer needs none."""
    from autograder.diagnosis.diagnosis import diagnose
    from autograder.diagnosis.evidence import KnownMistakes

    known = known_mistakes or trial.variant.once("known mistakes", lambda: KnownMistakes(trial.variant))
    return diagnose(trial, findings, known)


def time(
    trial: Trial, findings: tuple[Finding, ...], skip: Collection[str], named: bool = True
) -> tuple[Finding, ...]:
    """Return the findings with those of the checks ALONE added. The trial's process must have run no other exercise.

    named: the finding of a failed training gets the name of the known mistake.
    """
    for name in ALONE:
        if name not in skip:
            findings += CHECKS[name](trial, findings)
    return _named(trial, findings) if named else findings


def _named(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    if trial.exercise.training is None:
        return findings
    from autograder.checks.training_run import rerun

    return rerun(trial, findings)


def sum_up(exercise: Exercise, findings: tuple[Finding, ...], variant: str | None = None) -> ExerciseReport:
    """Return the report on an exercise: its points, and the worst status of all findings, with points or without."""
    score, status = round(sum(finding.score for finding in findings), 6), worst(f.status for f in findings)
    return ExerciseReport(exercise.name, exercise.unit, status, score, exercise.max_score, findings, variant=variant)


def not_submitted(exercise: Exercise, refused: str | None) -> ExerciseReport:
    """Return the report on an exercise without a text. refused: why, where one came and was refused."""
    status: Status = "skipped" if refused is None else "error"
    message = f"{exercise.name}.py was not handed in." if refused is None else refused
    return sum_up(exercise, (Finding("contract", "", status, message=message),))


def broken(exercise: Exercise, fault: BaseException) -> ExerciseReport:
    """Return the report for a fault of the grader: it is listed, and counts neither as a zero nor as a pass."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
    message = f"The grader failed, not the answer: {type(fault).__name__}: {fault}{place}. It will be graded again."
    return sum_up(exercise, (Finding("grader", "", "broken", message=message),))


def report(
    submission: str, tier: str, exercises: tuple[ExerciseReport, ...], notes: tuple[str, ...] = (),
    submitted_at: datetime | None = None, clock: str = "",
) -> Report:  # fmt: skip
    """Return the report on one submission."""
    score, max_score = total(exercises)
    when = submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if submitted_at else None
    return Report(
        submission, tier, score, max_score, exercises, notes, VERSION, environment(), when, clock if when else ""
    )


def environment() -> dict[str, str]:
    """Return name → version of Python and packages, and the machine, on which results depend besides the engine."""
    return {"python": platform.python_version(), "numpy": np.__version__, "machine": platform.machine()}


def seed_of(key: str, exercise: str, identity: str) -> int:
    """Return the seed of a program's hidden inputs. It depends on the key, and is equal for equal programs.

    identity: hash of the program, which selects one of VARIANTS variants that a class shares (docs/decisions/0005).
    """
    return seed_from(exercise_key(key, exercise), identity)


def exercise_key(key: str, exercise: str) -> str:
    """Return the key of one exercise, derived from the course's key; it tells nothing about the other keys."""
    return hmac.new(key.encode(), f"exercise {exercise}".encode(), hashlib.sha256).hexdigest()


def seed_from(exercise_key: str, identity: str) -> int:
    """Return the seed of the hidden inputs for a program of this identity."""
    number = _number(exercise_key, identity) % VARIANTS
    return _number(exercise_key, f"paper {number}")


def variant_code(exercise_key: str, identity: str) -> str:
    """Return the code in a report for a program's hidden inputs: it can be verified with the key, and without the key
    no input can be computed from it."""
    words = f"code {identity} {seed_from(exercise_key, identity)}"
    return hmac.new(exercise_key.encode(), words.encode(), hashlib.sha256).hexdigest()


def _number(key: str, words: str) -> int:
    return int.from_bytes(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()[:8], "little")


def without(exercise: Exercise, skip: Collection[str]) -> Exercise:
    """Return the exercise without the points of the checks to skip."""
    functions = list[Function]()
    for each in exercise.functions:
        if each.kind in skip:  # the other points require right outputs, which are not checked then
            functions.append(replace(each, outputs=dict.fromkeys(each.outputs, 0.0), points={}))
        else:
            points = {name: worth for name, worth in each.points.items() if name not in skip}
            functions.append(replace(each, points=points))
    return replace(exercise, functions=tuple(functions))
