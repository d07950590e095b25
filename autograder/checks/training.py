"""Check whether the student's train and predict generalize to fresh rows, in the CPU time allowed.

Points by accuracy on rows that the training cannot have seen, and by CPU time against the reference's own training. A
broken half costs only its own points, where the params fit the reference's other half: see training_run.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.contract import is_stub, ready
from autograder.checks.judge import OutputProblem, explain
from autograder.checks.speed import timed_finding, untimed
from autograder.checks.training_run import Prediction, TrainingRun, training_run
from autograder.checks.trial import Trial
from autograder.implementation import Outcome, Returned, Stopped
from autograder.numeric.compare import show
from autograder.numeric.sample import thinned
from autograder.report.report import Finding, Status
from autograder.spec.exercise import Shrink
from autograder.spec.function import Function

Findings = tuple[Finding, ...]
_TICK = 1e-7
# A training below a third of chance on many rows has learned the opposite: guessing would hardly ever be that bad.
_OPPOSITE, _CHANCE, _MEMORY = 1 / 3, 2.0, 0.25
_NEAR = "Fewer epochs may do, and whole batches in one expression are faster than rows one by one."
_FAR = "Replace the innermost Python loops by array expressions, and stop once the accuracy stands."
# For a release, which has no reference predict to tell poor params from a wrong predict.
_OPEN_HALF = ("{predict} reads the recorded params otherwise than the reference does. If that is not as you mean it, "
              "repair it first; what {train} and {predict} are worth is seen when they are graded.")  # fmt: skip


def check(trial: Trial, findings: Findings) -> Findings:
    """Return one finding per output of train and of predict, and one for the time where there are points for it."""
    training = trial.exercise.training
    if training is None:
        return ()
    facts = training_run(trial, training)
    if not ready(findings, facts.train):
        return _skipped(facts.train) + _skipped(facts.predict)
    of_train = _train(facts)
    return of_train + (_predict(facts) if ready(findings, facts.predict) else _skipped(facts.predict))


def _finding(function: Function, output: str, status: Status, score: float, message: str, **more: Any) -> Finding:
    return Finding("training", function.name, status, output, score, function.outputs[output], message, **more)


def _skipped(function: Function, message: str = "") -> Findings:
    timed = function.points.get("speed")
    outputs = [_finding(function, output, "skipped", 0.0, message) for output in function.outputs]
    return (*outputs, *((Finding("speed", function.name, "skipped", max_score=timed),) if timed else ()))


def _wrong(facts: TrainingRun, function: Function, output: str, problem: OutputProblem) -> Finding:
    text = problem.text if facts.trial.reveal else problem.plain
    return _finding(function, output, problem.status, 0.0, text)


def _train(facts: TrainingRun) -> Findings:
    train, run = facts.train, facts.last
    if is_stub(run.outcome):
        return _skipped(train, f"{train.name} is not written yet.")
    if run.params is None:  # the accuracy says why, all else is skipped
        problem = OutputProblem("failed", run.fault, run.fault) if run.fault else explain(train, run.outcome)
        if isinstance(run.outcome, Stopped) and run.outcome.reason == "time":
            text = (f"{train.name} did not finish in {facts.allowed:.0f} s of CPU time and was stopped; the reference "
                    f"takes {facts.reference.cpu:.2g} s. Look for a loop that never ends, or for loops over rows and "
                    "pixels.")  # fmt: skip
            problem = OutputProblem("error", text, text)
        return (_wrong(facts, train, "accuracy", problem), *_skipped(train)[1:])
    accuracy = facts.best.share(facts.rows.truth)
    if accuracy is None:
        return _skipped(train, f"{facts.predict.name} must return labels first: without them nobody can tell.")
    if accuracy < facts.training.bars[0][0] and facts.stays_unjudged:
        return _skipped(train, _OPEN_HALF.format(train=train.name, predict=facts.predict.name))
    found = [_accuracy(facts, accuracy)]
    if facts.training.shrink:
        found.append(_gap(facts, facts.training.shrink, found[0]))
    return (*found, *((_time(facts, run.outcome, found[0]),) if "speed" in train.points else ()))


def _accuracy(facts: TrainingRun, accuracy: float) -> Finding:
    train, bars, rows = facts.train, facts.training.bars, facts.rows
    points = train.outputs["accuracy"]
    earned = points * next((share for bar, share in bars if accuracy >= bar), 0.0)
    figures = {"accuracy": round(accuracy, 4), "bar": bars[0][0]}
    message = ""
    if earned < points:
        given = facts.accuracy(facts.last, rows.x, rows.labels)
        figures |= {"training_accuracy": round(given, 4)} if given is not None else {}
        message = (f"It is right on {accuracy:.3f} of the {len(rows.fresh)} rows that it has never seen, expected "
                   f"{bars[0][0]:g}. {_cause(facts, accuracy, given)}")  # fmt: skip
    params = facts.last.params if facts.trial.reveal else None  # the curve of hidden rows is not shown
    curve = thinned(params["history"]) if isinstance(params, dict) and "history" in params else ()
    return _finding(train, "accuracy", "failed" if message else "passed", earned, message, figures=figures,
                    series={"history": curve} if curve else {})  # fmt: skip


def _cause(facts: TrainingRun, accuracy: float, given: float | None) -> str:
    """Return why the accuracy on fresh rows may be too low. given: the accuracy on the rows it was trained on."""
    chance, labels = 1 / len(np.unique(facts.rows.labels)), facts.best.labels
    if given is None:
        return "Train longer, or with another learning rate."
    reaches = f"On the rows it was trained on it reaches {given:.3f}"
    if given - accuracy > _MEMORY:
        return f"{reaches}: it remembers rows instead of what they share."
    if max(accuracy, given) < _OPPOSITE * chance:
        return (f"Guessing would reach {chance:g}, so it learns the opposite: check that lr times the gradient is "
                "subtracted, that the scores' gradient is p - one_hot, and that the largest score wins.")  # fmt: skip
    if labels is not None and len(np.unique(labels)) == 1:
        return ("Every row gets the same label. Compare your gradients with differences of the loss, check the sign of "
                "the step, start from small random weights, not zeros, take a smaller lr, and visit the rows in random "
                "order.")  # fmt: skip
    if given < _CHANCE * chance:
        return ("That is chance, on the rows it was trained on too. Are labels and rows shuffled by the same order, "
                "does every epoch see every row in a new order, and are the params that you return the trained ones?"
                )  # fmt: skip
    return (f"{reaches}. Does every epoch use every row, in a new order, and make a step for each batch? Then train "
            "longer, or change the learning rate.")  # fmt: skip


def _gap(facts: TrainingRun, shrink: Shrink, first: Finding) -> Finding:
    """Return the finding on the gap in accuracy between given and fresh rows, without and with the flag."""
    if first.status != "passed":
        return _finding(facts.train, "gap", "skipped", 0.0, "")
    given, fresh = ([facts.accuracy(run, x, truth) or 0.0 for run in facts.runs] for x, truth in (
        (facts.rows.x, facts.rows.labels), (facts.rows.fresh, facts.rows.truth)))  # fmt: skip
    figures = {f"{kind}_{name}": round(found, 4) for kind, both in (("given", given), ("fresh", fresh))
               for name, found in zip(("without", "with"), both, strict=True)}  # fmt: skip
    message = _explain_gap(shrink, figures)
    score = 0.0 if message else facts.train.outputs["gap"]
    return _finding(facts.train, "gap", "failed" if message else "passed", score, message, figures=figures)


def _explain_gap(shrink: Shrink, figures: dict[str, float]) -> str:
    """Return a message if the flag does not shrink the gap between given and fresh rows as required; "" if it does."""
    flag, given = shrink.flag, figures["given_without"]
    without, with_it = (figures[f"given_{name}"] - figures[f"fresh_{name}"] for name in ("without", "with"))
    if given < shrink.fits:
        return (f"With {flag}=False it is right on {given:.3f} of its own rows, expected {shrink.fits:g} or more: "
                "where nothing over-fits, nothing can shrink. Train longer, or with more units.")  # fmt: skip
    if without - with_it >= shrink.by:
        return ""
    words = f"With {flag}=False the gap between its own rows and fresh ones is {without:.3f}, with {flag}=True "
    if with_it == without:
        return f"{words}exactly the same: does {flag} change anything?"
    return (f"{words}{with_it:.3f}; it should shrink by {shrink.by:g} or more. Drop more units, and check that dropout "
            "and batch normalization are at work in training and have no randomness and no batch in predict."
            )  # fmt: skip


def _time(facts: TrainingRun, outcome: Outcome, first: Finding) -> Finding:
    """Return the finding on the CPU time of train and of predicting all fresh rows, together."""
    train = facts.train
    reason = facts.trial.implementation.timing_fault()
    if first.status != "passed" or not isinstance(outcome, Returned) or reason:
        return untimed(train, reason if first.status == "passed" else "")
    mine, base = (getattr(reading.outcome, "cpu", 0.0) for reading in (facts.own, facts.truth))
    ratio = (outcome.cpu + mine) / max(facts.reference.cpu + base, _TICK)
    return timed_finding(facts.trial, train, ratio, facts.training.times, "CPU time", _NEAR, _FAR)


def _predict(facts: TrainingRun) -> Findings:
    """Return one finding on predict with the student's params; with the reference's where those are missing or poor."""
    train, predict, reading = facts.train, facts.predict, facts.judged
    ((output, points),) = predict.outputs.items()
    if reading is None:
        message = f"{train.name} must return params that {predict.name} can read first."
        return _skipped(predict, "" if is_stub(facts.last.outcome) else message)
    if is_stub(reading.outcome):
        return _skipped(predict, f"{predict.name} is not written yet.")
    problem = _misread(facts, reading)
    if problem:
        return (_wrong(facts, predict, output, problem),)
    if reading is facts.own and facts.stays_unjudged:
        return _skipped(predict, _OPEN_HALF.format(train=train.name, predict=predict.name))
    return (_finding(predict, output, "passed", points, ""),)


def _misread(facts: TrainingRun, reading: Prediction) -> OutputProblem | None:
    """Return what is wrong with the labels in a reading of predict; None when nothing is."""
    predict, rows = facts.predict, facts.rows
    if reading.labels is None:
        return _no_labels(predict, reading.outcome, len(rows.fresh))
    text = ""
    if not reading.repeats:
        text = (f"{predict.name} gives the same rows other labels when it is asked again. Nothing may be random once "
                "training is over: dropout belongs to training.")  # fmt: skip
    elif reading.alone is not None:
        if reading.alone.labels is None:
            return _no_labels(predict, reading.alone.outcome, 1)
        text = (f"{predict.name} gives a row another label when the row comes alone. Means, deviations and maxima over "
                "the rows must be those of the training, kept in params: a row's label cannot depend on its "
                "neighbours.")  # fmt: skip
    elif reading.params is facts.reference.value and not reading.equals(facts.truth):
        accuracy, best = (one.share(rows.truth) or 0.0 for one in (reading, facts.truth))
        text = (f"{predict.name} is right on {accuracy:.3f} of the fresh rows with params that reach {best:.3f}. Does "
                "it make the same steps as the forward pass in training, and does the largest score win?")  # fmt: skip
    return OutputProblem("failed", text, text) if text else None


def _no_labels(predict: Function, outcome: Outcome, count: int) -> OutputProblem:
    """Return the problem of a predict that returned something other than `count` labels."""
    if not isinstance(outcome, Returned):
        problem = explain(predict, outcome)
        words = " That is for a batch of one row." if count == 1 else ""
        return OutputProblem(problem.status, problem.text + words, problem.plain + words)
    value, expected = outcome.value, f"expected {count} int{'s' * (count > 1)}, one label per row."
    advice = ""
    if isinstance(value, np.ndarray):
        if value.shape == (count,):
            text = (f"{predict.name} returns labels of dtype {value.dtype}, expected ints. A label is an index, not a "
                    "measure.")  # fmt: skip
            return OutputProblem("failed", text, text)
        if not value.ndim:
            advice = " Keep the axis of the rows, also when there is only one."
        elif value.ndim == 2 and len(value) == count:
            advice = " If these are scores or probabilities: the label is where a row's largest one stands."
        elif value.ndim == 1:
            advice = " Is the largest score looked for down the columns instead of along each row?"
    text, plain = (f"{predict.name} returns {words}, {expected}{advice}" for words in (show(value), "something else"))
    return OutputProblem("failed", text, plain)
