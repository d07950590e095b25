"""What a training's figures say about its code, in the words that a student reads: fact, got, expected, repair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.numeric.compare import show
from autograder.spec.training import Rows, Shrink

# A training below a third of chance on many rows has learned the opposite: guessing would hardly ever be that bad.
_OPPOSITE, _CHANCE, _MEMORY = 1 / 3, 2.0, 0.25


def explain(rows: Rows, labels: np.ndarray | None, accuracy: float, given: float | None, bar: float) -> str:
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
            "Every row gets the same label: nothing of x arrives at the output. Check the sign of the "
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


def explain_gap(shrink: Shrink, figures: Mapping[str, float]) -> str:
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


def explain_time(name: str, ratio: float, fast: float, fair: float) -> str:
    """A right training that takes its time."""
    if ratio <= fair:
        return (
            f"{name} is right and takes some {ratio:.3g} times the reference's CPU time; the bar is {fast:g}. Fewer "
            "epochs may do, and whole batches in one expression are faster than rows one by one."
        )
    return (
        f"{name} is right but takes some {ratio:.3g} times the reference's CPU time; half the points need {fair:g}. "
        "Replace the innermost Python loops by array expressions, and stop once the accuracy stands."
    )


def explain_form(name: str, value: Any, count: int, shown: bool = True) -> str:
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


def open_half(train: str, predict: str) -> str:
    """The message of a release, which cannot tell poor params from a wrong predict."""
    return (
        f"{predict} reads the recorded params otherwise than the reference does. If that is not as you mean it, repair "
        f"it first; what {train} and {predict} are worth is seen when they are graded."
    )


def unsteady(name: str) -> str:
    """A predict that rolls dice."""
    return (
        f"{name} gives the same rows other labels when it is asked again. Nothing may be random once training is over: "
        "dropout belongs to training."
    )


def company(name: str) -> str:
    """A predict that looks at the other rows."""
    return (
        f"{name} gives a row another label when the row comes alone. Means, deviations and maxima over the rows must "
        "be those of the training, kept in params: a row's label cannot depend on its neighbours."
    )


def misread(name: str, accuracy: float, best: float) -> str:
    """A predict that makes too little of good params."""
    return (
        f"{name} is right on {accuracy:.3f} of the fresh rows with params that reach {best:.3f}. Does it make the same "
        "steps as the forward pass in training, and does the largest score win?"
    )
