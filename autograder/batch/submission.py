"""One submission → one Report. All its exercises share a worker; what does not pass there is graded again alone."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.checks.paper import Paper
from autograder.exercise import Exercise
from autograder.grade import Options, broken, grade_exercise, not_submitted, report, seed_of, sum_up, without
from autograder.intake.source import Source, Submission
from autograder.report import ExerciseReport, Report
from autograder.sandbox import Sandbox, Session


def grade_submission(
    submission: Submission, exercises: Sequence[Exercise], sandbox: Sandbox, options: Options = Options()
) -> Report:
    """The verdict on one submission; no fault of a student's code or of the grader's machinery stops it."""
    with sandbox.session() as shared:
        first = [_grade(exercise, submission, shared, options) for exercise in exercises]
    alone = len(exercises) > 1
    graded = [
        _again(exercise, submission, sandbox, options) if alone and _doubtful(verdict) else verdict
        for exercise, verdict in zip(exercises, first, strict=True)
    ]
    return report(submission.student, sandbox.tier, tuple(graded), submission.notes)


def _grade(exercise: Exercise, submission: Submission, session: Session, options: Options) -> ExerciseReport:
    if exercise.name in submission.refused:
        return not_submitted(exercise, submission.refused[exercise.name].reason, "error")
    source = submission.sources.get(exercise.name) or submission.module
    if source is None:
        return not_submitted(exercise, f"{exercise.name}.py was not handed in.")
    try:
        return _sit(exercise, source, session, options)
    except Exception as fault:  # any other exception is a defect of ours, and the student must not pay for it
        return broken(exercise, fault)


def _sit(exercise: Exercise, source: Source, session: Session, options: Options) -> ExerciseReport:
    seed = seed_of(options.key, exercise.name, source.sha256)
    paper = Paper(without(exercise, options.skip), seed)
    findings = grade_exercise(paper, session.candidate(exercise.name, source.text), options)
    return sum_up(paper.exercise, findings, seed, source.sha256)


def _doubtful(verdict: ExerciseReport) -> bool:
    """Something failed that another exercise's code in the same worker may have caused, or the grader itself did."""
    return verdict.status not in ("passed", "skipped") and (verdict.source is not None or verdict.status == "broken")


def _again(exercise: Exercise, submission: Submission, sandbox: Sandbox, options: Options) -> ExerciseReport:
    with sandbox.session() as fresh:
        return _grade(exercise, submission, fresh, options)
