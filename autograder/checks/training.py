"""Does what it trains generalize, in the CPU time allowed?

Points by accuracy on rows that the training cannot have seen, and by CPU time against the reference's own training. A
broken half costs only its own points, where the params fit the reference's other half: see training_run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.checks.contract import is_stub, ready
from autograder.checks.judge import OutputProblem, explain
from autograder.checks.speed import not_timed, timed_finding
from autograder.checks.training_run import (
    Prediction,
    TrainCall,
    TrainingRun,
    best,
    doubtful,
    judged,
    labels_in,
    otherwise,
    share,
    training_run,
)
from autograder.checks.trial import Trial
from autograder.implementation import Outcome, Returned, Stopped
from autograder.numeric.compare import show
from autograder.numeric.sample import thinned
from autograder.report.report import Finding, Status
from autograder.spec.exercise import Rows, Shrink
from autograder.spec.function import Function

Findings = tuple[Finding, ...]
_TICK = 1e-7
# A training below a third of chance on many rows has learned the opposite: guessing would hardly ever be that bad.
_OPPOSITE, _CHANCE, _MEMORY = 1 / 3, 2.0, 0.25
_NEAR = "Fewer epochs may do, and whole batches in one expression are faster than rows one by one."
_FAR = "Replace the innermost Python loops by array expressions, and stop once the accuracy stands."
# What a wrong predict says of itself.
_UNSTEADY = (
    "{} gives the same rows other labels when it is asked again. Nothing may be random once training is over: dropout "
    "belongs to training."
)
_COMPANY = (
    "{} gives a row another label when the row comes alone. Means, deviations and maxima over the rows must be those "
    "of the training, kept in params: a row's label cannot depend on its neighbours."
)
_TOO_LITTLE = (
    "{} is right on {:.3f} of the fresh rows with params that reach {:.3f}. Does it make the same steps as the forward "
    "pass in training, and does the largest score win?"
)
# In a release, which cannot tell poor params from a wrong predict.
_OPEN_HALF = (
    "{predict} reads the recorded params otherwise than the reference does. If that is not as you mean it, repair it "
    "first; what {train} and {predict} are worth is seen when they are graded."
)


def check(trial: Trial, findings: Findings) -> Findings:
    """One finding per output of train and of predict, and one for the time where there are points for it."""
    training = trial.exercise.training
    if training is None:
        return ()
    facts = training_run(trial, training)
    if not ready(findings, facts.train):
        return _skipped(facts.train) + _skipped(facts.predict)
    of_train = _train(facts)
    of_predict = _predict(facts) if ready(findings, facts.predict) else _skipped(facts.predict)
    return of_train + of_predict


def _skipped(function: Function, message: str = "") -> Findings:
    outputs = [
        Finding("training", function.name, "skipped", output, 0.0, points, message)
        for output, points in function.outputs.items()
    ]
    timed = function.points.get("speed")
    return (*outputs, *((Finding("speed", function.name, "skipped", max_score=timed),) if timed else ()))


def _train(facts: TrainingRun) -> Findings:
    train, run = facts.train, facts.last
    if is_stub(run.outcome):
        return _skipped(train, f"{train.name} is not written yet.")
    if not run.learned:
        return _fault(facts, run)
    reading = best(facts)
    accuracy = share(reading.labels, facts.rows.truth)
    if accuracy is None:
        return _skipped(train, f"{facts.predict.name} must return labels first: without them nobody can tell.")
    if doubtful(facts):
        return _skipped(train, _OPEN_HALF.format(train=train.name, predict=facts.predict.name))
    first = _accuracy(facts, reading, accuracy)
    gap = _gap(facts, facts.training.shrink, first) if facts.training.shrink else ()
    return (first, *gap, *(_time(facts, run.outcome, first) if "speed" in train.points else ()))


def _fault(facts: TrainingRun, run: TrainCall) -> Findings:
    """No params: the accuracy says why, all else is skipped."""
    problem = _no_params(facts, run)
    text = problem.text if facts.trial.reveal else problem.plain
    first, *others = _skipped(facts.train)
    failed = Finding("training", facts.train.name, problem.status, first.output, 0.0, first.max_score, text)
    return (failed, *others)


def _no_params(facts: TrainingRun, run: TrainCall) -> OutputProblem:
    if isinstance(run.outcome, Stopped) and run.outcome.reason == "time":
        text = (
            f"{facts.train.name} did not finish in {facts.allowed:.0f} s of CPU time and was stopped; the reference "
            f"takes {facts.reference.cpu:.2g} s. Look for a loop that never ends, or for loops over rows and pixels."
        )
        return OutputProblem("error", text, text)
    return OutputProblem("failed", run.fault, run.fault) if run.fault else explain(facts.train, run.outcome)


def _accuracy(facts: TrainingRun, reading: Prediction, accuracy: float) -> Finding:
    train, bars = facts.train, facts.training.bars
    points = train.outputs["accuracy"]
    earned = points * next((share for bar, share in bars if accuracy >= bar), 0.0)
    figures = {"accuracy": round(accuracy, 4), "bar": bars[0][0]}
    status: Status = "passed"
    message = ""
    if earned < points:
        status = "failed"
        given = share(facts.labels(reading, facts.last, facts.rows.x), facts.rows.labels)
        figures |= {"training_accuracy": round(given, 4)} if given is not None else {}
        message = _explain_accuracy(facts.rows, reading.labels, accuracy, given, bars[0][0])
    return Finding("training", train.name, status, "accuracy", earned, points, message, figures=figures,
                   series=_history(facts.last.params) if facts.trial.reveal else {})  # fmt: skip


def _gap(facts: TrainingRun, shrink: Shrink, first: Finding) -> Findings:
    """The gap between given and fresh rows, without and with the flag."""
    points = facts.train.outputs["gap"]
    if first.status != "passed":
        return (Finding("training", facts.train.name, "skipped", "gap", 0.0, points),)
    reading = best(facts)
    figures: dict[str, float] = {}
    for run, name in zip(facts.runs, ("without", "with"), strict=True):
        given = share(facts.labels(reading, run, facts.rows.x), facts.rows.labels) or 0.0
        fresh = share(facts.labels(reading, run, facts.rows.fresh), facts.rows.truth) or 0.0
        figures |= {f"given_{name}": round(given, 4), f"fresh_{name}": round(fresh, 4)}
    message = _explain_gap(shrink, figures)
    status: Status = "failed" if message else "passed"
    score = 0.0 if message else points
    return (Finding("training", facts.train.name, status, "gap", score, points, message, figures=figures),)


def _time(facts: TrainingRun, outcome: Outcome, first: Finding) -> Findings:
    train, points = facts.train, facts.train.points["speed"]
    if first.status != "passed" or not isinstance(outcome, Returned):
        return (Finding("speed", train.name, "skipped", max_score=points),)
    if reason := facts.trial.implementation.timing_fault():
        message = not_timed(train.name, reason)
        return (Finding("speed", train.name, "skipped", max_score=points, message=message),)
    ratio = (outcome.cpu + _cpu(facts.own)) / max(facts.reference.cpu + _cpu(facts.truth), _TICK)
    return (timed_finding(facts.trial, train, ratio, facts.training.times, "CPU time", _NEAR, _FAR),)


def _cpu(reading: Prediction) -> float:
    """The CPU time of predicting all fresh rows: what train leaves to predict is not for nothing."""
    return reading.outcome.cpu if isinstance(reading.outcome, Returned) else 0.0


def _predict(facts: TrainingRun) -> Findings:
    """One finding. With params of its own it is judged by them; where they are poor or none, by the reference's."""
    predict = facts.predict
    ((output, points),) = predict.outputs.items()
    reading = judged(facts)
    if reading is None:
        message = f"{facts.train.name} must return params that {predict.name} can read first."
        return _skipped(predict, "" if is_stub(facts.last.outcome) else message)
    if is_stub(reading.outcome):
        return _skipped(predict, f"{predict.name} is not written yet.")
    problem = _misread(facts, reading)
    if problem is None and reading is facts.own and otherwise(facts):
        return _skipped(predict, _OPEN_HALF.format(train=facts.train.name, predict=predict.name))
    if problem is None:
        return (Finding("training", predict.name, "passed", output, points, points),)
    text = problem.text if facts.trial.reveal else problem.plain
    return (Finding("training", predict.name, problem.status, output, 0.0, points, text),)


def _misread(facts: TrainingRun, reading: Prediction) -> OutputProblem | None:
    """What is wrong with a reading; None when nothing is."""
    name, count = facts.predict.name, len(facts.rows.fresh)
    if reading.labels is None:
        if not isinstance(reading.outcome, Returned):
            return explain(facts.predict, reading.outcome)
        return _other_form(name, reading.outcome.value, count)
    elif not reading.repeats:
        text = _UNSTEADY.format(name)
    elif reading.alone is not None:
        return _misread_alone(facts.predict, reading.alone)
    elif reading.params is facts.reference.value and not np.array_equal(
        reading.labels,
        facts.truth.labels,  # type: ignore[arg-type]
    ):
        accuracy, best = share(reading.labels, facts.rows.truth), share(facts.truth.labels, facts.rows.truth)
        text = _TOO_LITTLE.format(name, accuracy or 0.0, best or 0.0)
    else:
        return None
    return OutputProblem("failed", text, text)


def _misread_alone(predict: Function, outcome: Outcome) -> OutputProblem:
    """One row by itself gets another label, or none."""
    if not isinstance(outcome, Returned):
        problem = explain(predict, outcome)
        words = "That is for a batch of one row."
        return OutputProblem(problem.status, f"{problem.text} {words}", f"{problem.plain} {words}")
    if labels_in(outcome, 1) is None:
        return _other_form(predict.name, outcome.value, 1)
    text = _COMPANY.format(predict.name)
    return OutputProblem("failed", text, text)


def _other_form(name: str, value: Any, count: int) -> OutputProblem:
    """What came back of hidden rows is not told where they are hidden."""
    text, plain = (_explain_form(name, value, count, shown) for shown in (True, False))
    return OutputProblem("failed", text, plain)


def _history(params: Any) -> dict[str, tuple[float, ...]]:
    """The curve that a student may leave in params["history"]; it is not shown for hidden rows."""
    curve = thinned(params["history"]) if isinstance(params, dict) and "history" in params else ()
    return {"history": curve} if curve else {}


def _explain_accuracy(rows: Rows, labels: np.ndarray | None, accuracy: float, given: float | None, bar: float) -> str:
    """Why the accuracy on fresh rows may be too low. given: the accuracy on the rows it was trained on."""
    fact = f"It is right on {accuracy:.3f} of the {len(rows.fresh)} rows that it has never seen, expected {bar:g}."
    return f"{fact} {_cause(rows, labels, accuracy, given)}"


def _cause(rows: Rows, labels: np.ndarray | None, accuracy: float, given: float | None) -> str:
    chance = 1 / len(np.unique(rows.labels))
    kinds = np.unique(labels) if labels is not None else np.zeros(0)
    if given is None:
        return "Train longer, or with another learning rate."
    if given - accuracy > _MEMORY:
        return f"On the rows it was trained on it reaches {given:.3f}: it remembers rows instead of what they share."
    if max(accuracy, given) < _OPPOSITE * chance:
        return (
            f"Guessing would reach {chance:g}, so it learns the opposite: check that lr times the gradient is "
            "subtracted, that the scores' gradient is p - one_hot, and that the largest score wins."
        )
    if len(kinds) == 1:
        return (
            "Every row gets the same label. Compare your gradients with differences of the loss, check the sign of the "
            "step, start from small random weights, not zeros, take a smaller lr, and visit the rows in random order."
        )
    if given < _CHANCE * chance:
        return (
            "That is chance, on the rows it was trained on too. Are labels and rows shuffled by the same order, does "
            "every epoch see every row in a new order, and are the params that you return the trained ones?"
        )
    return (
        f"On the rows it was trained on it reaches {given:.3f}. Does every epoch use every row, in a new order, and "
        "make a step for each batch? Then train longer, or change the learning rate."
    )


def _explain_gap(shrink: Shrink, figures: Mapping[str, float]) -> str:
    """Why the gap between given and fresh rows is not as it should be; "" when it is."""
    flag = shrink.flag
    without, with_it = (figures[f"given_{name}"] - figures[f"fresh_{name}"] for name in ("without", "with"))
    if figures["given_without"] < shrink.fits:
        return (
            f"With {flag}=False it is right on {figures['given_without']:.3f} of its own rows, expected "
            f"{shrink.fits:g} or more: where nothing over-fits, nothing can shrink. Train longer, or with more units."
        )
    if without - with_it >= shrink.by:
        return ""
    words = f"With {flag}=False the gap between its own rows and fresh ones is {without:.3f}, with {flag}=True "
    if with_it == without:
        return f"{words}exactly the same: does {flag} change anything?"
    return (
        f"{words}{with_it:.3f}; it should shrink by {shrink.by:g} or more. Drop more units, and check that dropout and "
        "batch normalization are at work in training and have no randomness and no batch in predict."
    )


def _explain_form(name: str, value: Any, count: int, shown: bool = True) -> str:
    """What came back instead of labels. shown: whether the value itself may be told of."""
    returned = show(value) if shown else "something else"
    fact = f"{name} returns {returned}, expected {count} int{'s' * (count > 1)}, one label per row."
    if not isinstance(value, np.ndarray):
        return fact
    if value.shape == (count,):
        return f"{name} returns labels of dtype {value.dtype}, expected ints. A label is an index, not a measure."
    if not value.ndim:
        return f"{fact} Keep the axis of the rows, also when there is only one."
    if value.ndim == 2 and len(value) == count:
        return f"{fact} If these are scores or probabilities: the label is where a row's largest one stands."
    if value.ndim == 1:
        return f"{fact} Is the largest score looked for down the columns instead of along each row?"
    return fact
