"""The results of train and predict on the variant's rows, each computed when it is first used.

A call of predict on the fresh rows is called a reading. It runs in a process that has only the text and the params as
they came over the wire. The fresh rows leave this process only after train has returned; their labels never do. To show
which half is broken, each half is also tried with the reference's other half, where the params fit it. A release has no
reference predict to read the student's params; there the student's predict is judged on the reference's recorded
params, or left unjudged until the answer is graded.
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
    """The outcome of one call of train."""

    outcome: Outcome
    fault: str = ""
    """Why the params that train returned cannot be used; "" where they can."""

    @property
    def params(self) -> Any:
        """Return the params that train returned; None where they cannot be used."""
        return self.outcome.value if isinstance(self.outcome, Returned) and not self.fault else None


@dataclass(frozen=True)
class Prediction:
    """The labels that a predict function returns for the fresh rows with given params."""

    params: Any
    outcome: Outcome
    labels: np.ndarray | None = None
    """The labels, one int for each row; None where predict returned anything else."""
    repeats: bool = True
    """Whether a second call returned equal labels."""
    alone: Prediction | None = None
    """The prediction for the first row that gets another label when it is passed alone; None where there is none."""

    @property
    def steady(self) -> bool:
        """Return whether each label depends on its row and the params alone."""
        return self.labels is not None and self.repeats and self.alone is None

    def share(self, truth: np.ndarray) -> float | None:
        """Return the accuracy, the share of labels equal to `truth`; None without labels."""
        return None if self.labels is None else float(np.mean(self.labels == truth))

    def equals(self, other: Prediction) -> bool:
        """Return whether both predictions have labels and the labels are equal."""
        return self.labels is not None and other.labels is not None and np.array_equal(self.labels, other.labels)


class TrainingRun:
    """The calls of train and predict of one implementation on one variant, each made when first used."""

    def __init__(self, trial: Trial, training: Training) -> None:
        self.trial, self.training = trial, training
        self.train, self.predict = (f for f in trial.exercise.functions if f.kind == "training")
        self.rows, self.rng = trial.variant.once("rows", lambda: trial.variant.oracle.rows(training))
        shrink = training.shrink
        self._flags = [{shrink.flag: False}, {shrink.flag: True}] if shrink else [{}]

    @cached_property
    def runs(self) -> tuple[TrainCall, ...]:
        """Return the outcomes of all trainings, up to the first without usable params; the last one is graded."""
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
        """Return the outcome of the training that is graded, or of the first that failed."""
        return self.runs[-1]

    @cached_property
    def reference(self) -> Returned:
        """Return the outcome of the reference's training, with the flag of the graded one; made once per variant."""
        variant = self.trial.variant
        return variant.once("reference training", lambda: variant.oracle.trained(
            self.train, self._inputs(self._flags[-1])))  # fmt: skip

    @property
    def allowed(self) -> float:
        """Return the seconds of CPU time that one training may take."""
        return PATIENCE * self.reference.cpu + GRACE

    def _inputs(self, flags: dict[str, bool]) -> Inputs:
        return {"x": self.rows.x, "labels": self.rows.labels, "rng": self.rng, **flags}

    @cached_property
    def own(self) -> Prediction:
        """Return the prediction of the student's predict with the params of the student's train."""
        return self._read(self._call, self.last.params, self.trial.renew)

    @cached_property
    def swapped(self) -> Prediction:
        """Return the prediction of the student's predict with the params of the reference's train."""
        return self._read(self._call, self.reference.value, self.trial.renew)

    @cached_property
    def cross(self) -> Prediction:
        """Return the prediction of the reference's predict with the student's params; no labels where these misfit."""
        return _glance(self._oracle, self.last.params, self.rows.fresh)

    @cached_property
    def truth(self) -> Prediction:
        """Return the prediction of the reference's predict with the reference's params."""
        return _glance(self._oracle, self.reference.value, self.rows.fresh)

    @cached_property
    def best(self) -> Prediction:
        """Return the prediction that train is judged by: that of the student's predict, or of the reference's predict
        where more of its labels are right."""
        own, cross = self.own.share(self.rows.truth), self.cross.share(self.rows.truth)
        if (own is not None and own >= self.training.bars[0][0]) or cross is None:
            return self.own
        return self.cross if own is None or cross > own else self.own

    @cached_property
    def judged(self) -> Prediction | None:
        """Return the prediction that predict is judged by; None when no prediction can show whether predict is right.

        With the student's params, where they earn points or where predict fails in a way that no params can cause. Else
        with the reference's params, where the labels are the reference's or the student's params have the same form.
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
    def stays_unjudged(self) -> bool:
        """Return whether predict stays unjudged: in a release, if it gives other labels than recorded for the
        reference's params, which may have another form than the student's."""
        reads = self._unread and self.swapped.labels is not None
        return reads and self.last.params is not None and not self._reads_right

    def accuracy(self, run: TrainCall, rows: np.ndarray, truth: np.ndarray) -> float | None:
        """Return the accuracy of a training's params on these rows, with the predict function that `best` is from."""
        predict = self._oracle
        if self.best is self.own:
            predict = self._call
            self.trial.renew()
        return _glance(predict, run.params, rows).share(truth)

    def read_by(self, implementation: Implementation, params: Any) -> Prediction:
        """Return the prediction of another implementation's predict with these params."""
        return self._read(lambda x, params: invoke(
            implementation, self.predict, {"x": x, "params": params}, READING, watch=False), params)  # fmt: skip

    @property
    def _reads_right(self) -> bool:
        """Return whether the student's predict gives the reference's labels for the reference's params."""
        return self.swapped.steady and self.swapped.equals(self.truth)

    @property
    def _unread(self) -> bool:
        """Return whether the student's params could not be given to the reference's predict, as in a release."""
        return isinstance(self.cross.outcome, Raised) and self.cross.outcome.kind == Unrecorded.__name__

    def _call(self, x: np.ndarray, params: Any) -> Outcome:
        """Return the outcome of one call of the student's predict; only that on all fresh rows is timed."""
        return self.trial.call(self.predict, {"x": x, "params": params}, READING, timed=x is self.rows.fresh)

    def _oracle(self, x: np.ndarray, params: Any) -> Outcome:
        """Return the outcome of one call of the reference's predict: Raised where params misfit or are not recorded."""
        implementation = InProcess({self.predict.name: self.predict.oracle})
        try:
            return invoke(implementation, self.predict, {"x": x, "params": params}, READING, watch=False)
        except Unrecorded as error:
            return Raised(Unrecorded.__name__, str(error))

    def _read(self, predict: Predict, params: Any, renew: Callable[[], None] = lambda: None) -> Prediction:
        """Return the prediction for all fresh rows, compared with one in a new process and with some single rows."""
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
    """Return the prediction from one call; it has labels only if the call returned one int for each row."""
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
    """Return the leaves of nested dicts, lists and tuples, and a None for each container and each 8 letters of keys."""
    if isinstance(value, dict):
        keys = sum(len(str(key)) // 8 for key in value)
        return [None] * (1 + keys) + [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list | tuple):
        return [None, *(leaf for item in value for leaf in _leaves(item))]
    return [value]


def _size(leaf: Any) -> int:
    """Return the size of a leaf in numbers of eight bytes; the digits of large ints count too."""
    if isinstance(leaf, Unsupported):
        return math.prod(leaf.shape or ())
    if isinstance(leaf, np.ndarray | np.generic):
        return max(leaf.size, leaf.nbytes // 8, 1)
    if isinstance(leaf, str):
        return len(leaf)
    return 1 + leaf.bit_length() // 64 if isinstance(leaf, int) else 2 if isinstance(leaf, complex) else 1


def training_run(trial: Trial, training: Training) -> TrainingRun:
    """Return the trial's training run, made once and shared by check and diagnosis, so that training runs once."""
    return trial.once("training run", lambda: TrainingRun(trial, training))


def rerun(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings; those of a wrong train or predict with mistake and hint where a known mistake acts alike."""
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
    """Return whether a known mistake of train gives the student's params; it is trained once per variant."""
    variant, training = facts.trial.variant, facts.training
    implementation = variant.oracle.implementation(mistake)
    known = variant.once(f"mistake {mistake.name}", lambda: TrainingRun(Trial(variant, implementation), training).runs)
    for mine, theirs in zip(facts.runs, known, strict=False):
        if isinstance(mine.params, dict) and isinstance(theirs.params, dict):
            shared = {key: value for key, value in mine.params.items() if key in theirs.params}
            if not same(shared, theirs.params, _RTOL):  # further params, such as a history, are ignored
                return False
        elif (mine.params is None) != (theirs.params is None) or not _alike(mine.outcome, theirs.outcome):
            return False
    return len(known) == len(facts.runs)


def _reads_alike(facts: TrainingRun, mistake: Mistake) -> bool:
    """Return whether a known mistake of predict gives the student's labels for the same params, or both are random."""
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
