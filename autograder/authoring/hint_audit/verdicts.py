"""What a diagnosis says of a suspect, and whether it is true of the same answer on papers that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from autograder.authoring.hint_audit.wrong_code import SHARE, Kind, WrongCode, wrong_code
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis import KnownMistakes
from autograder.diagnosis.diagnosis import needs_hint, understand
from autograder.diagnosis.hypothesis import Hypothesis
from autograder.diagnosis.match import name_mistakes
from autograder.diagnosis.patterns import learn
from autograder.grading.pipeline import undiagnosed
from autograder.implementation import Implementation
from autograder.report.report import Finding
from autograder.sandbox import Sandbox, Session
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Exercise, Mistake

Outcome = Literal["named", "true", "differs", "false"]

FRESH = 5
"""Papers on which a sentence is put to the test."""

_UNSEEN = 1000


@dataclass(frozen=True)
class HintVerdict:
    """Of one failing output. told: the mistake's name or the pattern's, "" for nothing; words: the hint."""

    exercise: str
    kind: Kind
    suspect: str
    function: str
    output: str
    outcome: Outcome
    told: str = ""
    words: str = ""


@dataclass
class _Room:
    """The papers of one exercise, with and without one of its mistakes. first: the paper's seed."""

    first: int
    variants: dict[tuple[int, tuple[str, ...]], Variant] = field(default_factory=dict)
    galleries: dict[int, KnownMistakes] = field(default_factory=dict)

    def variant(self, exercise: Exercise, number: int = 0) -> Variant:
        """The paper that is diagnosed, or one that is not seen before."""
        key = number, tuple(mistake.name for mistake in exercise.mistakes)
        seed = self.first + (_UNSEEN + number if number else 0)
        return self.variants.setdefault(key, Variant(exercise, seed))

    def known_mistakes(self, variant: Variant) -> KnownMistakes:
        """Its known mistakes."""
        return self.galleries.setdefault(id(variant), KnownMistakes(variant))


def confuse(course: Course, name: str, first: int = 0, share: int = SHARE) -> list[HintVerdict]:
    """The verdicts on all suspects of an exercise; none of one that trains."""
    exercise = course.exercise(name)
    if exercise.training is not None:
        return []
    room = _Room(first)
    with Sandbox("local") as sandbox, sandbox.session() as session:
        found = [
            verdict for suspect in wrong_code(course, exercise, share) for verdict in _judge(suspect, room, session)
        ]
    return found


def _judge(suspect: WrongCode, room: _Room, session: Session) -> Iterator[HintVerdict]:
    implementation = _implementation(suspect, session)
    variant = room.variant(suspect.exercise)
    trial = Trial(variant, implementation)
    findings = undiagnosed(trial)
    known = understand(trial, findings, room.known_mistakes(variant))
    for place, finding in enumerate(findings):
        if finding.function in suspect.functions and needs_hint(finding):
            outcome, told, words = _weigh(suspect, finding, known.get(place), implementation, room)
            output = finding.output or finding.check
            yield HintVerdict(
                suspect.exercise.name, suspect.kind, suspect.name, finding.function, output, outcome, told, words
            )


def _implementation(suspect: WrongCode, session: Session) -> Implementation:
    if suspect.text:
        return session.implementation("suspect", suspect.text)
    right = {function.name: function.oracle for function in suspect.exercise.functions}
    return InProcess(right | dict(suspect.answers))


def _weigh(
    suspect: WrongCode,
    finding: Finding,
    known: Mistake | Hypothesis | None,
    implementation: Implementation,
    room: _Room,
) -> tuple[Outcome, str, str]:
    """A name that must be there is right or wrong; everything else is put to the test."""
    match known:
        case Mistake(name=name, hint=hint):
            expected = suspect.names.get(finding.function)
            right = name == expected if expected else _is_named(suspect, finding, name, implementation, room)
            return ("named" if right else "false"), name, hint
        case Hypothesis(name=name, words=words):
            return ("true" if _holds(suspect, finding, known, implementation, room) else "false"), name, words
    return "differs", "", ""


def _is_named(suspect: WrongCode, finding: Finding, name: str, implementation: Implementation, room: _Room) -> bool:
    """Whether the named mistake does the same on every unseen paper on which it is wrong."""
    for number in range(1, FRESH + 1):
        variant = room.variant(suspect.exercise, number)
        function = suspect.exercise.function(finding.function)
        (mistake,) = name_mistakes(Trial(variant, implementation), function, [finding], room.known_mistakes(variant))
        if mistake is not None and mistake.name != name:
            return False
        if mistake is None and not _alike_to(variant, implementation, finding, name, room):
            return False
    return True


def _alike_to(variant: Variant, implementation: Implementation, finding: Finding, name: str, room: _Room) -> bool:
    """Whether it is this mistake among several that do the same on this paper."""
    alone = replace(variant.exercise, mistakes=tuple(m for m in variant.exercise.mistakes if m.name == name))
    only = Variant(alone, variant.seed)
    function = alone.function(finding.function)
    (mistake,) = name_mistakes(Trial(only, implementation), function, [finding], KnownMistakes(only))
    return mistake is not None


def _holds(
    suspect: WrongCode, finding: Finding, hypothesis: Hypothesis, implementation: Implementation, room: _Room
) -> bool:
    """Whether the claim is true on every unseen paper on which the output is wrong."""
    function = suspect.exercise.function(finding.function)
    for number in range(1, FRESH + 1):
        variant = room.variant(suspect.exercise, number)
        trial = Trial(variant, implementation)
        if hypothesis.kind == "consistency":
            if not any(f.check == "consistency" and f.status == "passed" for f in undiagnosed(trial)):
                return False
            continue
        with np.errstate(all="ignore"):
            evidence = learn(trial, function, finding.output or "", room.known_mistakes(variant))
            if evidence.wrong and not hypothesis.holds(evidence):
                return False
    return True
