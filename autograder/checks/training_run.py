"""The results of train and predict on the variant's rows, each computed when it is first used.

Each reading happens in a process that has the text and the params as they came over the wire, and nothing else. The
fresh rows leave this process only after train has returned; their labels never do. Either half is also tried with the
reference's other half, where the params fit it, so that it shows which of the two is broken. A release has no reference
predict to read the student's params. There the student's predict on the reference's recorded params decides, or the
question stays open until the answer is graded.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from autograder.checks.trial import Trial
from autograder.checks.variant import invoke
from autograder.errors import Unrecorded
from autograder.implementation import Implementation, Outcome, Raised, Returned
from autograder.numeric.compare import same
from autograder.report.report import Finding
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Inputs, Mistake, Training
from autograder.values import Unsupported

Predict = Callable[[np.ndarray, Any], Outcome]

# A training may take this many times the reference's CPU time, and some seconds more; reading rows takes far less.
PATIENCE, GRACE, READING = 20.0, 10.0, 5.0
ALONE = 10
# Params that are equal to six digits bear a mistake's name.
_RTOL = 1e-6


@dataclass(frozen=True)
class TrainCall:
    """One training."""

    outcome: Outcome
    fault: str = ""
    """Why its params cannot be used; "" where they can."""

    @property
    def params(self) -> Any:
        """Return the trained params; None where there are none that can be used."""
        return self.outcome.value if isinstance(self.outcome, Returned) and not self.fault else None


@dataclass(frozen=True)
class Prediction:
    """Labels that a predict returns for the fresh rows and some params."""

    params: Any
    outcome: Outcome
    labels: np.ndarray | None = None
    """None where they are not what labels must be."""
    repeats: bool = True
    """Whether it says the same when it is asked again."""
    alone: Prediction | None = None
    """That of the first row which it judges otherwise when the row comes alone; None where there is none."""

    @property
    def steady(self) -> bool:
        """Return whether a row's label is a fact of the row and the params."""
        return self.labels is not None and self.repeats and self.alone is None

    def share(self, truth: np.ndarray) -> float | None:
        """Return the accuracy; None without labels."""
        return None if self.labels is None else float(np.mean(self.labels == truth))

    def equals(self, other: Prediction) -> bool:
        """Return whether both have labels, and equal ones."""
        return self.labels is not None and other.labels is not None and np.array_equal(self.labels, other.labels)


class TrainingRun:
    """The training of one implementation on one variant."""

    def __init__(self, trial: Trial, training: Training) -> None:
        self.trial, self.training = trial, training
        self.train, self.predict = (f for f in trial.exercise.functions if f.kind == "training")
        self.rows, self.rng = trial.variant.once("rows", lambda: trial.variant.oracle.rows(training))
        shrink = training.shrink
        self._flags = [{shrink.flag: False}, {shrink.flag: True}] if shrink else [{}]

    @cached_property
    def runs(self) -> tuple[TrainCall, ...]:
        """Every training; the last one is what is graded. After one without params there is no other."""
        runs: list[TrainCall] = []
        for flags in self._flags:
            outcome = self.trial.call(self.train, self._inputs(flags), seconds=self.allowed, timed=True)
            fault = _unusable(outcome.value, self.training.numbers) if isinstance(outcome, Returned) else ""
            runs.append(TrainCall(outcome, fault))
            if runs[-1].params is None:
                break
        return tuple(runs)

    @property
    def last(self) -> TrainCall:
        """Return the training that is graded, or the first that failed."""
        return self.runs[-1]

    @cached_property
    def reference(self) -> Returned:
        """Return the reference's own training, the last one; it is made once per variant."""
        variant = self.trial.variant
        return variant.once("reference training", lambda: variant.oracle.trained(
            self.train, self._inputs(self._flags[-1])))  # fmt: skip

    @property
    def allowed(self) -> float:
        """Seconds of CPU time that a training may take."""
        return PATIENCE * self.reference.cpu + GRACE

    def _inputs(self, flags: dict[str, bool]) -> Inputs:
        return {"x": self.rows.x, "labels": self.rows.labels, "rng": self.rng, **flags}

    @cached_property
    def own(self) -> Prediction:
        """Return the student's predict with the params of the student's train."""
        return self._read(self._call, self.last.params, self.trial.renew)

    @cached_property
    def swapped(self) -> Prediction:
        """Return the student's predict with the params of the reference's train."""
        return self._read(self._call, self.reference.value, self.trial.renew)

    @cached_property
    def cross(self) -> Prediction:
        """Return the reference's predict with the student's params; without labels where they do not fit it."""
        return _glance(self._oracle, self.last.params, self.rows.fresh)

    @cached_property
    def truth(self) -> Prediction:
        """Return the reference's predict with the reference's params."""
        return _glance(self._oracle, self.reference.value, self.rows.fresh)

    @cached_property
    def best(self) -> Prediction:
        """Return the reading that train is judged by: the student's own predict, or the reference's where that reads
        more."""
        own, cross = self.own.share(self.rows.truth), self.cross.share(self.rows.truth)
        if (own is not None and own >= self.training.bars[0][0]) or cross is None:
            return self.own
        return self.cross if own is None or cross > own else self.own

    @cached_property
    def judged(self) -> Prediction | None:
        """Return the reading that predict is judged by; None when there is none that says something about it.

        Its own params, where they earn something or where predict fails on them in a way that no params excuse. Else
        the reference's, where it reads them as the reference does, or where the student's own have the same form.
        """
        learned = self.last.params is not None
        if learned:
            accuracy, cross = self.own.share(self.rows.truth), self.cross.share(self.rows.truth)
            if accuracy is None or not self.own.steady:
                return self.own
            if accuracy >= self.training.bars[-1][0] and (cross is None or cross <= accuracy):
                return self.own
        fits = (self.swapped if self._unread else self.cross).labels is not None
        return self.swapped if self._reads_right or (learned and fits) else None

    @property
    def otherwise(self) -> bool:
        """Return whether only the missing reference predict could judge the student's, which gives other labels for the
        reference's params."""
        reads = self._unread and self.swapped.labels is not None
        return reads and self.last.params is not None and not self._reads_right

    def accuracy(self, run: TrainCall, rows: np.ndarray, truth: np.ndarray) -> float | None:
        """Return the accuracy of a training on these rows, by whichever predict `best` is of."""
        predict = self._oracle
        if self.best is self.own:
            predict = self._call
            self.trial.renew()
        return _glance(predict, run.params, rows).share(truth)

    def read_by(self, implementation: Implementation, params: Any) -> Prediction:
        """Return the predict of another implementation with these params."""
        return self._read(lambda x, params: invoke(
            implementation, self.predict, {"x": x, "params": params}, READING, watch=False), params)  # fmt: skip

    @property
    def _reads_right(self) -> bool:
        """Return whether predict reads the reference's params as the reference does."""
        return self.swapped.steady and self.swapped.equals(self.truth)

    @property
    def _unread(self) -> bool:
        """Return whether the student's params could not be given to the reference's predict, as in a release."""
        return isinstance(self.cross.outcome, Raised) and self.cross.outcome.kind == Unrecorded.__name__

    def _call(self, x: np.ndarray, params: Any) -> Outcome:
        """Return one call of the student's predict."""
        return self.trial.call(self.predict, {"x": x, "params": params}, seconds=READING, timed=True)

    def _oracle(self, x: np.ndarray, params: Any) -> Outcome:
        """Return one call of the reference's predict. Params that are not of its own form, or not recorded, raise."""
        implementation = InProcess({self.predict.name: self.predict.oracle})
        try:
            return invoke(implementation, self.predict, {"x": x, "params": params}, READING, watch=False)
        except Unrecorded as error:
            return Raised(Unrecorded.__name__, str(error))

    def _read(self, predict: Predict, params: Any, renew: Callable[[], None] = lambda: None) -> Prediction:
        """Return all fresh rows; in another process a few of them one by one, and then all again."""
        fresh = self.rows.fresh
        renew()
        first = _glance(predict, params, fresh)
        if first.labels is None:
            return first
        renew()
        singles = [(label, _glance(predict, params, fresh[i : i + 1])) for i, label in enumerate(first.labels[:ALONE])]
        repeats = first.equals(_glance(predict, params, fresh))
        other = (one for label, one in singles if one.labels is None or one.labels[0] != label)
        return replace(first, repeats=repeats, alone=next(other, None))


def _glance(predict: Predict, params: Any, x: np.ndarray) -> Prediction:
    """Return the prediction for these rows, from one call: labels are as many ints as rows."""
    outcome = predict(x, params)
    value = outcome.value if isinstance(outcome, Returned) else None
    fits = isinstance(value, np.ndarray) and value.shape == (len(x),) and value.dtype.kind in "iu"
    return Prediction(params, outcome, value if fits else None)


def _unusable(params: Any, numbers: int) -> str:
    """Return why these params cannot be used, with the repair; "" when they can."""
    leaves = _leaves(params)
    foreign = next((item for item in leaves if isinstance(item, Unsupported) and item.shape is None), None)
    if foreign is not None:
        kind = "an object of your own" if foreign.kind == "object" else f"a value of type {foreign.kind}"
        return f"params hold {kind}. Return arrays and numbers, in lists, tuples and dicts with text keys."
    if sum(map(_size, leaves)) > numbers:
        return f"params hold more than {numbers} numbers: keep what was learned, not the rows themselves."
    arrays = (np.asarray(leaf) for leaf in leaves if isinstance(leaf, float | np.ndarray | np.generic))
    if not all(np.isfinite(array).all() for array in arrays if array.dtype.kind == "f"):
        return ("params hold nan or inf: the training ran away. Take a smaller lr, average the gradient over the "
                "batch, and subtract each row's largest score before exp.")  # fmt: skip
    return ""


def _leaves(value: Any) -> list[Any]:
    """Everything in nested dicts, lists and tuples; None for each of these and for eight letters of a key."""
    if isinstance(value, dict):
        keys = sum(len(str(key)) // 8 for key in value)
        return [None] * (1 + keys) + [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list | tuple):
        return [None, *(leaf for item in value for leaf in _leaves(item))]
    return [value]


def _size(leaf: Any) -> int:
    """Return how many numbers of eight bytes a leaf holds, the digits of large ints included."""
    if isinstance(leaf, Unsupported):
        return math.prod(leaf.shape or ())
    if isinstance(leaf, np.ndarray | np.generic):
        return max(leaf.size, leaf.nbytes // 8, 1)
    if isinstance(leaf, str):
        return len(leaf)
    return 1 + leaf.bit_length() // 64 if isinstance(leaf, int) else 2 if isinstance(leaf, complex) else 1


def training_run(trial: Trial, training: Training) -> TrainingRun:
    """Return the trial's training run, shared by the check and the diagnosis, so that training runs once."""
    return trial.once("training run", lambda: TrainingRun(trial, training))


def rerun(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings, with mistake and hint filled in where a known mistake has equal results."""
    training = trial.exercise.training
    wrong = [f for f in findings if f.check == "training" and f.status in ("failed", "error")]
    if training is None or not wrong:
        return findings
    facts = training_run(trial, training)
    named: dict[str, dict[str, str]] = {}
    for mistake in trial.exercise.mistakes:
        does = _trains_alike if mistake.function == facts.train.name else _reads_alike
        asked = mistake.function not in named and any(f.function == mistake.function for f in wrong)
        if asked and does(facts, mistake):
            kind = "convention" if mistake.convention else "mistake"
            named[mistake.function] = {"mistake": mistake.name, "hint": mistake.hint, "diagnosis": kind}
    return tuple(replace(f, **named.get(f.function, {})) if f in wrong else f for f in findings)  # type: ignore[arg-type]


def _trains_alike(facts: TrainingRun, mistake: Mistake) -> bool:
    """Return whether its trainings end with the student's params; they run once per variant."""
    variant, training = facts.trial.variant, facts.training
    implementation = variant.oracle.implementation(mistake)
    known = variant.once(f"mistake {mistake.name}", lambda: TrainingRun(Trial(variant, implementation), training).runs)
    for mine, theirs in zip(facts.runs, known, strict=False):
        if isinstance(mine.params, dict) and isinstance(theirs.params, dict):
            shared = {key: value for key, value in mine.params.items() if key in theirs.params}
            if not same(shared, theirs.params, _RTOL):  # whatever else a student keeps, such as the history
                return False
        elif (mine.params is None) != (theirs.params is None) or not _alike(mine.outcome, theirs.outcome):
            return False
    return len(known) == len(facts.runs)


def _reads_alike(facts: TrainingRun, mistake: Mistake) -> bool:
    """Return whether it gives equal labels for equal params; two that are both random count as equal."""
    mine = facts.judged
    if mine is None:
        return False
    implementation = facts.trial.variant.oracle.implementation(mistake)
    try:
        theirs = facts.read_by(implementation, mine.params)
    except Unrecorded:  # a release holds what the mistake makes of the reference's params alone
        mine = facts.swapped
        theirs = facts.read_by(implementation, mine.params)
    if not (mine.repeats and theirs.repeats):
        return mine.repeats == theirs.repeats
    alone = [one.alone.outcome if one.alone else None for one in (mine, theirs)]
    return _alike(mine.outcome, theirs.outcome) and _alike(*alone)


def _alike(mine: Outcome | None, theirs: Outcome | None) -> bool:
    if isinstance(mine, Raised) and isinstance(theirs, Raised):
        return mine.kind == theirs.kind
    if isinstance(mine, Returned) and isinstance(theirs, Returned):
        return same(mine.value, theirs.value, _RTOL)
    return mine is theirs is None
