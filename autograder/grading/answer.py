"""One exercise, one answer → one verdict.

An answer has a worker to itself, so that its verdict depends on its own text and on nothing that was graded before it:
that is what lets a verdict be kept, and shared by all who handed in the same program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from autograder.errors import GraderFault
from autograder.grading.identity import bare
from autograder.grading.pipeline import Options, broken, exercise_key, grade_to_teach, paper_code, seed_of, sum_up
from autograder.grading.variant_cache import VariantCache
from autograder.grading.wrong_answers import with_answers
from autograder.implementation import Implementation
from autograder.numeric.runtime import fix_runtime
from autograder.report.report import ExerciseReport
from autograder.sandbox import Sandbox, Session
from autograder.spec.exercise import Exercise
from autograder.submission.cell_map import located


@dataclass(frozen=True)
class Answer:
    """A text handed in for an exercise. sha256: of the bytes that were handed in; origin: the file's name, escaped.

    identity: what it shares with texts that are the same program (autograder/grading/identity.py).
    """

    text: str
    identity: str
    sha256: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class AnswerGrader:
    """What answers are graded with. papers: kept from one to the next; suites: exercise → the hash in its records.

    seed: of every paper, to replay a run; else it follows from the key and the answer.
    """

    sandbox: Sandbox
    options: Options
    variants: VariantCache = field(default_factory=VariantCache)
    suites: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None

    def grade(self, exercise: Exercise, answer: Answer) -> ExerciseReport:
        """The verdict. The machinery's fault, or a defect of ours, gets a second try; the student never pays for it.

        exercise: less what the options skip, as `grade.without` makes it.
        """
        try:
            graded = self._sit(exercise, answer)
        except Exception:
            try:
                graded = self._sit(exercise, answer)
            except Exception as fault:
                graded = broken(exercise, fault)
        return replace(graded, suite=self.suites.get(exercise.name), source=answer.sha256, path=answer.origin)

    def _sit(self, exercise: Exercise, answer: Answer) -> ExerciseReport:
        if self.sandbox.tier != "local" and "speed" not in self.options.skip and (reason := fix_runtime()):
            raise GraderFault(f"nothing can be timed here: {reason}")  # a grade without its speed would be a lower one
        drawn = seed_of(self.options.key, exercise.name, answer.identity) if self.seed is None else self.seed
        variant = self.variants.get(exercise, drawn)
        with self.sandbox.session() as alone, self.sandbox.session() as clean:
            text = bare(answer.text)
            implementation, other = (_implementation(session, exercise, answer, text) for session in (alone, clean))
            findings = grade_to_teach(variant, implementation, self.options, other)
            findings = with_answers(self.variants.get(exercise, 0), implementation, findings)
        return sum_up(exercise, findings, self._code(exercise, answer))

    def _code(self, exercise: Exercise, answer: Answer) -> str | None:
        key = self.options.key
        return paper_code(exercise_key(key, exercise.name), answer.identity) if key else None


def _implementation(session: Session, exercise: Exercise, answer: Answer, text: str) -> Implementation:
    return located(session.implementation(exercise.name, text), answer.text, answer.origin or "")
