"""One submission → one Report.

All its exercises share a worker; what does not pass there is examined again in a worker of its own, and that verdict
counts. Speed is always measured in a worker of its own. So a right answer is graded in milliseconds, and a patched
numpy, a stray thread or a crash costs only the exercise it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.batch.papers import Papers
from autograder.checks.paper import Paper
from autograder.exercise import Exercise
from autograder.grade import Options, broken, examine, not_submitted, report, seed_of, sum_up, time, without
from autograder.intake.source import Source, Submission
from autograder.report import ExerciseReport, Finding, Report
from autograder.sandbox import Sandbox, Session


def grade_submission(
    submission: Submission,
    exercises: Iterable[Exercise],
    sandbox: Sandbox,
    options: Options = Options(),
    papers: Papers | None = None,
) -> Report:
    """The verdict on one submission; no fault of a student's code or of the grader's machinery stops it.

    papers: those of earlier submissions, which were graded with the same options.
    """
    desk = _Desk(sandbox, options, papers or Papers())
    with sandbox.session() as shared:
        graded = [_grade(without(exercise, options.skip), submission, desk, shared) for exercise in exercises]
    return report(submission.student, sandbox.tier, tuple(graded), submission.notes)


@dataclass(frozen=True)
class _Desk:
    """What every exercise of a submission is graded with."""

    sandbox: Sandbox
    options: Options
    papers: Papers


def _grade(exercise: Exercise, submission: Submission, desk: _Desk, shared: Session) -> ExerciseReport:
    if exercise.name in submission.refused:
        return not_submitted(exercise, submission.refused[exercise.name].reason, "error")
    source = submission.sources.get(exercise.name) or submission.module
    if source is None:
        return not_submitted(exercise, f"{exercise.name}.py was not handed in.")
    try:
        return _sit(exercise, source, desk, shared)
    except Exception:  # the machinery's fault, or a defect of ours: once more, and the student never pays for it
        try:
            return _sit(exercise, source, desk, None)
        except Exception as fault:
            return broken(exercise, fault)


def _sit(exercise: Exercise, source: Source, desk: _Desk, shared: Session | None) -> ExerciseReport:
    """One exercise: in the shared worker first, if there is one, and alone where that leaves a doubt."""
    seed = seed_of(desk.options.key, exercise.name, source.sha256)
    paper = desk.papers.get(exercise, seed)
    with desk.sandbox.session() as alone:
        candidate = alone.candidate(exercise.name, source.text)
        findings = _examine_shared(paper, source, desk, shared) or examine(paper, candidate, desk.options)
        findings = time(paper, candidate, findings, desk.options)
    return sum_up(paper.exercise, findings, seed, source.sha256, source.origin)


def _examine_shared(paper: Paper, source: Source, desk: _Desk, shared: Session | None) -> tuple[Finding, ...]:
    """The findings in the shared worker; none where another exercise's code may have caused what failed."""
    if shared is None:
        return ()
    unused = shared.unused
    findings = examine(paper, shared.candidate(paper.exercise.name, source.text), desk.options)
    doubtful = any(finding.status in ("failed", "error") for finding in findings)
    return () if doubtful and not unused else findings
