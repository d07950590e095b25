"""The results of train and predict on the variant's rows, each computed when it is first used.

Each reading happens in a process that has the text and the params as they came over the wire, and nothing else. The
fresh rows leave this process only after train has returned; their labels never do. Either half is also tried with the
reference's other half, where the params fit it, so that it shows which of the two is broken. A release has no reference
predict to read the student's params. There the student's predict on the reference's recorded params decides, or the
question stays open until the answer is graded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
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
from autograder.spec.function import Function
from autograder.values import Unsupported

Predict = Callable[[np.ndarray, Any], Outcome]

# A training may take this many times the reference's CPU time, and some seconds more; reading rows takes far less.
PATIENCE, GRACE, READING = 20.0, 10.0, 5.0
ALONE = 10
# Params that are equal to six digits bear a mistake's name.
_RTOL = 1e-6


@dataclass(frozen=True)
class TrainCall:
    """One training. options: its flags. fault: why its params are none, "" when they are."""

    options: Mapping[str, Any]
    outcome: Outcome
    fault: str = ""

    @property
    def params(self) -> Any:
        """The trained params; None where there is a fault."""
        return self.outcome.value if isinstance(self.outcome, Returned) and not self.fault else None

    @property
    def learned(self) -> bool:
        """Whether there are params."""
        return isinstance(self.outcome, Returned) and not self.fault


@dataclass(frozen=True)
class Prediction:
    """What a predict makes of the fresh rows with some params. labels: None when they are not what labels must be.

    repeats: it says the same when asked again. alone: what it said of the first row that it judges otherwise when the
    row comes alone; None where there is no such row.
    """

    params: Any
    outcome: Outcome
    labels: np.ndarray | None = None
    repeats: bool = True
    alone: Outcome | None = None

    @property
    def steady(self) -> bool:
        """Whether a row's label is a fact of the row and the params."""
        return self.labels is not None and self.repeats and self.alone is None


class TrainingRun:
    """The training of one implementation on one variant."""

    def __init__(self, trial: Trial, training: Training) -> None:
        self.trial, self.training = trial, training
        self.train, self.predict = (f for f in trial.exercise.functions if f.kind == "training")
        self.rows, self.rng = trial.variant.once("rows", lambda: trial.variant.oracle.rows(training))

    @cached_property
    def runs(self) -> tuple[TrainCall, ...]:
        """Every training; the last one is what is graded. After one without params there is no other."""
        runs: list[TrainCall] = []
        for options in self.options:
            runs.append(self._run(options))
            if not runs[-1].learned:
                break
        return tuple(runs)

    @cached_property
    def options(self) -> tuple[dict[str, bool], ...]:
        """The flags of each training."""
        shrink = self.training.shrink
        return ({shrink.flag: False}, {shrink.flag: True}) if shrink else ({},)

    @cached_property
    def last(self) -> TrainCall:
        """The training that is graded, or the first that failed."""
        return self.runs[-1]

    @cached_property
    def reference(self) -> Returned:
        """The reference's own training, the last one; it is made once per variant."""
        variant = self.trial.variant
        inputs = self.inputs(self.options[-1])
        return variant.once("reference training", lambda: variant.oracle.trained(self.train, inputs))

    @property
    def allowed(self) -> float:
        """Seconds of CPU time that a training may take."""
        return PATIENCE * self.reference.cpu + GRACE

    def inputs(self, options: Mapping[str, bool]) -> Inputs:
        """The arguments of train."""
        return {"x": self.rows.x, "labels": self.rows.labels, "rng": self.rng, **options}

    @cached_property
    def own(self) -> Prediction:
        """The student's predict with the params of the student's train."""
        return self._read(self.calls, self.last.params, self.trial.renew)

    @cached_property
    def swapped(self) -> Prediction:
        """The student's predict with the params of the reference's train."""
        return self._read(self.calls, self.reference.value, self.trial.renew)

    @cached_property
    def cross(self) -> Prediction:
        """The reference's predict with the student's params; without labels where they do not fit it."""
        return glance(self.oracle, self.last.params, self.rows.fresh)

    @cached_property
    def truth(self) -> Prediction:
        """The reference's predict with the reference's params."""
        return glance(self.oracle, self.reference.value, self.rows.fresh)

    def calls(self, x: np.ndarray, params: Any) -> Outcome:
        """One call of the student's predict."""
        return self.trial.call(self.predict, {"x": x, "params": params}, seconds=READING, timed=True)

    def labels(self, reading: Prediction, run: TrainCall, x: np.ndarray) -> np.ndarray | None:
        """The labels of other rows, by whichever predict the reading is of."""
        if reading is not self.own:
            return glance(self.oracle, run.params, x).labels
        self.trial.renew()
        return glance(self.calls, run.params, x).labels

    def oracle(self, x: np.ndarray, params: Any) -> Outcome:
        """One call of the reference's predict. Params that are not of its own form, or not recorded, raise."""
        implementation = InProcess({self.predict.name: self.predict.oracle})
        try:
            return invoke(implementation, self.predict, {"x": x, "params": params}, READING, watch=False)
        except Unrecorded as error:
            return Raised(Unrecorded.__name__, str(error))

    @property
    def unread(self) -> bool:
        """Whether the student's params could not be given to the reference's predict, as in a release."""
        return isinstance(self.cross.outcome, Raised) and self.cross.outcome.kind == Unrecorded.__name__

    def read_by(self, implementation: Implementation, params: Any) -> Prediction:
        """The predict of another implementation with these params."""
        return self._read(
            lambda x, params: invoke(implementation, self.predict, {"x": x, "params": params}, READING, watch=False),
            params,
        )

    def _run(self, options: Mapping[str, bool]) -> TrainCall:
        outcome = self.trial.call(self.train, self.inputs(options), seconds=self.allowed, timed=True)
        fault = unusable(outcome.value, self.training.numbers) if isinstance(outcome, Returned) else ""
        return TrainCall(options, outcome, fault)

    def _read(self, predict: Predict, params: Any, renew: Callable[[], None] = lambda: None) -> Prediction:
        """All fresh rows; in another process a few of them one by one, and then all again."""
        fresh = self.rows.fresh
        renew()
        first = glance(predict, params, fresh)
        if first.labels is None:
            return first
        renew()
        singles = [(label, predict(fresh[i : i + 1], params)) for i, label in enumerate(first.labels[:ALONE])]
        again = labels_in(predict(fresh, params), len(fresh))
        repeats = again is not None and np.array_equal(again, first.labels)
        other = (outcome for label, outcome in singles if not _is_label(outcome, label))
        return Prediction(params, first.outcome, first.labels, repeats, next(other, None))


def glance(predict: Predict, params: Any, x: np.ndarray) -> Prediction:
    """The prediction for these rows, from one call."""
    outcome = predict(x, params)
    return Prediction(params, outcome, labels_in(outcome, len(x)))


def labels_in(outcome: Outcome, count: int) -> np.ndarray | None:
    """The labels that came back: as many ints as rows. None when it is anything else."""
    value = outcome.value if isinstance(outcome, Returned) else None
    fits = isinstance(value, np.ndarray) and value.shape == (count,) and value.dtype.kind in "iu"
    return value if fits else None


def _is_label(outcome: Outcome, label: int) -> bool:
    alone = labels_in(outcome, 1)
    return alone is not None and alone[0] == label


def share(labels: np.ndarray | None, truth: np.ndarray) -> float | None:
    """The accuracy, None without labels."""
    return None if labels is None else float(np.mean(labels == truth))


def unusable(params: Any, numbers: int) -> str:
    """Why these params cannot be used, with the repair; "" when they can."""
    foreign = next((item for item in _leaves(params) if isinstance(item, Unsupported) and item.shape is None), None)
    if foreign is not None:
        kind = "an object of your own" if foreign.kind == "object" else f"a value of type {foreign.kind}"
        return f"params hold {kind}. Return arrays and numbers, in lists, tuples and dicts with text keys."
    if _size(params) > numbers:
        return f"params hold more than {numbers} numbers: keep what was learned, not the rows themselves."
    if not all(_finite(item) for item in _leaves(params)):
        return (
            "params hold nan or inf: the training ran away. Take a smaller lr, average the gradient over the batch, "
            "and subtract each row's largest score before exp."
        )
    return ""


def _leaves(value: Any) -> list[Any]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else None
    return [value] if items is None else [leaf for item in items for leaf in _leaves(item)]


def _size(value: Any) -> int:
    """How many numbers of eight bytes the params hold: keys, nesting and the digits of large ints count as well."""
    if isinstance(value, Unsupported):
        return math.prod(value.shape or ())
    if isinstance(value, dict):
        return 1 + sum(len(str(key)) // 8 + _size(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return 1 + sum(map(_size, value))
    if isinstance(value, np.ndarray | np.generic):
        return max(value.size, value.nbytes // 8, 1)
    if isinstance(value, str):
        return len(value)
    return 1 + value.bit_length() // 64 if isinstance(value, int) else 2 if isinstance(value, complex) else 1


def _finite(leaf: Any) -> bool:
    number = isinstance(leaf, float) or (isinstance(leaf, np.ndarray | np.generic) and leaf.dtype.kind == "f")
    return not number or bool(np.isfinite(leaf).all())


def training_run(trial: Trial, training: Training) -> TrainingRun:
    """The trial's training run, shared by the check and the diagnosis, so that training runs once."""
    return trial.once("training run", lambda: TrainingRun(trial, training))


def best(facts: TrainingRun) -> Prediction:
    """The labels that the params are judged by: the student's own predict, or the reference's where that reads more."""
    own = share(facts.own.labels, facts.rows.truth)
    if own is not None and own >= facts.training.bars[0][0]:
        return facts.own
    cross = share(facts.cross.labels, facts.rows.truth)
    return facts.cross if cross is not None and (own is None or cross > own) else facts.own


def judged(facts: TrainingRun) -> Prediction | None:
    """The reading that predict is judged by; None when there is none that says something about it.

    Its own params, where they earn something or where predict fails on them in a way that no params excuse. Else the
    reference's, where it reads them as the reference does, or where the student's own are of the reference's form.
    """
    if facts.last.learned:
        own, truth = facts.own, facts.rows.truth
        accuracy, cross = share(own.labels, truth), share(facts.cross.labels, truth)
        if accuracy is None or not own.steady:
            return own
        if accuracy >= facts.training.bars[-1][0] and (cross is None or cross <= accuracy):
            return own
    return facts.swapped if _right(facts) or (facts.last.learned and _fits(facts)) else None


def otherwise(facts: TrainingRun) -> bool:
    """Whether only the missing reference predict could judge the student's: theirs gives other labels for the
    reference's params, which have the form of their own."""
    return facts.last.learned and facts.unread and _fits(facts) and not _right(facts)


def doubtful(facts: TrainingRun) -> bool:
    """Whether it also stays open if the params are poor or the predict is wrong."""
    own = share(facts.own.labels, facts.rows.truth)
    return own is not None and own < facts.training.bars[0][0] and otherwise(facts)


def _right(facts: TrainingRun) -> bool:
    """Whether predict reads the reference's params as the reference does."""
    reading, truth = facts.swapped, facts.truth.labels
    return reading.steady and truth is not None and np.array_equal(reading.labels, truth)  # type: ignore[arg-type]


def _fits(facts: TrainingRun) -> bool:
    """Whether the params are of the reference's form, so that either predict could read them."""
    if not facts.unread:
        return facts.cross.labels is not None
    return facts.swapped.labels is not None and alike(facts.last.params, facts.reference.value)


def alike(params: Any, others: Any) -> bool:
    """Whether the arrays of `others` are in `params` too, under the same names and with as many axes."""
    if isinstance(params, dict) and isinstance(others, dict):
        arrays = {key: value for key, value in others.items() if isinstance(value, np.ndarray)}
        return arrays.keys() <= params.keys() and all(alike(params[key], arrays[key]) for key in arrays)
    if isinstance(params, list | tuple) and isinstance(others, list | tuple):
        return len(params) == len(others) and all(map(alike, params, others))
    return type(params) is type(others) and np.ndim(params) == np.ndim(others)


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
    return (
        finding
        if mistake is None
        else replace(
            finding,
            mistake=mistake.name,
            hint=mistake.hint,
            diagnosis="convention" if mistake.convention else "mistake",
        )
    )


def _mistake(facts: TrainingRun, function: Function) -> Mistake | None:
    """The first known mistake in this function whose results equal the student's."""
    known = [mistake for mistake in facts.trial.exercise.mistakes if mistake.function == function.name]
    does = _trains_alike if function is facts.train else _reads_alike
    return next((mistake for mistake in known if does(facts, mistake)), None)


def _trains_alike(facts: TrainingRun, mistake: Mistake) -> bool:
    """Whether its trainings end with the student's params; they run once per variant."""
    variant, training = facts.trial.variant, facts.training
    implementation = variant.oracle.implementation(mistake)
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
    implementation = facts.trial.variant.oracle.implementation(mistake)
    try:
        theirs = facts.read_by(implementation, mine.params)
    except Unrecorded:  # a release holds what the mistake makes of the reference's params alone
        if not alike(mine.params, facts.reference.value):
            return False
        mine = facts.swapped
        theirs = facts.read_by(implementation, mine.params)
    if not (mine.repeats and theirs.repeats):
        return mine.repeats == theirs.repeats
    return _alike(mine.outcome, theirs.outcome) and _alike(mine.alone, theirs.alone)


def _alike(mine: Outcome | None, theirs: Outcome | None) -> bool:
    if mine is None or theirs is None:
        return mine is theirs
    if isinstance(mine, Raised) and isinstance(theirs, Raised):
        return mine.kind == theirs.kind
    if isinstance(mine, Returned) and isinstance(theirs, Returned):
        return same(mine.value, theirs.value, _RTOL)
    return False
