"""Hypotheses that an output is the right one for changed inputs, or for another function of the exercise.

The reference computes the right output for the changed inputs; the answer equals it or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.checks.variant import Outputs
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.hypothesis import Hypothesis, Predict, prediction, predicts_first
from autograder.diagnosis.input_changes import InputChange, changes
from autograder.diagnosis.numbers import as_array
from autograder.spec.function import Function


def other_inputs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each small change of the inputs that explains every case."""
    for change in changes(evidence) if evidence.failing else ():
        predict = _changed(evidence.output, change)
        if predicts_first(evidence, predict):
            yield prediction(
                evidence, "variant", f"{evidence.subject} is exactly what is right {change.words}.", predict
            )


def _changed(output: str, change: InputChange) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        made = pick(item.counterfactuals.of_change(item, change.words, change.inputs), output, item)
        return made if made is None or change.restore is None else change.restore(made, item.want)

    return predict


def other_functions(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is that of another function for the same arguments."""
    forward = (evidence.function.forward,) if evidence.function.forward else ()
    functions = {f.name: f for f in (*evidence.trial.exercise.functions, *forward) if f.name != evidence.function.name}
    for function, output in ((f, output) for f in functions.values() for output in f.outputs):
        predict = _others(function, output)
        if predicts_first(evidence, predict):
            words = f"{evidence.subject} is the {output} that {function.name} should give."
            yield prediction(evidence, "other function", words, predict)


def _others(function: Function, output: str) -> Predict:
    return lambda item: pick(item.counterfactuals.of_function(item, function), output, item)


def pick(outputs: Outputs | None, output: str, item: Item) -> np.ndarray | None:
    """Return the array of the outputs at the item's place; None where there is none."""
    value: Any = None if outputs is None else outputs.get(output)
    for part in item.place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return None if value is None else as_array(value)
