"""A training so small that its numbers are known: three clouds of points, and the nearest mean."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.spec.exercise import Exercise, Rows, Shrink, Training, learner
from autograder.spec.function import Function
from tests.engine.scripted import Verdict, scripted, sit

CENTRES = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])


def rows(rng: Generator) -> Rows:
    """30 points to learn from, class by class, and 60 fresh ones; the clouds never touch."""
    labels, truth = np.repeat(np.arange(3), 10), rng.permutation(np.repeat(np.arange(3), 20))
    x, fresh = CENTRES[labels] + rng.uniform(-1, 1, (30, 2)), CENTRES[truth] + rng.uniform(-1, 1, (60, 2))
    return Rows(x, labels, fresh, truth)


def train(x: np.ndarray, labels: np.ndarray, *, rng: Generator) -> dict[str, Any]:
    """The mean of each class."""
    return {"means": np.array([x[labels == k].mean(axis=0) for k in range(3)])}


def predict(x: np.ndarray, params: dict[str, Any]) -> np.ndarray:
    """The class of the nearest mean; ValueError where there are no means."""
    if not isinstance(params, dict) or "means" not in params:
        raise ValueError("no means")
    return np.argmin(((x[:, None] - params["means"]) ** 2).sum(axis=2), axis=1)


def lesson(**words: Any) -> Exercise:
    """train and predict, eight points and two."""
    training = Training(rows, **{"bars": ((0.9, 1.0), (0.6, 0.5)), "numbers": 50} | words)
    return learner(Function(train, {"accuracy": 6}, speed=2), Function(predict, {"labels": 2}), training=training)


LESSON = lesson()


def learn(answers: dict[str, Any] | None = None, exercise: Exercise = LESSON, reveal: bool = False) -> Verdict:
    """Every check, on a candidate that is right but for these answers."""
    return sit(exercise, answers, reveal=reveal)


def trial_of(answers: dict[str, Any], exercise: Exercise = LESSON) -> Trial:
    """A trial of such a candidate, on which nothing has run yet."""
    return Trial(Variant(exercise, 7), scripted(exercise, answers))


def remember(x: np.ndarray, labels: np.ndarray, *, rng: Generator, regularize: bool) -> dict[str, Any]:
    """Every row with its label; regularized, the means of the classes."""
    if regularize:
        return train(x, labels, rng=rng)
    return {"x": x, "labels": labels}


def recall(x: np.ndarray, params: dict[str, Any]) -> np.ndarray:
    """The label of the same row, 0 where there is none; or the class of the nearest mean."""
    if "means" in params:
        return predict(x, params)
    if "x" not in params:
        raise ValueError("nothing remembered")
    equal = (x[:, None] == params["x"]).all(axis=2)
    return np.where(equal.any(axis=1), params["labels"][equal.argmax(axis=1)], 0)


GAP = learner(
    Function(remember, {"accuracy": 3, "gap": 5}),
    Function(recall, {"labels": 2}),
    training=Training(rows, ((0.9, 1.0),), numbers=200, shrink=Shrink("regularize", by=0.5, fits=0.9)),
)
