"""Diagnosis of wrong code, tested on variants that the diagnosis has not used; and the counts of its outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis.diagnosis import explain_findings, name_mistakes, needs_hint
from autograder.diagnosis.evidence import KnownMistakes, gather
from autograder.diagnosis.hypothesis import Hypothesis
from autograder.diagnosis.other_shapes import other_shapes
from autograder.grading.pipeline import undiagnosed
from autograder.implementation import Implementation
from autograder.report.report import Finding
from autograder.sandbox.inprocess import InProcess
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import Session
from autograder.spec.exercise import Exercise, Mistake
from autograder.spec.function import Function
from autograder.spec.small import NEIGHBOURHOODS
from tests.hint_audit.wrong_code import SHARE, Kind, WrongCode, wrong_code

Outcome = Literal["named", "true", "differs", "false"]

FRESH = 5
"""Number of variants on which a sentence is tested."""

_UNSEEN = 1000


@dataclass(frozen=True)
class HintVerdict:
    """Outcome of the diagnosis of one failing output."""

    exercise: str
    kind: Kind
    code: str
    """Name of the wrong code."""
    function: str
    output: str
    outcome: Outcome
    name: str = ""
    """Name of the diagnosed mistake or pattern; "" for none."""
    words: str = ""
    """Text of the hint."""


@dataclass
class _Cache:
    """Variants of one exercise, with all known mistakes or without one of them. first: the seed that is diagnosed."""

    first: int
    variants: dict[tuple[int, tuple[str, ...]], Variant] = field(default_factory=dict)
    known: dict[int, KnownMistakes] = field(default_factory=dict)

    def variant(self, exercise: Exercise, number: int = 0) -> Variant:
        """Return the diagnosed variant (number 0) or an unseen one, and keep it."""
        key = number, tuple(mistake.name for mistake in exercise.mistakes)
        seed = self.first + (_UNSEEN + number if number else 0)
        return self.variants.setdefault(key, Variant(exercise, seed))

    def known_mistakes(self, variant: Variant) -> KnownMistakes:
        """Return the outputs of the known mistakes on a variant, and keep them."""
        return self.known.setdefault(id(variant), KnownMistakes(variant))


def audit_hints(course: Course, name: str, first: int = 0, share: int = SHARE) -> list[HintVerdict]:
    """Return the verdicts on all wrong code of an exercise; none for an exercise that trains."""
    exercise = course.exercise(name)
    if exercise.training is not None:
        return []
    cache = _Cache(first)
    with Sandbox("local") as sandbox, sandbox.session() as session:
        found = [
            verdict for wrong in wrong_code(course, exercise, share) for verdict in _judge(wrong, cache, session)
        ]
    return found


def _judge(wrong: WrongCode, cache: _Cache, session: Session) -> Iterator[HintVerdict]:
    implementation = _implementation(wrong, session)
    variant = cache.variant(wrong.exercise)
    trial = Trial(variant, implementation)
    findings = undiagnosed(trial)
    known = explain_findings(trial, findings, cache.known_mistakes(variant))
    for place, finding in enumerate(findings):
        if finding.function in wrong.functions and needs_hint(finding):
            outcome, name, words = _weigh(wrong, finding, known.get(place), implementation, cache)
            output = finding.output or finding.check
            yield HintVerdict(
                wrong.exercise.name, wrong.kind, wrong.name, finding.function, output, outcome, name, words
            )


def _implementation(wrong: WrongCode, session: Session) -> Implementation:
    if wrong.text:
        return session.implementation("wrong code", wrong.text)
    right = {function.name: function.oracle for function in wrong.exercise.functions}
    return InProcess(right | dict(wrong.answers))


def _weigh(
    wrong: WrongCode,
    finding: Finding,
    known: Mistake | Hypothesis | None,
    implementation: Implementation,
    cache: _Cache,
) -> tuple[Outcome, str, str]:
    """Compare an expected name with the diagnosed one; test all other diagnoses on unseen variants."""
    match known:
        case Mistake(name=name, hint=hint):
            expected = wrong.names.get(finding.function)
            right = name == expected if expected else _is_named(wrong, finding, name, implementation, cache)
            return ("named" if right else "false"), name, hint
        case Hypothesis(name=name, words=words):
            return ("true" if _holds(wrong, finding, known, implementation, cache) else "false"), name, words
    return "differs", "", ""


def _is_named(wrong: WrongCode, finding: Finding, name: str, implementation: Implementation, cache: _Cache) -> bool:
    """Return whether the named mistake gives equal outputs on every unseen variant on which the code is wrong."""
    for number in range(1, FRESH + 1):
        variant = cache.variant(wrong.exercise, number)
        function = wrong.exercise.function(finding.function)
        (mistake,) = name_mistakes(Trial(variant, implementation), function, [finding], cache.known_mistakes(variant))
        if mistake is not None and mistake.name != name:
            return False
        if mistake is None and not _alike_to(variant, implementation, finding, name, cache):
            return False
    return True


def _alike_to(variant: Variant, implementation: Implementation, finding: Finding, name: str, cache: _Cache) -> bool:
    """Return whether the outputs equal those of this mistake, also where several mistakes give equal outputs."""
    alone = replace(variant.exercise, mistakes=tuple(m for m in variant.exercise.mistakes if m.name == name))
    only = Variant(alone, variant.seed)
    function = alone.function(finding.function)
    (mistake,) = name_mistakes(Trial(only, implementation), function, [finding], KnownMistakes(only))
    return mistake is not None


def _holds(
    wrong: WrongCode, finding: Finding, hypothesis: Hypothesis, implementation: Implementation, cache: _Cache
) -> bool:
    """Return whether the hypothesis holds on every unseen variant on which the output is wrong."""
    function = wrong.exercise.function(finding.function)
    for number in range(1, FRESH + 1):
        variant = cache.variant(wrong.exercise, number)
        trial = Trial(variant, implementation)
        if hypothesis.kind == "consistency":
            if not any(f.check == "consistency" and f.status == "passed" for f in undiagnosed(trial)):
                return False
            continue
        with np.errstate(all="ignore"):
            evidence = gather(trial, function, finding.output or "", cache.known_mistakes(variant))
            if evidence.failing_cases and not hypothesis.holds(evidence):
                return False
    return hypothesis.kind == "consistency" or _holds_on_unseen_shapes(hypothesis, finding, function, trial)


def _holds_on_unseen_shapes(hypothesis: Hypothesis, finding: Finding, function: Function, trial: Trial) -> bool:
    """Return whether the hypothesis holds on small inputs of sizes that the diagnosis has not used."""
    for number in range(NEIGHBOURHOODS + 1, 2 * NEIGHBOURHOODS + 1):
        other = other_shapes(trial, function, number)
        if other is None:
            continue
        with np.errstate(all="ignore"):
            (reshaped,) = other.exercise.functions
            evidence = gather(other, reshaped, finding.output or "", KnownMistakes(other.variant))
            if evidence.failing_cases and not hypothesis.holds(evidence):
                return False
    return True


KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_KEYS = {"code": "suspect", "name": "told"}
"""Field → its key in the JSON, which keeps the keys of its first version."""


@dataclass
class HintTally:
    """Counts of one group of verdicts."""

    codes: set[tuple[str, str]] = field(default_factory=set)
    """Exercise and name of each wrong code with a failing output."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Outcome → number of failing outputs."""

    @property
    def outputs(self) -> int:
        """Return the number of failing outputs."""
        return self.outcomes.total()

    @property
    def precision(self) -> float:
        """Return the fraction of the diagnoses that are true; 1 where there are none."""
        diagnosed = self.outputs - self.outcomes["differs"]
        return 1.0 if not diagnosed else 1 - self.outcomes["false"] / diagnosed


def count(verdicts: Iterable[HintVerdict], by: Callable[[HintVerdict], str]) -> dict[str, HintTally]:
    """Count verdicts in groups by the key that `by` returns."""
    tallies: dict[str, HintTally] = {}
    for verdict in verdicts:
        tally = tallies.setdefault(by(verdict), HintTally())
        tally.codes.add((verdict.exercise, verdict.code))
        tally.outcomes[verdict.outcome] += 1
    return tallies


def summary(verdicts: Iterable[HintVerdict]) -> Mapping[str, Any]:
    """Return the counts as JSON values, with every verdict that is false."""
    verdicts = list(verdicts)
    diagnosed = [verdict for verdict in verdicts if verdict.name and verdict.outcome != "named"]
    return {
        "kinds": _plain(count(verdicts, lambda verdict: verdict.kind)),
        "exercises": _plain(count(verdicts, lambda verdict: verdict.exercise)),
        "told": _plain(count(diagnosed, lambda verdict: verdict.name)),
        "false": [{_KEYS.get(name, name): value for name, value in vars(verdict).items()}
                  for verdict in verdicts if verdict.outcome == "false"],
    }


def _plain(tallies: Mapping[str, HintTally]) -> dict[str, Any]:
    return {
        name: {"suspects": len(tally.codes), "outputs": tally.outputs, "precision": tally.precision,
               **{outcome: tally.outcomes[outcome] for outcome in OUTCOMES}}
        for name, tally in tallies.items()
    }  # fmt: skip
