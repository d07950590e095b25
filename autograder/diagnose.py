"""Which known mistake is it? A failing output that equals a known mistake's output, in every case, bears its name.

The known mistakes run here, on the trusted side, on the same paper. A diagnosis never changes a score.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.candidate import Raised, Returned
from autograder.checks.paper import Paper
from autograder.checks.trial import Observation, Trial
from autograder.exercise import Function, Mistake
from autograder.inprocess import InProcess
from autograder.numeric.compare import same
from autograder.report import Finding

Behaviour = tuple[Observation, ...]

_GRADED = ("values", "gradient", "purity", "stability")


class Gallery:
    """What each known mistake does on one paper; run when it is first asked for."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._behaviour: dict[str, Behaviour] = {}

    def of(self, function: Function) -> list[tuple[Mistake, Behaviour]]:
        """The known mistakes in this function, with what they do."""
        mine = [mistake for mistake in self._paper.exercise.mistakes if mistake.function == function.name]
        return [(mistake, self._sit(function, mistake)) for mistake in mine]

    def _sit(self, function: Function, mistake: Mistake) -> Behaviour:
        if mistake.name not in self._behaviour:
            candidate = InProcess({function.name: mistake.code})
            self._behaviour[mistake.name] = behaviour(Trial(self._paper, candidate), function)
        return self._behaviour[mistake.name]


def behaviour(trial: Trial, function: Function) -> Behaviour:
    """What a candidate does on all cases; those that it has already answered are not run again."""
    return tuple(trial.observe(function, case) for case in (*function.cases, *function.stable_cases))


def diagnose(trial: Trial, findings: tuple[Finding, ...], gallery: Gallery) -> tuple[Finding, ...]:
    """The findings, with mistake and hint filled in where a known mistake explains them."""
    named: dict[int, Mistake] = {}
    for function in trial.exercise.functions:
        failing = [i for i, f in enumerate(findings) if f.function == function.name and _needs_name(f)]
        if failing:
            named |= _explain(trial, function, findings, failing, gallery)
    return tuple(_name(finding, named.get(i)) for i, finding in enumerate(findings))


def _needs_name(finding: Finding) -> bool:
    return finding.check in _GRADED and finding.status in ("failed", "error")


def _explain(
    trial: Trial, function: Function, findings: tuple[Finding, ...], failing: list[int], gallery: Gallery
) -> dict[int, Mistake]:
    """Finding → mistake. The one that equals the answer in most outputs, right ones too, has the word; where two do
    equally well on this paper, none has: a name is a claim."""
    mine = behaviour(trial, function)
    known = [(mistake, theirs, _likeness(function, mine, theirs)) for mistake, theirs in gallery.of(function)]
    named: dict[int, Mistake] = {}
    for i in failing:
        fits = [(likeness, mistake) for mistake, theirs, likeness in known if _explains(findings[i], mine, theirs)]
        best = [mistake for likeness, mistake in fits if likeness == max(fits, key=lambda fit: fit[0])[0]]
        if len(best) == 1:
            named[i] = best[0]
    return named


def _likeness(function: Function, mine: Behaviour, theirs: Behaviour) -> int:
    """In how many outputs the two are the same over all cases."""
    return sum(all(_equal(a, b, output) for a, b in zip(mine, theirs, strict=True)) for output in function.outputs)


def _explains(finding: Finding, mine: Behaviour, theirs: Behaviour) -> bool:
    output = finding.output if finding.check in ("values", "gradient") else None
    if all(seen.outputs is None for seen in mine) and _words(mine) != _words(theirs):
        return False  # an exception in every case is too common to be a name, unless its words are the same too
    return all(_equal(a, b, output) for a, b in zip(mine, theirs, strict=True))


def _words(seen: Behaviour) -> list[str]:
    return [item.outcome.message if isinstance(item.outcome, Raised) else "" for item in seen]


def _equal(mine: Observation, theirs: Observation, output: str | None) -> bool:
    if mine.outputs is None or theirs.outputs is None:
        return _same_failure(mine, theirs)
    if output is None:
        return mine.changed == theirs.changed and same(mine.outputs, theirs.outputs)
    return same([step[output] for step in mine.outputs], [step[output] for step in theirs.outputs])


def _same_failure(mine: Observation, theirs: Observation) -> bool:
    if mine.outputs is not None or theirs.outputs is not None:
        return False
    if isinstance(mine.outcome, Raised) and isinstance(theirs.outcome, Raised):
        return mine.outcome.kind == theirs.outcome.kind
    if isinstance(mine.outcome, Returned) and isinstance(theirs.outcome, Returned):
        return same(mine.outcome.value, theirs.outcome.value)
    return False


def _name(finding: Finding, mistake: Mistake | None) -> Finding:
    return finding if mistake is None else replace(
        finding, mistake=mistake.name, hint=mistake.hint, diagnosis="mistake"
    )
