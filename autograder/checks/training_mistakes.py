"""Which known mistake did a training make? Known mistakes train on equal rows, with an equal generator.

Params equal to six digits bear a mistake's name; so do equal labels, where the predict is wrong. A student
who draws other numbers than the mistake does is not named: better no name than a guess.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.training_halves import alike, judged
from autograder.checks.training_run import Prediction, TrainCall, TrainingRun, training_run
from autograder.checks.trial import Trial
from autograder.implementation import Outcome, Raised, Returned
from autograder.numeric.compare import same
from autograder.report.report import Finding
from autograder.spec.exercise import Mistake
from autograder.spec.function import Function

_RTOL = 1e-6


def rerun(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, with mistake and hint filled in where a known mistake has equal results."""
    training = trial.exercise.training
    if training is None or not any(map(_needs_name, findings)):
        return findings
    facts = training_run(trial, training)
    named = {function.name: _mistake(facts, function) for function in (facts.train, facts.predict)
             if any(_needs_name(f) and f.function == function.name for f in findings)}  # fmt: skip
    return tuple(_name(f, named.get(f.function)) if _needs_name(f) else f for f in findings)


def _needs_name(finding: Finding) -> bool:
    return finding.check == "training" and finding.status in ("failed", "error")


def _name(finding: Finding, mistake: Mistake | None) -> Finding:
    return finding if mistake is None else replace(
        finding, mistake=mistake.name, hint=mistake.hint, diagnosis="convention" if mistake.convention else "mistake"
    )


def _mistake(facts: TrainingRun, function: Function) -> Mistake | None:
    """The first known mistake in this function whose results equal the student's."""
    known = [mistake for mistake in facts.trial.exercise.mistakes if mistake.function == function.name]
    does = _trains_alike if function is facts.train else _reads_alike
    return next((mistake for mistake in known if does(facts, mistake)), None)


def _trains_alike(facts: TrainingRun, mistake: Mistake) -> bool:
    """Whether its trainings end with the student's params; they run once per variant."""
    variant, training = facts.trial.variant, facts.training
    implementation = variant.implementation(mistake)
    theirs = variant.once(f"mistake {mistake.name}", lambda: TrainingRun(Trial(variant, implementation), training).runs)
    return len(theirs) == len(facts.runs) and all(map(_same_run, facts.runs, theirs))


def _same_run(mine: TrainCall, theirs: TrainCall) -> bool:
    if isinstance(mine.params, dict) and isinstance(theirs.params, dict):
        shared = {key: value for key, value in mine.params.items() if key in theirs.params}
        return same(shared, theirs.params, _RTOL)  # whatever else a student keeps, such as the history
    return mine.learned == theirs.learned and _alike(mine.outcome, theirs.outcome)


def _reads_alike(facts: TrainingRun, mistake: Mistake) -> bool:
    """Whether it gives equal labels for equal params; two that are both random count as equal."""
    mine = judged(facts)
    if mine is None:
        return False
    if facts.trial.variant.recorded:  # a record holds what it makes of the reference's params alone
        if not alike(mine.params, facts.reference.value):
            return False
        mine = facts.swapped
    theirs = facts.read_by(facts.trial.variant.implementation(mistake), mine.params)
    if not (mine.repeats and theirs.repeats):
        return mine.repeats == theirs.repeats
    return _alike(mine.outcome, theirs.outcome) and _alone_alike(mine, theirs)


def _alone_alike(mine: Prediction, theirs: Prediction) -> bool:
    if mine.alone is None or theirs.alone is None:
        return mine.alone is theirs.alone
    return _alike(mine.alone, theirs.alone)


def _alike(mine: Outcome, theirs: Outcome) -> bool:
    if isinstance(mine, Raised) and isinstance(theirs, Raised):
        return mine.kind == theirs.kind
    if isinstance(mine, Returned) and isinstance(theirs, Returned):
        return same(mine.value, theirs.value, _RTOL)
    return False
