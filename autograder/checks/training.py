"""Does what it trains generalize, in the CPU time allowed?

Points by accuracy on rows that the training cannot have seen, and by CPU time against the reference's own training. A
broken half costs only its own points, where the params fit the reference's other half: see training_run.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks import training_symptoms
from autograder.checks.contract import is_stub, ready
from autograder.checks.judge import OutputProblem, explain
from autograder.checks.speed import not_timed, open_words, timed_share
from autograder.checks.training_halves import best, doubtful, judged, otherwise
from autograder.checks.training_run import Prediction, TrainCall, TrainingRun, glance, labels_in, share, training_run
from autograder.checks.trial import Trial
from autograder.implementation import Outcome, Returned, Stopped
from autograder.numeric.curve import thinned
from autograder.report.report import Finding, Status
from autograder.spec.function import Function
from autograder.spec.training import Shrink

Findings = tuple[Finding, ...]
_TICK = 1e-7


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
        return _skipped(train, training_symptoms.open_half(train.name, facts.predict.name))
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
        given = share(_labels(facts, reading, facts.last), facts.rows.labels)
        figures |= {"training_accuracy": round(given, 4)} if given is not None else {}
        message = training_symptoms.explain(facts.rows, reading.labels, accuracy, given, bars[0][0])
    return Finding("training", train.name, status, "accuracy", earned, points, message, figures=figures,
                   series=_history(facts.last.params) if facts.trial.reveal else {})  # fmt: skip


def _labels(facts: TrainingRun, reading: Prediction, run: TrainCall) -> np.ndarray | None:
    """The labels of the rows that were given, by whichever predict the params are judged by."""
    predict = facts.calls if reading is facts.own else facts.oracle
    return glance(predict, run.params, facts.rows.x).labels


def _gap(facts: TrainingRun, shrink: Shrink, first: Finding) -> Findings:
    """The gap between given and fresh rows, without and with the flag."""
    points = facts.train.outputs["gap"]
    if first.status != "passed":
        return (Finding("training", facts.train.name, "skipped", "gap", 0.0, points),)
    reading = best(facts)
    predict = facts.calls if reading is facts.own else facts.oracle
    figures: dict[str, float] = {}
    for run, name in zip(facts.runs, ("without", "with"), strict=True):
        given = share(_labels(facts, reading, run), facts.rows.labels) or 0.0
        fresh = share(glance(predict, run.params, facts.rows.fresh).labels, facts.rows.truth) or 0.0
        figures |= {f"given_{name}": round(given, 4), f"fresh_{name}": round(fresh, 4)}
    message = training_symptoms.explain_gap(shrink, figures)
    status: Status = "failed" if message else "passed"
    score = 0.0 if message else points
    return (Finding("training", facts.train.name, status, "gap", score, points, message, figures=figures),)


def _time(facts: TrainingRun, outcome: Outcome, first: Finding) -> Findings:
    train, (fast, fair) = facts.train, facts.training.times
    points = train.points["speed"]
    if first.status != "passed" or not isinstance(outcome, Returned):
        return (Finding("speed", train.name, "skipped", max_score=points),)
    if reason := facts.trial.implementation.timing_fault():
        message = not_timed(train.name, reason)
        return (Finding("speed", train.name, "skipped", max_score=points, message=message),)
    ratio = outcome.cpu / max(facts.reference.cpu, _TICK)
    figures = {"ratio": round(ratio, 2), "fast": fast, "fair": fair}
    share = timed_share(ratio, (fast, fair), facts.trial.variant.doubt)
    if share is None:
        message = open_words(train.name, ratio, fast)
        return (Finding("speed", train.name, "skipped", max_score=points, message=message, figures=figures),)
    score = points * share
    if share == 1:
        return (Finding("speed", train.name, "passed", None, score, points, figures=figures),)
    message = training_symptoms.explain_time(train.name, ratio, fast, fair)
    return (Finding("speed", train.name, "slow", None, score, points, message, figures=figures),)


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
        return _skipped(predict, training_symptoms.open_half(facts.train.name, predict.name))
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
        text = training_symptoms.unsteady(name)
    elif reading.alone is not None:
        return _misread_alone(facts.predict, reading.alone)
    elif reading.params is facts.reference.value and not np.array_equal(
        reading.labels, facts.truth.labels  # type: ignore[arg-type]
    ):
        accuracy, best = share(reading.labels, facts.rows.truth), share(facts.truth.labels, facts.rows.truth)
        text = training_symptoms.misread(name, accuracy or 0.0, best or 0.0)
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
    text = training_symptoms.company(predict.name)
    return OutputProblem("failed", text, text)


def _other_form(name: str, value: Any, count: int) -> OutputProblem:
    """What came back of hidden rows is not told where they are hidden."""
    text, plain = (training_symptoms.explain_form(name, value, count, shown) for shown in (True, False))
    return OutputProblem("failed", text, plain)


def _history(params: Any) -> dict[str, tuple[float, ...]]:
    """The curve that a student may leave in params["history"]; it is not shown for hidden rows."""
    curve = thinned(params["history"]) if isinstance(params, dict) and "history" in params else ()
    return {"history": curve} if curve else {}
