"""The function `grade`, which turns a submission into its Report; every frontend and command calls it.

Each answer runs in a worker of its own, so that its verdict depends on its text and on nothing that was graded before.
Therefore a verdict can be stored, and shared by all who handed in the same program.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.errors import GraderFault
from autograder.grading import pipeline
from autograder.grading.feedback import Shown
from autograder.grading.identity import bare, identity
from autograder.grading.pipeline import Options, seed_of, without
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox.limits import Total
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.folder import read_submission
from autograder.submission.places import LocatedImplementation
from autograder.submission.source import Source, Submission


def grade(
    submission: Submission | Path, course: Course, exercises: Sequence[Exercise], sandbox: Sandbox,
    options: Options = Options(), *, hashed: bool = False,
    shown: Callable[[Sequence[Exercise]], Iterable[Exercise]] = iter,
) -> Report:  # fmt: skip
    """Return the report on a submission, or on the one at a path; neither its code nor a fault of the grader stops it.

    exercises: those of the course to grade. hashed: each exercise's report holds the hash of its suite, which
    costs reading the course's files. shown: wraps the exercises, to show a progress bar.
    """
    read = read_submission(submission, course.functions) if isinstance(submission, Path) else submission
    grader = Grader(sandbox, options)
    if hashed:
        from autograder.grading.suite import suites

        found = suites(course, [exercise.name for exercise in exercises], options, sandbox.tier)
        grader = replace(grader, suites={name: suite.sha256 for name, suite in found.items()})
    return _hold_back(grader.grade(read, shown(exercises)), course)


def _hold_back(report: Report, course: Course) -> Report:
    """Return the report without hints and names of mistakes, for exercises whose assignment shows them later."""
    if not course.has_rules:
        return report
    from autograder.course.policy.course import hints_open

    later, exercises = hints_open(course), list(report.exercises)
    for number, each in enumerate(exercises):
        if each.name in later:
            plain = (replace(found, hint="", ladder=(), mistake=None, diagnosis="") for found in each.findings)
            exercises[number] = replace(each, findings=tuple(plain))
    dates = dict.fromkeys(later[each.name] for each in exercises if each.name in later)
    notes = (f"Hints are shown from {when:%Y-%m-%d %H:%M %Z}." for when in dates)
    return replace(report, exercises=tuple(exercises), notes=(*report.notes, *notes))


ANSWER_SECONDS, TRAINING = 60.0, 5.0
"""CPU time for all calls of one answer together, as a multiple of the limit of its slowest function for one call; and
the seconds that a training counts as. The time of a submission has no other bound than the sum of its answers'."""


@dataclass(frozen=True)
class Answer:
    """A text that was handed in for an exercise."""

    text: str
    identity: str
    """The hash that texts of the same program share (grading/identity.py)."""
    sha256: str | None = None
    """SHA-256 of the bytes that were handed in."""
    origin: str | None = None
    """The file's name, escaped."""


class VariantCache:
    """Cache of the variants of one grader process, for one set of options. most: number kept, the last used ones."""

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, int], Variant] = OrderedDict()

    def get(self, exercise: Exercise, seed: int) -> Variant:
        """Return the variant of an exercise with a seed, made at the first call."""
        key = exercise.name, seed
        variant = self._kept.pop(key, None) or Variant(exercise, seed)
        self._kept[key] = variant
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return variant


@dataclass(frozen=True)
class Grader:
    """Grader of submissions and single answers in one sandbox; variants of exercises are kept between them."""

    sandbox: Sandbox
    options: Options = field(default_factory=Options)
    variants: VariantCache = field(default_factory=VariantCache)
    suites: Mapping[str, str] = field(default_factory=dict)
    """Exercise → hash of its suite, all that a verdict depends on besides the text."""
    seed: int | None = None
    """Seed of every variant, to replay a run; None where the seed is computed from the key and the answer."""

    def grade(self, submission: Submission, exercises: Iterable[Exercise]) -> Report:
        """Return the report on a submission, exercise by exercise."""
        graded = tuple(self._grade(without(exercise, self.options.skip), submission) for exercise in exercises)
        when, clock = submission.submitted_at, submission.clock
        return pipeline.report(submission.student, self.sandbox.tier, graded, submission.notes, when, clock)

    def grade_answer(self, exercise: Exercise, answer: Answer) -> ExerciseReport:
        """Return the report on one answer. If grading raises, it is tried once more, then reported as broken.

        exercise: without the checks that the options skip, see `pipeline.without`.
        """
        try:
            graded = self._run(exercise, answer)
        except Exception:
            try:
                graded = self._run(exercise, answer)
            except Exception as fault:
                graded = pipeline.broken(exercise, fault)
        return replace(graded, suite=self.suites.get(exercise.name), source=answer.sha256, path=answer.origin)

    def _grade(self, exercise: Exercise, submission: Submission) -> ExerciseReport:
        found = handed_in(submission, exercise.name)
        if not isinstance(found, Source):
            return pipeline.not_submitted(exercise, found)
        return self.grade_answer(exercise, Answer(found.text, identity(found.text), found.sha256, found.origin))

    def _run(self, exercise: Exercise, answer: Answer) -> ExerciseReport:
        if self.sandbox.tier != "local" and "speed" not in self.options.skip and (fault := self.sandbox.timing_fault()):
            raise GraderFault(f"nothing can be timed here: {fault}")  # a grade without speed would lack points
        drawn = seed_of(self.options.key, exercise.name, answer.identity) if self.seed is None else self.seed
        variant = self.variants.get(exercise, drawn)
        longest = max(function.seconds for function in exercise.functions)
        seconds = ANSWER_SECONDS * max(1.0, longest, TRAINING if exercise.training else 0.0)
        total = Total(seconds, self.sandbox.limits.wall(seconds))
        with self.sandbox.session(total) as alone, self.sandbox.session(total) as clean:
            text = bare(answer.text, answer.identity)
            implementation, other = (
                LocatedImplementation(session.implementation(exercise.name, text), answer.text, answer.origin or "")
                for session in (alone, clean)
            )
            shown = Shown(other, partial(self.variants.get, exercise))
            secret = not (self.options.reveal or variant.oracle.is_public)
            findings = pipeline.grade_to_teach(variant, implementation, self.options, shown if secret else None, total)
        key = pipeline.exercise_key(self.options.key, exercise.name) if self.options.key else ""
        return pipeline.sum_up(exercise, findings, pipeline.variant_code(key, answer.identity) if key else None)


def handed_in(submission: Submission, name: str) -> Source | str | None:
    """Return the source for an exercise, or the reason why it was refused; None where nothing was handed in."""
    if name in submission.refused:
        return submission.refused[name].reason
    return submission.sources.get(name) or submission.module
