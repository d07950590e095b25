"""One submission → one Report, exercise by exercise, here and now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.grading.answer import Answer, AnswerGrader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options, not_submitted, report, without
from autograder.grading.variant_cache import VariantCache
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.source import Source, Submission


def grade_submission(
    submission: Submission,
    exercises: Iterable[Exercise],
    sandbox: Sandbox,
    options: Options = Options(),
    variants: VariantCache | None = None,
    suites: Mapping[str, str] | None = None,
) -> Report:
    """The verdict on one submission; no fault of a student's code or of the grader's machinery stops it.

    papers: those of earlier submissions, which were graded with the same options. suites: what the records bear.
    """
    grader = AnswerGrader(sandbox, options, variants or VariantCache(), suites or {})
    graded = [_grade(without(exercise, options.skip), submission, grader) for exercise in exercises]
    when, clock = submission.submitted_at, submission.clock
    return report(submission.student, sandbox.tier, tuple(graded), submission.notes, when, clock)


def _grade(exercise: Exercise, submission: Submission, grader: AnswerGrader) -> ExerciseReport:
    found = handed_in(submission, exercise.name)
    if not isinstance(found, Source):
        return not_handed_in(exercise, found)
    return grader.grade(exercise, Answer(found.text, identity(found.text), found.sha256, found.origin))


def handed_in(submission: Submission, name: str) -> Source | str | None:
    """The text for this exercise; the reason, where it was refused; None where there is none."""
    if name in submission.refused:
        return submission.refused[name].reason
    return submission.sources.get(name) or submission.module


def not_handed_in(exercise: Exercise, reason: str | None) -> ExerciseReport:
    """The record of an exercise of which there is no text. reason: why what came was refused."""
    if reason is not None:
        return not_submitted(exercise, reason, "error")
    return not_submitted(exercise, f"{exercise.name}.py was not handed in.")
