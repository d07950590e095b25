"""One submission → one Report.

All its exercises share a worker; what does not pass there is examined again in a worker of its own, and that verdict
counts. Speed is always measured in a worker of its own. So a right answer is graded in milliseconds, and a patched
numpy, a stray thread or a crash costs only the exercise it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.checks.paper import Paper
from autograder.exercise import Exercise
from autograder.grade import Options, broken, examine, not_submitted, report, seed_of, sum_up, time, without
from autograder.intake.source import Source, Submission
from autograder.report import ExerciseReport, Finding, Report
from autograder.sandbox import Sandbox, Session


def grade_submission(
    submission: Submission, exercises: Sequence[Exercise], sandbox: Sandbox, options: Options = Options()
) -> Report:
    """The verdict on one submission; no fault of a student's code or of the grader's machinery stops it."""
    with sandbox.session() as shared:
        graded = [_grade(exercise, submission, sandbox, shared, options) for exercise in exercises]
    return report(submission.student, sandbox.tier, tuple(graded), submission.notes)


def _grade(
    exercise: Exercise, submission: Submission, sandbox: Sandbox, shared: Session, options: Options
) -> ExerciseReport:
    if exercise.name in submission.refused:
        return not_submitted(exercise, submission.refused[exercise.name].reason, "error")
    source = submission.sources.get(exercise.name) or submission.module
    if source is None:
        return not_submitted(exercise, f"{exercise.name}.py was not handed in.")
    try:
        return _sit(exercise, source, sandbox, shared, options)
    except Exception:  # the machinery's fault, or a defect of ours: once more, and the student never pays for it
        try:
            return _sit(exercise, source, sandbox, None, options)
        except Exception as fault:
            return broken(exercise, fault)


def _sit(
    exercise: Exercise, source: Source, sandbox: Sandbox, shared: Session | None, options: Options
) -> ExerciseReport:
    """One exercise: in the shared worker first, if there is one, and alone where that leaves a doubt."""
    seed = seed_of(options.key, exercise.name, source.sha256)
    paper = Paper(without(exercise, options.skip), seed)
    with sandbox.session() as alone:
        candidate = alone.candidate(exercise.name, source.text)
        findings = _examine_shared(paper, exercise, source, shared, options) or examine(paper, candidate, options)
        findings = time(paper, candidate, findings, options)
    return sum_up(paper.exercise, findings, seed, source.sha256)


def _examine_shared(
    paper: Paper, exercise: Exercise, source: Source, shared: Session | None, options: Options
) -> tuple[Finding, ...]:
    """The findings in the shared worker; none where another exercise's code may have caused what failed."""
    if shared is None:
        return ()
    unused = shared.unused
    findings = examine(paper, shared.candidate(exercise.name, source.text), options)
    doubtful = any(finding.status in ("failed", "error") for finding in findings)
    return () if doubtful and not unused else findings
