"""A candidate that does what a test says, and the findings it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.checks import CHECKS
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.implementation import Absent, Outcome, Raised, RequestBatch, Returned, Signature, Stopped
from autograder.report.report import Finding
from autograder.sandbox.inprocess import InProcess, signature
from autograder.spec.exercise import Exercise

OUTCOMES = (Returned, Raised, Stopped, Absent)
Answer = Callable[..., Any] | Outcome


@dataclass
class Scripted:
    """The Candidate protocol by a script: what each function answers, and what is said of its signature.

    An answer is an Outcome, or code; what the code returns may be an Outcome itself. calls: every call with its
    arguments, in order.
    """

    answers: Mapping[str, Answer]
    described: Mapping[str, Signature | Raised | Stopped | Absent] = field(default_factory=dict)
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        return self.described[function]

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        self.calls.append((function, args))
        answer = self.answers[function]
        if isinstance(answer, OUTCOMES):
            return answer
        outcome = InProcess({function: answer}).call(function, args, kwargs, names=names, seconds=seconds)
        said = outcome.value if isinstance(outcome, Returned) else None
        return said if isinstance(said, OUTCOMES) else outcome

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        return None

    def renew(self) -> None:
        return

    def timing_fault(self) -> str:
        return ""


def scripted(
    exercise: Exercise,
    answers: Mapping[str, Answer],
    described: Mapping[str, Signature | Raised | Stopped | Absent] | None = None,
) -> Scripted:
    """A candidate that is right but for these answers; its signatures are right but for those described."""
    right = {function.name: function.oracle for function in exercise.functions}
    signatures = {name: signature(code) for name, code in right.items()}
    mine = {name: signature(code) for name, code in answers.items() if not isinstance(code, OUTCOMES)}
    return Scripted(right | dict(answers), signatures | mine | dict(described or {}))


@dataclass(frozen=True)
class Verdict:
    """All findings, to be asked by check, function and output."""

    findings: tuple[Finding, ...]
    implementation: Scripted

    def of(self, check: str, function: str = "", output: str | None = None) -> Finding:
        """The one finding that fits."""
        found = self.all(check, function, output)
        assert len(found) == 1, f"{len(found)} findings of {check} {function} {output}"
        return found[0]

    def all(self, check: str, function: str = "", output: str | None = None) -> list[Finding]:
        """The findings that fit."""
        return [
            f for f in self.findings
            if f.check == check and (not function or f.function == function) and (not output or f.output == output)
        ]  # fmt: skip

    @property
    def score(self) -> float:
        """The sum of all points."""
        return sum(f.score for f in self.findings)


def sit(
    exercise: Exercise,
    answers: Mapping[str, Answer] | None = None,
    described: Mapping[str, Signature | Raised | Stopped | Absent] | None = None,
    seed: int = 7,
    reveal: bool = False,
) -> Verdict:
    """Every check in order, without a diagnosis, on a candidate that is right but for these answers."""
    implementation = scripted(exercise, answers or {}, described)
    trial = Trial(Variant(exercise, seed), implementation, reveal)
    findings: tuple[Finding, ...] = ()
    for check in CHECKS.values():
        findings += check(trial, findings)
    return Verdict(findings, implementation)
