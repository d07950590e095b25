"""The results of train and predict on the variant's rows, each computed when it is first used.

The fresh rows leave this process only after train has returned; their labels never do. Either half is also tried with
the reference's other half, where the params fit it, so that it shows which of the two is broken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.checks.trial import Trial
from autograder.checks.variant import Inputs, Variant, invoke
from autograder.errors import GraderFault
from autograder.implementation import Implementation, Outcome, Returned
from autograder.sandbox.inprocess import InProcess
from autograder.spec.function import Case
from autograder.spec.training import Rows, Training
from autograder.values import Rng, Unsupported

Predict = Callable[[np.ndarray, Any], Outcome]

# A training may take this many times the reference's CPU time, and some seconds more; reading rows takes far less.
PATIENCE, GRACE, READING = 20.0, 10.0, 5.0
ALONE = 10


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
        self.rows, self.rng = trial.variant.once("rows", lambda: _draw(trial.variant, training))

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
        return self.trial.variant.once("reference training", self._reference)

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
        return self._read(self.calls, self.last.params)

    @cached_property
    def swapped(self) -> Prediction:
        """The student's predict with the params of the reference's train."""
        return self._read(self.calls, self.reference.value)

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

    def oracle(self, x: np.ndarray, params: Any) -> Outcome:
        """One call of the reference's predict. It refuses params that are not of its own form by an exception."""
        return invoke(InProcess({self.predict.name: self.predict.oracle}), self.predict,
                      {"x": x, "params": params}, READING, watch=False)  # fmt: skip

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

    def _reference(self) -> Returned:
        implementation = InProcess({self.train.name: self.train.oracle})
        outcome = invoke(implementation, self.train, self.inputs(self.options[-1]), GRACE, watch=False)
        if not isinstance(outcome, Returned):
            raise GraderFault(f"the reference {self.train.name} failed: {outcome}")
        return outcome

    def _read(self, predict: Predict, params: Any) -> Prediction:
        """All fresh rows, all again, and a few of them one by one."""
        fresh = self.rows.fresh
        first = glance(predict, params, fresh)
        if first.labels is None:
            return first
        again = labels_in(predict(fresh, params), len(fresh))
        repeats = again is not None and np.array_equal(again, first.labels)
        singles = ((label, predict(fresh[i : i + 1], params)) for i, label in enumerate(first.labels[:ALONE]))
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
    size = sum(map(_size, _leaves(params)))
    if size > numbers:
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


def _size(leaf: Any) -> int:
    if isinstance(leaf, Unsupported):
        return math.prod(leaf.shape or ())
    return leaf.size if isinstance(leaf, np.ndarray) else len(leaf) if isinstance(leaf, str) else 1


def _finite(leaf: Any) -> bool:
    number = isinstance(leaf, float) or (isinstance(leaf, np.ndarray | np.generic) and leaf.dtype.kind == "f")
    return not number or bool(np.isfinite(leaf).all())


def _draw(variant: Variant, training: Training) -> tuple[Rows, Rng]:
    stream = variant.stream(Case("training", {}))
    return training.rows(stream), Rng(int(stream.integers(0, 2**63)))


def training_run(trial: Trial, training: Training) -> TrainingRun:
    """The trial's training run, shared by the check and the diagnosis, so that training runs once."""
    return trial.once("training run", lambda: TrainingRun(trial, training))
